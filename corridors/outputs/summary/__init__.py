"""Draws reduced to published quantities: shares, bands, grades, corridors."""
