"""Readers of the agencies' own formats, one file a publisher; `registry.py` lists each format with its reader."""
