"""The catalogue: every file is known, unchanged, described and small."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corridors.core.errors import CatalogError, SchemaError
from corridors.core.files import sha256
from corridors.sources.schemas import RASTERS, SCHEMAS
from corridors.sources.tables import read_catalog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import Source

DESCRIPTIONS = {"catalog.csv", "README.md", "LICENSES.md", "scenarios"}
"""Of ours, from no source: what the tables are, and worked what-ifs."""
MAX_BYTES = 10_000_000
# In pieces, so that this file does not hold what it looks for.
HOSTS = tuple(
    "".join(pieces) for pieces in (("py", "pi."), ("python", "hosted"), ("npm", "js"), ("debian", ".org"))
)


def test_every_file_is_catalogued_and_every_entry_has_its_file(
    data: Path, catalogue: Mapping[str, Source]
) -> None:
    files = {path.name for path in data.iterdir()} - DESCRIPTIONS
    assert files == {source.file for source in catalogue.values()}


def digests(folder: Path) -> dict[Path, str]:
    return {path: sha256(path) for path in folder.iterdir() if path.is_file()}


def test_every_file_has_the_hash_of_its_entry(data: Path, catalogue: Mapping[str, Source]) -> None:
    assert read_catalog(data, digests(data)) == catalogue


def test_every_table_has_a_schema(catalogue: Mapping[str, Source]) -> None:
    assert set(catalogue) == set(SCHEMAS) | set(RASTERS)
    assert all(source.file.split(".")[0] == name for name, source in catalogue.items())


def test_every_entry_says_terms_and_what_it_is_not(catalogue: Mapping[str, Source]) -> None:
    for source in catalogue.values():
        assert source.licence
        assert source.attribution
        assert source.not_what.startswith("not ")
        assert source.derived_from


def test_roads_are_treated_as_odbl(catalogue: Mapping[str, Source]) -> None:
    for name in ("road_nodes", "road_edges"):
        assert catalogue[name].licence.startswith("none stated; treated as ODbL 1.0")
        assert (
            "TravelMapping contributors; coordinates from OpenStreetMap contributors"
            in catalogue[name].attribution
        )


def test_the_data_are_small(data: Path) -> None:
    assert sum(path.stat().st_size for path in data.iterdir()) < MAX_BYTES


def test_numbers_that_measure_something_have_a_unit() -> None:
    bare = {
        (schema.name, name)
        for schema in SCHEMAS.values()
        for name, rule in schema.columns.items()
        if rule.kind == "number" and not rule.unit
    }
    assert bare == {("figures", "value"), ("figures", "low"), ("figures", "high")}


def test_texts_hold_no_local_path_and_no_package_index(data: Path) -> None:
    for path in data.iterdir():
        if path.suffix in {".csv", ".md"}:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"(^|[\s,|`(])/(work|home|tmp|root|Users)/", text)
            assert not any(host in text for host in HOSTS)
            assert "\r" not in text


def test_tables_that_are_not_those_of_the_catalogue_are_named_at_once(
    tmp_path: Path, data: Path, catalogue: Mapping[str, Source]
) -> None:
    for name in ("state_pairs.csv", "places.csv", "population.tif"):
        (tmp_path / name).write_bytes((data / name).read_bytes())
    (tmp_path / "counties.csv").write_text("fips\n04001\n", encoding="utf-8")
    lines = (data / "catalog.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    text = "".join(line for line in lines if not line.startswith("places,"))
    (tmp_path / "catalog.csv").write_text(text, encoding="utf-8")
    pairs = tmp_path / "state_pairs.csv"
    pairs.write_bytes(pairs.read_bytes().replace(b"832", b"823"))
    with pytest.raises(CatalogError) as caught:
        read_catalog(tmp_path, digests(tmp_path))
    found = {Path(fault.file).name: fault for fault in caught.value.faults}
    assert set(found) == {"state_pairs.csv", "places.csv", "counties.csv"}
    assert found["state_pairs.csv"].expected.endswith(repr(catalogue["state_pairs"].sha256))
    assert found["state_pairs.csv"].found == repr(sha256(pairs))
    assert "section `data`" in found["state_pairs.csv"].remedy
    assert found["places.csv"].found == "none"
    assert "'counties.parquet' alone" in found["counties.csv"].expected
    with pytest.raises(CatalogError) as caught:
        read_catalog(tmp_path, digests(tmp_path), given=["state_pairs", "counties"])
    assert [Path(fault.file).name for fault in caught.value.faults] == ["places.csv"]


def test_a_catalogue_that_is_absent_or_wrong(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "catalog.csv"
    with pytest.raises(CatalogError, match="no such file"):
        read_catalog(path)
    text = (data / "catalog.csv").read_text(encoding="utf-8")
    path.write_text(re.sub(r"[0-9a-f]{64}", "unknown", text, count=1), encoding="utf-8")
    with pytest.raises(SchemaError, match="column 'sha256'"):
        read_catalog(path)
    path.write_text(text + "too,few\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="found 2 cells"):
        read_catalog(path)
