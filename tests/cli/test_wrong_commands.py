"""Commands that a stranger types wrong: each ends with exit code 2, writes nothing, and names the remedy, in two languages."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from corridors.cli import app as cli
from corridors.cli.messages import error_text
from corridors.jobs import inputs as jobs_inputs, whatif
from corridors.jobs.inputs import default_data
from corridors.jobs.stages import build_network
from corridors.sources.tables import load_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from corridors.core.errors import CorridorsError
    from corridors.core.types import Network
    from corridors.jobs.inputs import Inputs

HEAD = 'name = { es = "Prueba", en = "Test" }\nquestion = { es = "¿Y si?", en = "What if?" }\n'
FILES: Mapping[str, str] = {
    "empty.csv": "",
    "words.txt": "Estimado cónsul:\nle envío la lista que pidió.\n",
    "out.txt": "mine",
    "folder/readme.txt": "mine",
    "broken.toml": "[run\n",
    "typo.toml": "[run]\nwrlds = 3\n",
    "both.toml": '[run]\nwrlds = 3\n[data]\ndealers = "gone.csv"\none = { file = "absent.txt", format = "atf_list" }\n',
    "no-edit.toml": HEAD,
    "text.toml": '[run]\nworlds = "many"\n',
    "misspelt.toml": '[data]\ndelers = "dealers.csv"\n',
    "gone.toml": '[data]\ndealers = "gone.csv"\n',
    "format.toml": '[data]\ndealers = { file = "dealers.csv", format = "atf_lst" }\n',
    "future.toml": '[data]\ndealers = { file = "good.csv", period = "2099-01" }\n',
    "other-year.toml": '[data]\ndealers = { file = "good.csv", period = "2019" }\n',
    "twice.toml": (
        '[data]\none = { file = "shows.csv", format = "calendar_csv" }\n'
        'two = { file = "shows.csv", format = "calendar_csv" }\n'
    ),
    "time.toml": '[data]\ndealers = { file = "good.csv", period = "noviembre 2026" }\n',
    "datos.toml": '[datos]\ndealers = "good.csv"\n',
    "report.pdf": "%PDF-1.4\n",
    "good.csv": "fips,year,dealers\n04001,2023,16\n04003,2023,93\n",
    "dealers.csv": "fips,year,dealers\n04001,2023,many\n4003,2023,-2\n04005,2023,3\n04005,2023,3\n",
    "absent.csv": "fips,year\n04001,2023\n",
    "ragged.csv": "fips,year,dealers\n04001,2023\n",
    "shows.csv": "venue,city,state,start\nConvention Center,Tucson,AZ,2026-12-05\n",
    "unknown.csv": "a,b\n1,2\n",
    "dates.csv": (
        "venue,city,state,start,end\nHall,Tucson,AZ,2026-12-05,2026-12-01\nHall,Tuscon,AZ,2026-12-05,\n"
    ),
    "cancelled.csv": "venue,city,state,start,cancelled\nHall,Tucson,AZ,2026-12-05,perhaps\n",
    "elsewhere.csv": "venue,city,state,start\nHall,Denver,CO,2026-12-05\n",
    "page.ics": "<html>no calendar</html>",
    "sedena.csv": "AÑO,ESTADO,MUNICIPIO,ARMAS LARGAS,ARMAS CORTAS\n2021,SONORA,NOGALES,mil,3\n",
    "atf.txt": "LIC_REGN,LIC_DIST\n9,86\n",
    "key.toml": f'{HEAD}[[edit]]\nkind = "port"\nport = "CA-SYS"\nclosd = true\n',
    "minutes.toml": f'{HEAD}[[edit]]\nkind = "port"\nport = "CA-SYS"\ndelay_minutes = -5\n',
    "kind.toml": f'{HEAD}[[edit]]\nkind = "puerto"\nport = "CA-SYS"\nclosed = true\n',
    "port.toml": f'{HEAD}[[edit]]\nkind = "port"\nport = "San Isidro"\nclosed = true\n',
    "state.toml": f'{HEAD}[[edit]]\nkind = "law"\nus_state = "Tejas"\nsd = 1\n',
    "strange/manifest.json": json.dumps({"made": "whatif", "outputs": {}}),
    "older/manifest.json": json.dumps({"made": "run", "run": {"version": "0.0.9"}, "outputs": {}}),
}
# What is typed, and what the answer must name: in English, and in Spanish.
WRONG: tuple[tuple[str, str], ...] = (
    ("rnu", "Did you mean 'run'?"),
    ("source", "Did you mean 'sources'?"),
    ("fetch ATF", "Did you mean 'atf_list'?"),
    ("fetch NICS", "Did you mean 'nics'?"),
    ("fetch travel-maping", "Did you mean 'travel_mapping'?"),
    ("check good.csv --as ATF", "Did you mean 'atf_list'?"),
    ("check good.csv --as Atf_List", "Did you mean 'atf_list'?"),
    ("list Ports", "Did you mean 'ports'?"),
    ("list formats --config nothere.toml", "Check the path given to --config."),
    ("benchmark rutas", "Name one of them."),
    ("sensitivity --sobol 3 --out new", "Give 4, for one."),
    ("whatif no-edit.toml --out new", "[[edit]]"),
    ("run --config both.toml --out new", "gone.csv"),
    ("run --config both.toml --point --out new", "absent.txt"),
    ("brief --all --run report.pdf", "Give the folder that `corridors run` wrote"),
    ("brief --consulate Tucson --run folder --other report.pdf", "--other maps/southwest"),
    ("calendar --run report.pdf", "Give the folder that `corridors run` wrote"),
    ("RUN --point", "Did you mean 'run'?"),
    ("run \u2013-point", "Type --point"),
    ("run -point", "Type --point"),
    ("brief \u2014consulate=Tucson", "Type --consulate=Tucson"),
    ('run --out ""', "--out"),
    ("run --scheduler 192.168.1.1", "--scheduler"),
    ("run --config time.toml", "2023..2025"),
    ("run --config datos.toml", "Did you mean 'data'?"),
    ("correr", "Did you mean 'run'?"),
    ("mapa", "Did you mean 'run'?"),
    ("informe --all", "Did you mean 'brief'?"),
    ("calendario", "Did you mean 'calendar'?"),
    ("revisar shows.csv", "Did you mean 'check'?"),
    ("escenario close-san-ysidro", "Did you mean 'whatif'?"),
    ("descargar bts", "Did you mean 'fetch'?"),
    ("embed", "Did you mean 'run'?"),
    ("run --wordls 3", "--worlds"),
    ("run --worlds many", "--worlds"),
    ("run --seed 1.5", "--seed"),
    ("run --worlds -3", "greater than or equal to 2"),
    ("run --point --lens", "--lens"),
    ("run --lens both", "docs/parameters.md"),
    ("run --demand homicide", "Did you mean 'homicides'?"),
    ("run maps/mine", "maps/mine"),
    ("run --config none.toml", "Check the path given to --config"),
    ("run --config folder", "Check the path given to --config"),
    ("run --config broken.toml", "Correct the line"),
    ("run --config typo.toml", "Did you mean 'worlds'?"),
    ("run --config text.toml", "docs/parameters.md"),
    ("run --config misspelt.toml", "Did you mean 'dealers'?"),
    ("run --config gone.toml", "Check the path"),
    ("run --config format.toml", "Did you mean 'atf_list'?"),
    ("run --config future.toml", "Correct `period`"),
    ("run --config other-year.toml", "Correct `period`"),
    ("run --config twice.toml", "Name one of the two files"),
    ("run --out out.txt", "--out"),
    ("run --out strange", "--out"),
    ("run --data folder", "a folder of the default tables"),
    ("whatif", "'scenarios'"),
    ("whatif close-san-isidro", "Did you mean 'close-san-ysidro'?"),
    ("whatif data/scenarios/law-texas.toml", "Did you mean 'law-texas'?"),
    ("whatif folder", "Name the files in it"),
    ("whatif key.toml minutes.toml", "Did you mean 'closed'?"),
    ("whatif kind.toml", "Did you mean 'port'?"),
    ("whatif port.toml state.toml", "Did you mean 'CA-SYS'?"),
    ("whatif law-texas --out out.txt", "--out"),
    ("brief", '--consulate "Tucson"'),
    ("brief --all --consulate Tucson", '--consulate "Tucson"'),
    ("brief --consulate Tuscon --run finished", "Did you mean 'Tucson'?"),
    ("brief --consulate Atlanta --run finished", "Name a city of the list"),
    ("brief --all --run folder", "corridors run --out folder"),
    ("brief --all --run older", "corridors run --out older"),
    ("brief --all --run point", "Run without --point"),
    ("brief --all --run finished --shows gone.ics", "Check the path"),
    ("brief --all --run finished --other finished", "--lens one_year"),
    ("brief --all --run finished --out out.txt", "--out"),
    ("calendar --from 24/11/2026", "YYYY-MM-DD"),
    ("calendar --from 2099-01-01", "Correct the year"),
    ("calendar --days 0", "--days"),
    ("calendar --days many", "--days"),
    ("calendar --run none", "corridors run --out none"),
    ("calendar --run finished --shows folder", "Check the path"),
    ("calendar --run finished --shows empty.csv", "data rows"),
    ("calendar --run finished --shows good.csv", "--as"),
    ("calendar --run finished --shows page.ics", "Export the calendar"),
    ("calendar --run finished --shows dates.csv", "Correct the days"),
    ("calendar --run finished --shows cancelled.csv", "Write yes"),
    ("calendar --run finished --shows elsewhere.csv", "Arizona, California, New Mexico"),
    ("check", "'file'"),
    ("check none.csv", "Check the path"),
    ("check folder", "Check the path"),
    ("check empty.csv", "data rows"),
    ("check words.txt", "--as"),
    ("check unknown.csv", "--as"),
    ("check good.csv --as dealrs", "Did you mean 'dealers'?"),
    ("check dealers.csv --as dealers", "Correct the cell"),
    ("check absent.csv --as dealers", "Add the column"),
    ("check ragged.csv --as dealers", "add the missing cells"),
    ("check words.txt --as dealers", "Save the table"),
    ("check sedena.csv --as sedena", "Correct the cell"),
    ("check atf.txt --as atf_list", "column map"),
    ("check report.pdf", "Ask the publisher"),
    ("check shows.csv --as sedena", "column map"),
    ("fetch bst", "Did you mean 'bts'?"),
    ("fetch nics --out out.txt", "--out"),
    ("fetch atf_list", "Download by hand"),
    ("list prots", "Did you mean 'ports'?"),
    ("list", "'what'"),
    ("narrative --out out.txt", "--out"),
    ("validate --out out.txt", "--out"),
    ("sensitivity --out out.txt", "--out"),
    ("sources --data folder", "a folder of the default tables"),
    ("validate --truths -1", "--truths"),
    ("sensitivity --morris 1", "--morris"),
    ("--language fr run", "--language"),
)


@pytest.fixture(scope="module")
def network(shipped: Inputs) -> Network:
    """The shipped network."""
    return build_network(shipped)


@pytest.fixture(scope="module")
def quick(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in point mode."""
    folder = tmp_path_factory.mktemp("quick") / "point"
    shutil.copytree(finished, folder)
    manifest = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
    manifest["run"]["mode"] = "point"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture
