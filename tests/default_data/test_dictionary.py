"""What is generated of the shipped data: rows counted, the dictionary and the terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.default_data.build import count_rows
from corridors.default_data.dictionary import dictionary_text, licences_text
from corridors.sources.registry import FORMATS
from corridors.sources.schemas import SCHEMAS
from corridors.sources.tables.catalog import CATALOG_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.core.types import Source


def test_every_file_has_the_rows_of_its_entry(data: Path, catalogue: Mapping[str, Source]) -> None:
    assert {name: count_rows(data / source.file) for name, source in catalogue.items()} == {
        name: source.rows for name, source in catalogue.items()
    }


def test_the_dictionary_and_the_terms_are_in_step(data: Path, catalogue: Mapping[str, Source]) -> None:
    assert (data / "README.md").read_text(encoding="utf-8") == dictionary_text()
    assert (data / "LICENSES.md").read_text(encoding="utf-8") == licences_text(catalogue.values())


def test_the_dictionary_names_every_column() -> None:
    text = dictionary_text()
    for schema in (*SCHEMAS.values(), CATALOG_SCHEMA):
        section = text.split(f"\n## {schema.name}\n")[1].split("\n## ")[0]
        for name, rule in schema.columns.items():
            assert f"| `{name}` | {rule.kind} |" in section
            assert rule.doc


def test_the_dictionary_names_every_format_beside_its_tables() -> None:
    text = dictionary_text()
    for form in FORMATS.values():
        for table_id in set(form.tables) & set(SCHEMAS):
            section = text.split(f"\n## {table_id}\n")[1].split("\n## ")[0]
            assert f"`{form.id}`" in section.split("\n")[1], table_id
