"""Pages of a run: map, what-if, validation, sensitivity, sources, embed kit."""
