"""Readers of the agencies' own formats, one file a publisher."""
