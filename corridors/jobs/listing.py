"""The ids that users type: of ports, zones, consulates, scenarios, formats and more, with what each is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corridors.config import Config
from corridors.core.errors import Fault, InputError
from corridors.core.names import did_you_mean
from corridors.core.toml import read_toml
from corridors.jobs.inputs import default_data, load_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from corridors.jobs.inputs import Inputs

Rows = list[dict[str, str]]


def list_ids(what: str, config: Config | None = None, data: Path | None = None, language: str = "en") -> Rows:
    """Return the ids of one kind, each with what it is.

    Parameters
    ----------
    what
        "ports", "zones", "consulates", "scenarios", "formats", "tables", "crossing_cities", "municipalities" or "states".
    config
        Settings; `config.data` names the user's own files. The defaults if None.
    data
        Folder of the default tables; those of the package by default.
    language
        Language of the questions of scenarios and of the names of US states, "es" or "en".

    Returns
    -------
    list of dict
        A row an id: `id`, then columns of texts, the same in each row.

    Raises
    ------
    InputError
        There is no such kind, or with every fault of every file that the list is made from.
    """
    if what in _SHIPPED:
        return _SHIPPED[what](language)
    if what not in _OF_TABLES:
        kinds = [*_OF_TABLES, *_SHIPPED]
        remedy = f"{did_you_mean(what, kinds)}Name one of the kinds."
        raise InputError([Fault("corridors list", f"one of {', '.join(kinds)}", repr(what), remedy)])
    rows = _OF_TABLES[what](load_inputs(config or Config(), data), config or Config())
    if what != "states":
        return rows
    from corridors.outputs.text import load_translations  # imports Babel

    t = load_translations(language)
    return [{**row, "state": t.texts.get(f"us_state.{row['id']}", row["state"])} for row in rows]


def shipped_scenarios() -> dict[str, Path]:
    """Return the file of each scenario that ships with the package, by the name it is called by."""
    return {path.stem: path for path in sorted((default_data() / "scenarios").glob("*.toml"))}


def scenario_path(name: str) -> Path:
    """Return the file of a scenario: the shipped one of that name, or a path as it is.

    Raises
    ------
    InputError
        It is neither: there is no such file, or it is a folder.
    """
    path, known = Path(name), shipped_scenarios()
    if path.is_file():
        return path
    if name in known:
        return known[name]
    expected = "a scenario file (TOML) or the name of a shipped scenario"
    if path.is_dir():
        remedy = "Name the files in it; `corridors list scenarios` has the names."
        raise InputError([Fault(name, expected, "a folder", remedy)])
    remedy = f"{did_you_mean(path.stem, known)}Check the path; `corridors list scenarios` has the names."
    raise InputError([Fault(name, expected, "none", remedy)])


def _ports(inputs: Inputs, _: Config) -> Rows:
    """Return the ports open to southbound cars."""
    ports = inputs.tables["ports_of_entry"]
    return _rows(
        ports[ports["southbound"] == "yes"],
        id="poe_id",
        us="name_us",
        mx="name_mx",
        crossing_city="crossing_city",
    )


def _crossing_cities(inputs: Inputs, _: Config) -> Rows:
    """Return the cities where one can choose between crossings."""
    ports = inputs.tables["ports_of_entry"]
    cities = (
        ports[ports["southbound"] == "yes"]
        .groupby("crossing_city", as_index=False)
        .agg(us=("crossing_city_en", "first"), mx=("crossing_city_es", "first"), ports=("poe_id", ", ".join))
    )
    return _rows(cities, id="crossing_city", us="us", mx="mx", ports="ports")


def _zones(inputs: Inputs, config: Config) -> Rows:
    """Return the supply zones, each of five licenses or more."""
    from corridors.jobs.stages import build_evidence, build_network

    network = build_network(inputs)
    partial = config.model_copy(update={"run": config.run.model_copy(update={"partial": True})})
    return _rows(
        build_evidence(inputs, network, partial).zones, id="zone_id", county="name", state="us_state"
    )


def _consulates(inputs: Inputs, _: Config) -> Rows:
    """Return the consulates of the four states."""
    offices = inputs.tables["consulates"]
    return _rows(offices[offices["southwest"].astype(bool)], id="name", state="us_state")


def _municipalities(inputs: Inputs, _: Config) -> Rows:
    """Return the municipalities of Mexico."""
    return _rows(inputs.tables["municipalities"], id="cvegeo", municipality="name", state="state_name")


def _states(inputs: Inputs, _: Config) -> Rows:
    """Return the four US states and those of Mexico."""
    us, mx = inputs.tables["us_states"], inputs.tables["mx_states"]
    of_region = us[us["us_state"].isin(inputs.tables["counties"]["us_state"])]
    return _rows(of_region, id="us_state", state="name") + _rows(mx, id="mx_state", state="name")


def _scenarios(language: str) -> Rows:
    """Return the worked scenarios."""
    return [
        {"id": name, "question": read_toml(path, remedy="").get("question", {}).get(language, "")}
        for name, path in shipped_scenarios().items()
    ]


def _formats(_: str) -> Rows:
    """Return the formats of agencies that are read."""
    from corridors.sources import FORMATS  # imports every reader

    return [
        {"id": one.id, "title": one.title, "publisher": one.publisher, "tables": ", ".join(one.tables)}
        for one in FORMATS.values()
    ]


def _tables(_: str) -> Rows:
    """Return the tables that a file of one's own may replace."""
    from corridors.sources.schemas import OPTIONAL_RASTERS, RASTERS, SCHEMAS

    rows = {name: schema.doc for name, schema in SCHEMAS.items()}
    cells = {name: raster.doc for name, raster in {**RASTERS, **OPTIONAL_RASTERS}.items()}
    return [{"id": name, "row or cell": doc} for name, doc in {**rows, **cells}.items()]


def _rows(table: pd.DataFrame, **columns: str) -> Rows:
    """Return columns of a table as texts under other names, "" where empty."""
    texts = table[list(columns.values())].astype("str").where(table[list(columns.values())].notna(), "")
    return [dict(zip(columns, row, strict=True)) for row in texts.itertuples(index=False, name=None)]


_OF_TABLES: Mapping[str, Callable[[Inputs, Config], Rows]] = {
    "ports": _ports,
    "zones": _zones,
    "consulates": _consulates,
    "crossing_cities": _crossing_cities,
    "municipalities": _municipalities,
    "states": _states,
}
_SHIPPED: Mapping[str, Callable[[str], Rows]] = {
    "scenarios": _scenarios,
    "formats": _formats,
    "tables": _tables,
}
