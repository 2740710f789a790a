"""Files damaged at random end in tables whose account adds up, or in a fault of the file: the same mutants every time."""

from __future__ import annotations

import time
import warnings
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.sources.fuzzing import ENDED, FAULT, FRAMED, mutant, outcome, quiet, small, targets, with_workbooks
from tests.sources.packed import packed_parts, with_part

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

MUTANTS = 25
SECONDS = 2.0
"""CPU time of each reader; what is left of its mutants then is for `benchmarks/fuzz.py`."""


@pytest.mark.parametrize("name", sorted(targets()))
def test_a_damaged_file_ends_in_tables_or_a_fault(
    name: str, tmp_path: Path, tables: Mapping[str, pd.DataFrame]
) -> None:
    target, context, random = with_workbooks(targets()[name]), small(tables), Random(name)  # noqa: S311
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries, on what is damaged
        for number in range(MUTANTS):
            file, content = mutant(target, random)
            path = tmp_path / str(number) / file
            path.parent.mkdir()
            path.write_bytes(content)
            with quiet():
                assert outcome(name, path, context) in {ENDED, FAULT, FRAMED}
            if time.process_time() - start > SECONDS:
                break


@pytest.mark.parametrize("name", sorted(targets()))
def test_the_corpus_itself_is_read(name: str, tmp_path: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    found = set()
    for file, content in with_workbooks(targets()[name]).files:
        path = tmp_path / file
        path.write_bytes(content)
        found.add(outcome(name, path, small(tables)))
    assert FRAMED not in found
    if name not in {
        "population",
        "counties",
        "gun_show_venues",
    }:  # parts of a table, which references and size refuse
        assert ENDED in found


@pytest.mark.parametrize("name", ["bts", "osm_pbf", "transborder", "travel_mapping"])
def test_what_is_packed_again_unchanged_is_read(
    name: str, tmp_path: Path, tables: Mapping[str, pd.DataFrame]
) -> None:
    packed = [(file, content) for file, content in targets()[name].files if packed_parts(content)]
    assert packed
    for file, content in packed:
        parts = packed_parts(content)
        for at, part in enumerate(parts):
            again = with_part(content, at, part)
            assert packed_parts(again) == parts
        path = tmp_path / file
        path.write_bytes(again)
        assert outcome(name, path, small(tables)) == ENDED
