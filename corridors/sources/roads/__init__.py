"""Roads from OpenStreetMap, Travel Mapping and vector files to one graph. A new reader is added to the list below."""

from corridors.sources.roads import graphml, osm, osm_city, travel_mapping, vector

__all__ = ["FORMATS"]

FORMATS = tuple(
    form for module in (osm, osm_city, graphml, vector, travel_mapping) for form in module.FORMATS
)
"""The formats of every source of roads."""
