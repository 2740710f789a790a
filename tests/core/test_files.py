"""Digests: of everything that is read as one table, and of files that must stay as they are while they are read."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import InputError
from corridors.core.files import check_digests, digest, not_a_file, sha256, unchanged

NAMES = st.text("abcxyz.ñ ", min_size=1, max_size=12).filter(lambda name: name.strip(" ."))
TREES = st.dictionaries(NAMES, st.binary(max_size=40), min_size=1, max_size=4)


def written(folder: Path, files: dict[str, bytes]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_of_one_file_it_is_its_own_sha256(tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_bytes(b"a,b\n")
    assert digest(table) == sha256(table) == hashlib.sha256(b"a,b\n").hexdigest()
    assert digest(tmp_path / "absent.csv") == digest(tmp_path / "absent") == ""


@pytest.mark.parametrize("beside", ["roads.dbf", "roads.prj", "roads.shx"])
def test_the_parts_of_a_shapefile_count(tmp_path: Path, beside: str) -> None:
    folder = written(tmp_path / "shp", {"roads.shp": b"1", "roads.dbf": b"2", "other.dbf": b"3"})
    before = digest(folder / "roads.shp")
    (folder / "other.dbf").write_bytes(b"changed")
    assert digest(folder / "roads.shp") == before
    (folder / beside).write_bytes(b"changed")
    assert digest(folder / "roads.shp") != before


@pytest.mark.parametrize("beside", ["e.tif.aux.xml", "e.tif.ovr", "e.tfw"])
def test_what_changes_the_reading_of_a_raster_counts(tmp_path: Path, beside: str) -> None:
    (tmp_path / "e.tif").write_bytes(b"1")
    before = digest(tmp_path / "e.tif")
    (tmp_path / beside).write_bytes(b"<PAMDataset/>")
    assert digest(tmp_path / "e.tif") != before


def test_of_a_folder_it_is_that_of_the_list_that_sha256sum_prints(tmp_path: Path) -> None:
    folder = written(tmp_path / "f", {"a.osm.pbf": b"1", "b.osm.pbf": b"22"})
    one, two = hashlib.sha256(b"1").hexdigest(), hashlib.sha256(b"22").hexdigest()
    listed = f"{one}  a.osm.pbf\n{two}  b.osm.pbf\n"
    assert digest(folder) == hashlib.sha256(listed.encode()).hexdigest()


@given(one=TREES, other=TREES)
def test_two_folders_share_a_digest_only_if_they_are_alike(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, bytes], other: dict[str, bytes]
) -> None:
    work = tmp_path_factory.getbasetemp()
    first, second = (digest(written(work / name, tree)) for name, tree in (("one", one), ("two", other)))
    assert (first == second) == (one == other)


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    steady, table = tmp_path / "steady.csv", tmp_path / "a.csv"
    for path in (steady, table):
        path.write_bytes(b"a\n")

    def read() -> None:
        with unchanged([steady, table, tmp_path / "absent"]) as known:
            assert known == {steady: sha256(steady), table: sha256(table), tmp_path / "absent": ""}
            table.write_bytes(b"b\n")

    expected = r"a\.csv: expected a file that stays as it is.*changed meanwhile"
    with pytest.raises(InputError, match=expected) as caught:
        read()
    assert len(caught.value.faults) == 1
    check_digests({steady: sha256(steady)})


def test_what_is_there_in_place_of_a_file_is_said(tmp_path: Path) -> None:
    pipe, loop = tmp_path / "pipe.csv", tmp_path / "loop.csv"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    paths = (tmp_path, pipe, Path("/dev/zero"), loop, tmp_path / "none.csv")
    assert [not_a_file(path).found for path in paths] == [
        "a folder",
        "no plain file",
        "no plain file",
        "no such file",
        "no such file",
    ]
