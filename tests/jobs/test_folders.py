"""A quick look cannot pass for a run: folders by kind, nothing of an earlier run beside a new one, every file listed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from corridors.config import Config, with_changes
from corridors.core.errors import InputError
from corridors.core.manifest import hashes, write_manifest
from corridors.jobs.briefs import briefs
from corridors.jobs.calendar import calendar
from corridors.jobs.figures import figures
from corridors.jobs.folders import check_folder, default_folder, listed_folder, site_beside
from corridors.jobs.source_list import list_sources
from corridors.jobs.validate import ValidationResult
from tests.jobs.finished_world import TODAY, finished_run
from tests.jobs.folders import assert_listed, files_of, listing, write
from tests.outputs.toy import toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.jobs.inputs import Inputs

POINT = with_changes(Config(), {"mode": "point"})
SCORE: dict[str, Any] = {"code": "V10", "measure": "conservation", "size": 9, "model": 1.4e-16} | {
    **dict.fromkeys(("null_score", "low", "high", "passed")),
    "null": "",
    "wins": 0,
    "detail": [],
}
"""A row of held-out tests."""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "maps/southwest"),
        ({"mode": "point"}, "maps/southwest-point"),
        ({"demand": "homicides"}, "maps/southwest-homicides"),
        ({"lens": "one_year", "mode": "point"}, "maps/southwest-point-one_year"),
        ({"inspection": "none"}, "maps/southwest-inspection_none"),
        ({"gun_shows": "none"}, "maps/southwest-gun_shows_none"),
        ({"name": "sonora", "worlds": 40, "seed": 9}, "maps/sonora"),
    ],
)
def test_each_kind_of_run_has_a_folder_of_its_own(changes: dict[str, Any], expected: str) -> None:
    assert default_folder(with_changes(Config(), changes)).as_posix() == expected


def test_a_run_of_another_kind_is_not_replaced_unless_told(tmp_path: Path) -> None:
    full = Config().model_dump(mode="json")
    write(tmp_path / "run", "map.html", made="run", config=full)
    check_folder(tmp_path / "run", "run", Config())
    with pytest.raises(
        InputError, match=r"expected a run with mode point, found one with mode posterior.*--replace"
    ):
        check_folder(tmp_path / "run", "run", POINT)
    check_folder(tmp_path / "run", "run", POINT, replace=True)
    with pytest.raises(InputError, match="an earlier briefs, found a run"):
        check_folder(tmp_path / "run", "briefs", replace=True)
    check_folder(tmp_path / "absent", "run", POINT)


def test_nothing_of_an_earlier_run_stays_beside_a_new_one(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write(out, "map.html", "data/identifiability.csv", "embed/data/a.csv", run={"fingerprint": "1"})
    write(out / "briefs", "tucson.html", "tucson.pdf", "data/laws.csv", runs={"run": {"fingerprint": "1"}})
    write(out / "calendar", "calendar-tucson.ics", runs={"run": {"fingerprint": "0"}})
    (out / "data" / "notes.txt").write_text("mine", encoding="utf-8")
    write(out, "map.html", "data/ports.csv", run={"fingerprint": "2"})
    assert files_of(out) == {
        "map.html",
        "manifest.json",
        "data/ports.csv",
        "data/notes.txt",
        "calendar/calendar-tucson.ics",
        "calendar/manifest.json",
    }


def test_a_part_that_is_made_again_replaces_all_of_the_earlier_one(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write(out, "index.html", "briefs/manifest.json", made="run", run={"fingerprint": "1"})
    write(out / "briefs", "tucson.html", "tucson.pdf", runs={"run": {"fingerprint": "1"}})
    write(out, "index.html", "briefs/tucson.html", "briefs/manifest.json", run={"fingerprint": "1"})
    assert files_of(out) == {"index.html", "manifest.json", "briefs/tucson.html", "briefs/manifest.json"}


def test_what_is_written_into_a_run_is_listed_in_it(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write(out, "index.html", "narrative/old.html", made="run")
    with listed_folder(out / "narrative", "narrative") as folder:
        (folder / "new.html").write_text("new", encoding="utf-8")
    assert listing(out)["outputs"] == hashes(out)
    assert set(hashes(out)) == {"index.html", "narrative/new.html", "narrative/manifest.json"}


def test_a_page_beside_a_run_leads_to_the_pages_that_are_there(tmp_path: Path) -> None:
    out = tmp_path / "run"
    write(out, "index.html", "map.html", "embed/index.html", made="run")
    site = site_beside(out / "whatif")
    assert [link.address for link in site.links("en")] == [
        *("../index.html?lang=en", "../map.html?lang=en", "../embed/en.html?lang=en"),
    ]
    assert site_beside(out).links("es")[0].address == "index.html?lang=es"
    assert site_beside(tmp_path / "elsewhere").links("es") == []


def test_pages_made_from_the_same_run_stay(tmp_path: Path) -> None:
    write(tmp_path / "run", "map.html", run={"fingerprint": "1"})
    write(tmp_path / "run/briefs", "tucson.html", runs={"run": {"fingerprint": "1"}})
    write(tmp_path / "run", "map.html", run={"fingerprint": "1"})
    assert "briefs/tucson.html" in files_of(tmp_path / "run")


def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    names = dict.fromkeys(["../mine.txt", str(tmp_path / "mine.txt"), "data/../../mine.txt"], "")
    write(tmp_path / "run", "map.html", outputs=names)
    write(tmp_path / "run", "map.html")
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_every_command_for_consulates_lists_its_files(outreach: Path) -> None:
    for name in ("briefs", "calendar", "narrative"):
        found = listing(outreach / name)
        assert found["made"] == name
        assert set(found["outputs"]) | {"manifest.json"} == files_of(outreach / name)
        assert found["outputs"] == hashes(outreach / name)


def test_briefs_of_one_run_gather_and_those_of_another_do_not(
    finished: Path, other_lens: Path, tmp_path: Path
) -> None:
    out = tmp_path / "briefs"
    for name in ("Tucson", "El Paso"):
        briefs(Config(), finished, consulates=[name]).write(out, pdf=False)
    assert {"tucson.html", "el-paso.html"} <= set(listing(out)["outputs"])
    briefs(Config(), other_lens, consulates=["Laredo"]).write(out, pdf=False)
    assert {path.name for path in out.glob("*.html")} == {"laredo.html"}
    assert set(listing(out)["outputs"]) | {"manifest.json"} == files_of(out)


def test_after_each_command_a_run_lists_every_file_that_is_there(finished: Path, tmp_path: Path) -> None:
    """The commands that write into the folder of a run, and then a run again: no file of one edition stays beside another."""
    run = tmp_path / "run"
    shutil.copytree(finished, run)
    write_manifest(listing(run) | {"made": "run", "outputs": hashes(run)}, run)
    order = ("narrative", "briefs", "validation", "calendar", "sources", "briefs")
    for n, name in enumerate(order):
        if name == "validation":
            ValidationResult([SCORE], toy_run()).write(run / name)
        elif name == "sources":
            list_sources(Config()).write(run / f"{name}-2.html")
        elif name == "briefs":
            briefs(Config(), run, consulates=["El Paso" if n > 1 else "Tucson"]).write(run / name, pdf=False)
        elif name == "calendar":
            calendar(Config(), run, today=TODAY, days=30).write(run / name)
        else:
            figures(Config(), out=run / name).write(run / name)
        assert_listed(run)
    made = files_of(run / "briefs")
    write(run, "index.html", made="run", run=listing(run)["run"] | {"fingerprint": "0badcafe"})
    assert files_of(run) & {f"briefs/{name}" for name in made} == set()
    assert_listed(run)


def test_no_page_for_public_use_is_made_of_a_quick_look(shipped: Inputs, tmp_path: Path) -> None:
    quick = finished_run(tmp_path / "quick", shipped, mode="point")
    with pytest.raises(InputError, match=r"a run of the posterior, for public use.*mode point"):
        briefs(Config(), quick, consulates=["Tucson"])
    with pytest.raises(InputError, match="for public use"):
        calendar(Config(), quick, today=TODAY, days=3)


def test_a_run_of_another_version_is_named_before_anything_is_read(shipped: Inputs, tmp_path: Path) -> None:
    old = finished_run(tmp_path / "old", shipped)
    manifest = listing(old)
    manifest["run"]["version"] = "0.0.1"
    write_manifest(manifest, old)
    with pytest.raises(InputError, match=r"a run made by version .*, found one made by version 0\.0\.1"):
        briefs(Config(), old, consulates=["Tucson"])


def test_a_folder_of_another_command_is_left_alone(finished: Path) -> None:
    before = hashes(finished)
    with pytest.raises(InputError, match="found a run"):
        figures(Config()).write(finished)
    assert hashes(finished) == before


@pytest.mark.parametrize(
    "content",
    [
        '{"name": "My site", "icons": []}',
        "[1, 2]",
        "{",
        "",
        '{"made": "run", "outputs": null}',
        '{"made": "run", "outputs": {"map.html": 3}}',
        '{"made": ["run"], "outputs": {}}',
        '{"made": "run", "outputs": {}, "run": "x"}',
        '{"made": "run", "outputs": {}, "config": {"run": []}}',
        '{"made": "run", "outputs": {}, "runs": [1]}',
        '{"made": "run", "outputs": {}, "sources": [{"sha256": "a"}]}',
    ],
)
def test_a_manifest_of_another_program_is_left_alone(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
    for made in ("run", "briefs"):
        with pytest.raises(InputError, match="found a manifest of another program"):
            check_folder(tmp_path, made, Config(), replace=True)
    with (
        pytest.raises(InputError, match="a manifest of another program"),
        listed_folder(tmp_path, "narrative") as folder,
    ):
        (folder / "a.html").write_text("a", encoding="utf-8")
    assert files_of(tmp_path) == {"manifest.json"}
    assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == content
