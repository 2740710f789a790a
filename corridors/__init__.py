"""Corridors: which road corridors small-scale gun smuggling most probably uses, and how sure that is."""

__version__ = "0.1.0"
