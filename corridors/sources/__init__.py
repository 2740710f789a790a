"""Files in, checked tables out."""
