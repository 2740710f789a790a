"""Texts for people, Spanish and English, and how numbers are written."""
