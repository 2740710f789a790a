"""The maintainers' build of `data/` from the publishers' raw files. Not in the wheel."""
