"""Results out: the map, the tables, the GIS files and the texts for them."""
