"""What commands print in Spanish: reports of good files, progress, results and help, without an English sentence left."""

from __future__ import annotations

import ast
import io
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from rich.console import Console

from corridors.cli import app as cli, messages
from corridors.cli.listing import WORDED, sources_table
from corridors.cli.messages import sentence
from corridors.cli.preview import check_text, left_out_text
from corridors.cli.progress import LineProgress, step_text
from corridors.core.errors import InputError
from corridors.inference.fitting.kept import CHAINS, WORLDS
from corridors.jobs import list_downloads, list_ids
from corridors.jobs.inputs import default_data
from corridors.jobs.part import part_line
from corridors.jobs.source_list import SourceList, source_rows
from corridors.sources import Context, Report, guess_format, load_as
from corridors.sources.tables import LateTables
from tests.cli.test_messages import PACKAGE, texts
from tests.jobs import finished_world
from tests.sources import osm_world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridors.jobs.inputs import Inputs

CASES = Path(__file__).parents[1] / "cases"
ENGLISH = re.compile(
    r"\b(the|of|and|with|is|are|was|not|this|that|from|kept|rows|read|reading|writing|left|out|see|file|more|shows|"
    r"state|county|licen[cs]es?|which|to|by|in|be)\b"
)
COMMANDS = ("", "run", "check", "brief", "calendar", "doctor", "list", "fetch", "whatif", "narrative")
READ_BY = sorted(
    path.relative_to(PACKAGE / "sources").with_suffix("").as_posix()
    for folder in ("agencies", "roads")
    for path in (PACKAGE / "sources" / folder).glob("*.py")
)
KEPT = (CHAINS, WORLDS)
LISTED = ("title", "publisher", "row or cell")
ALIKE = ["OpenStreetMap, Arizona", "OpenStreetMap, California", "OpenStreetMap, Texas"]
"""Texts of lists that read the same in Spanish."""
PUT_TOGETHER: dict[str, dict[str, tuple[str, ...]]] = {
    "agencies/atf": {
        "7 licenses 7": (
            "placed at their county: the ZIP code is junk, unknown or of another state",
            "placed at their county: the ZIP code lies more than 7 km from it",
            "placed at their ZIP code, whose county is another than the one stated",
            "placed at their ZIP code: the county code is unknown",
        )
    },
    "agencies/seizure_years": {
        "rows without dates: taken as of 7 to 7, 7": ("as given", "by its title", "by the name of the file")
    },
}
"""Notes that end in one of several ways, and the ways."""


def left_in_english(text: str) -> list[str]:
    """Return the lines with an English word; what is quoted, a path, and the cells of rows are the file's own."""
    whole = re.sub(r"\n {4,}(?!fila:|sumas:)", " ", text).splitlines()
    lines = [line for line in whole if not re.match(r" +(fila|sumas|columnas [\w ]+): ", line)]
    own = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|\S*[/_.]\S+|\[run\]|^ +-\S+|^Ejemplo.*|^  [a-z]+  ")
    return [line for line in lines if ENGLISH.search(own.sub("", line))]


def said_in(module: str) -> Iterator[tuple[str, str]]:
    """Yield (section, sentence) of the notes and reasons that a loader gives, values in them as 7."""
    tree = ast.parse((PACKAGE / f"sources/{module}.py").read_text(encoding="utf-8"))
    known = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            given = {"drop": ("reason", node.args[1:]), "note": ("note", node.args)}.get(node.func.attr)
            for one in given[1] if given else []:
                value = known.get(one.id, one) if isinstance(one, ast.Name) else one
                choices = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
                yield from ((given[0], text) for each in choices for text in texts(each) if text)  # type: ignore[index]
        if isinstance(node, ast.keyword) and node.arg in {"reason", "unit", "note"}:
            yield from ((node.arg, text) for text in texts(node.value) if text)


@pytest.mark.parametrize("module", READ_BY)
def test_every_note_and_reason_of_a_file_has_its_spanish(module: str) -> None:
    said = [one for one in said_in(module) if re.search("[a-z]{3} ", one[1])]
    for whole, words in PUT_TOGETHER.get(module, {}).items():
        said.remove(("note", whole))
        said += [("note", whole.removesuffix("7") + word) for word in words]
    assert [one for one in said if not messages._part(one[1], one[0])] == []