def desk(
    tmp_path: Path,
    finished: Path,
    quick: Path,
    monkeypatch: pytest.MonkeyPatch,
    shipped: Inputs,
    network: Network,
) -> Path:
    """A folder of a user's files, in which commands run; shipped tables and roads are those read before."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "finished").symlink_to(finished)
    (tmp_path / "point").symlink_to(quick)

    def read(data: Path, overrides: Mapping[str, Path] | None = None) -> dict[str, pd.DataFrame]:
        own = set(overrides or ())
        known = {key: table for key, table in shipped.tables.items() if key not in own}
        return load_all(data, overrides, known if data == default_data() else None)

    monkeypatch.setattr(jobs_inputs, "load_all", read)
    monkeypatch.setattr(whatif, "build_network", lambda _: network)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answer(
    words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    """Return the exit code of a command in this process, and what it says."""
    typed = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', words)]
    monkeypatch.setattr(sys, "argv", ["corridors", *typed])
    code = 0
    try:
        cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    said = capsys.readouterr()
    return code, said.out + said.err


def contents(folder: Path) -> dict[str, int]:
    """Return every file of a folder, and of the runs in it, with the time it was written; of a folder 0, as a lock changes its time."""
    return {
        str(path): path.stat().st_mtime_ns if path.is_file() else 0
        for place in (folder, folder / "finished", folder / "point")
        for path in place.resolve().rglob("*")
    }


def unboxed(text: str) -> str:
    """Return what a command says on one line, without the frame that Typer draws around it."""
    return " ".join(re.sub("[╭╮╰╯─│]", " ", text).split())


def test_there_are_fifty() -> None:
    assert len({words for words, _ in WRONG}) == len(WRONG) >= 50


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[words for words, _ in WRONG])
def test_it_is_refused_with_its_remedy(
    words: str, told: str, desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(desk)
    raised: list[CorridorsError] = []

    def spoken(error: CorridorsError, _: object) -> str:
        raised.append(error)
        return str(error)

    monkeypatch.setattr(cli, "spoken", spoken)
    code, said = answer(words, monkeypatch, capsys)
    assert (code, "Traceback" in said) == (2, False), said
    assert told in unboxed(said)
    assert contents(desk) == before
    if raised:
        spanish = error_text(raised[0], "es")
    else:  # a command typed wrong, which is refused before anything is read
        monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
        code, spanish = answer(words, monkeypatch, capsys)
        assert code == 2
    assert not re.search(r"expected|fault\(s\)|Usage|No such|Invalid|Missing|Option", spanish), spanish
    assert all(one in spanish for one in re.findall(r"'[^']+'|--[a-z]+", told))
