"""Comparisons of the engine with what people would otherwise use. Stands on `inference`; nothing stands on it."""
