"""Schemas of the tables that leave this room."""
