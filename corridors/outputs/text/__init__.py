"""Texts for people, Spanish and English, and how numbers are written."""

from corridors.outputs.text.citation import layer_description
from corridors.outputs.text.translations import (
    LANGUAGES,
    Translations,
    in_spanish,
    load_translations,
    run_translations,
    slug,
    source_translations,
)

__all__ = [
    "LANGUAGES",
    "Translations",
    "in_spanish",
    "layer_description",
    "load_translations",
    "run_translations",
    "slug",
    "source_translations",
]
