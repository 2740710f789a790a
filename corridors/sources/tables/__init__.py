"""Checked tables, shipped or the user's own, with their catalog and how much of the region they cover."""
