"""Readers of the agencies' own formats, one file a publisher. A new one is added to the list below."""

from corridors.sources.agencies import atf, borders, cide, fgr, gun_shows, inegi, laws, sedena, sesnsp

__all__ = ["FORMATS"]

FORMATS = tuple(
    form
    for module in (atf, gun_shows, laws, borders, sedena, cide, fgr, sesnsp, inegi)
    for form in module.FORMATS
)
"""The formats of every agency."""