def test_every_step_of_a_job_has_its_spanish() -> None:
    steps = []
    for path in sorted((PACKAGE / "jobs").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                own = {"step": node.args[1:], "show": node.args}.get(node.func.attr, [])
                steps += [text for one in own for text in texts(one)]
    assert len(steps) > 20
    steps = [re.sub("resuming: .*", f"resuming: 3 of 4 {what} kept", step) for step in steps for what in KEPT]
    made = [re.sub("(part) 7", r"\1 briefs", step).replace("7 kept", "rows kept") for step in steps]
    assert [step for step in made if left_in_english(step_text(step, "es"))] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_spanish(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["corridors", "--language", "es", *name.split(), "--help"])
    cli.main()
    printed = capsys.readouterr().out
    assert printed.startswith("Uso: ")
    assert left_in_english(printed) == []
    group = typer.main.get_command(cli.app)
    commands = group.commands  # type: ignore[attr-defined]
    for one in [commands[name], *commands[name].params] if name else commands.values():
        assert sentence(one.help, "help", "es") != one.help


def test_reports_of_good_files_are_spanish() -> None:
    context = Context(LateTables(default_data()))
    seen = 0
    for path in sorted(CASES.glob("*[0-9][0-9]-*/*")):
        if not re.search("ics|sedena|atf|sesnsp", path.parent.name):
            continue
        try:
            report = guess_format(path, context)[1].report
        except InputError:
            continue
        seen += 1
        for text in (check_text(path, report, "es"), left_out_text(report, "es")):
            assert left_in_english(text) == []
    assert seen > 15


def test_what_commands_print_is_spanish(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], finished: Path, tmp_path: Path
) -> None:
    monkeypatch.setattr("corridors.outputs.briefs.pdf.find_browser", lambda: None)
    shows = tmp_path / "ferias.csv"
    shows.write_text(finished_world.SHOWS + ",,Nowhere,ZZ,2027-02-06,2027-02-07,,,\n", encoding="utf-8")
    here = ("--run", str(finished), "--shows", str(shows))
    for words in (
        ("brief", "--consulate", "el paso", *here, "--out", str(tmp_path / "briefs")),
        ("calendar", *here, "--out", str(tmp_path / "calendar"), "--from", finished_world.TODAY.isoformat()),
        ("check", str(shows)),
    ):
        monkeypatch.setattr(sys, "argv", ["corridors", "--language", "es", *words])
        cli.main()
        printed = capsys.readouterr()
        assert "sin tomar en cuenta" in printed.out
        assert left_in_english(printed.out) == left_in_english(printed.err) == []
        assert printed.err or words[0] == "check"


def test_what_is_said_of_roads_is_spanish(tmp_path: Path) -> None:
    extract = CASES / "43-extract-without-a-port" / "road.osm.pbf"
    osm_world.US.write(tmp_path / "us.osm")
    osm_world.MX.write(tmp_path / "mx.osm")
    context = Context(LateTables(default_data()))
    for path, name in ((extract, "osm_pbf"), (tmp_path, "osm_xml")):
        report = load_as(path, name, context).report
        assert report.notes
        assert left_in_english(check_text(path, report, "es")) == []


@pytest.mark.parametrize("words", ["formats", "list formats", "list tables", "list scenarios", "fetch"])
def test_what_is_listed_is_spanish(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "2000")
    monkeypatch.setattr(sys, "argv", ["corridors", "--language", "es", *words.split()])
    cli.main()
    names = r"TransBorder Freight Data|State Firearm Law Database|Border Crossing/Entry Data|corridors fetch \w+|Travel Mapping"
    printed = re.sub(r"(?m)^│ [\w-]+ +│", "", capsys.readouterr().out)  # without the ids
    assert left_in_english(re.sub(names, "", printed)) == []


def test_every_text_of_a_list_has_its_spanish() -> None:
    texts = {
        cell for what in WORDED for row in list_ids(what) for name, cell in row.items() if name in LISTED
    }
    texts |= {one[key] for one in list_downloads() for key in ("title", "licence")}
    assert len(texts) > 70
    same = {"Border Crossing/Entry Data", "CIDE-PPD", "FGR / SESNSP", "SESNSP", "INEGI"}
    assert [text for text in sorted(texts - same) if sentence(text, "listed", "es") == text] == ALIKE
    assert [
        one["pick"] for one in list_downloads() if one["pick"] and not sentence(one["pick"], "pick", "es")
    ] == []


def test_the_sources_are_listed_in_spanish(shipped: Inputs) -> None:
    day = date(2026, 11, 27)
    table = sources_table(SourceList(source_rows(shipped, day), day).texts("es"), "es")
    console = Console(width=2000, record=True, file=io.StringIO())
    console.print(table)
    text = console.export_text()
    assert "Fuentes" in text
    assert "no sirve para medir" in text
    assert not re.search(r"years old|\d rows|of 4 US|what, by whom|not to measure", text)
    assert list_ids("states", language="es")[2]["state"] == "Nuevo México"


def test_values_and_parts_are_put_into_the_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    part = {"counties": 1, "licences": 40, "people_us": 3, "municipalities": 1, "people_mx": 0, "ports": 2}
    line = part_line(part)
    spanish = "1 de 360 condados, con 40 licencias (3% de la población); 1 de 2,478 municipios (menos de 1%); 2 de 42 cruces fronterizos"
    assert sentence(line, "part", "es") == messages._part(line, "found") == spanish
    assert sentence("states not recognized: 'a', 'b' and 3 more", "note", "es").endswith("'a', 'b' y 3 más")
    left = "left out: row 3, column 'start': expected a file, found none"
    assert sentence(left, "note", "es").startswith("sin tomar en cuenta: fila 3, columna 'start'")
    unknown = left.replace("a file", "zzz zzz")
    assert sentence(unknown, "note", "es") == unknown
    many = "not matched: 'A' of state 26: near names none (3 rows); and 2 more names"
    assert "; y 2 nombres más" in sentence(many, "note", "es")
    progress = LineProgress("es")
    progress.show("reading the tables")
    progress.advance(2, 4)
    assert step_text(f"resuming: 1 of 3 {WORLDS} kept", "es").startswith(
        "se reanuda: ya estaban hechas 1 de 3"
    )
    assert capsys.readouterr().err == "lectura de las tablas\n  2 de 4 simulaciones; faltan 2\n"
    assert check_text(Path("a.csv"), Report("sedena", "a.csv", 2, 2, unit="zzz"), "es").endswith("2 de 2 zzz")
