"""Tables and GIS files, and how a folder is written atomically."""
