"""Texts for people, Spanish and English, and how numbers are written."""

from corridors.outputs.text.translations import (
    LANGUAGES,
    Translations,
    load_translations,
    run_translations,
    slug,
    source_translations,
)

__all__ = [
    "LANGUAGES",
    "Translations",
    "load_translations",
    "run_translations",
    "slug",
    "source_translations",
]
