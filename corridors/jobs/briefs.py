"""Composes the briefs of the consulates out of a finished run, the tables and the roads."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridors.core.errors import Fault, InputError
from corridors.core.files import sha256
from corridors.jobs.brief_tables import KEYS, brief_tables, indexed, run_tables, slug, southwest
from corridors.jobs.calendar import upcoming_shows, user_shows
from corridors.jobs.inputs import load_inputs
from corridors.jobs.manifest import write_manifest
from corridors.jobs.run_folder import NEEDED, FinishedRun, read_run
from corridors.jobs.stages import base_map, build_network, state_names
from corridors.network import assign_districts
from corridors.outputs.briefs.brief import Brief, render_brief
from corridors.outputs.briefs.index import render_index
from corridors.outputs.briefs.pdf import find_browser, print_pages
from corridors.outputs.files import atomic_folder, write_csv
from corridors.outputs.layers import map_layers
from corridors.outputs.layers.district import district_layer, district_specs, window

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    import geopandas as gpd

    from corridors.config import Config
    from corridors.jobs.inputs import Inputs
    from corridors.outputs.layers import LayerSpec

DAYS = 120
"""Days ahead that a brief tells shows of."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: pages, and those that no browser printed ("" and all of them where there is none)."""

    pages: tuple[str, ...]
    browser: str
    unprinted: tuple[str, ...]


def make_briefs(
    config: Config,
    run: Path,
    out: Path,
    *,
    consulates: Sequence[str] = (),
    other: Path | None = None,
    shows: Path | None = None,
    today: date | None = None,
    data: Path | None = None,
    pdf: bool = True,
    say: Callable[[str], None] = logger.info,
) -> Written:
    """Write the briefs of the consulates named, or of all with an index, into `out`.

    Parameters
    ----------
    config, data
        Settings and folder of tables of the run.
    run, other
        Folder of a finished run; of another under the other lens.
    consulates
        Cities; none for all of the four states, with an index.
    shows, today
        A calendar of gun shows, and the day from which they are still to come; without a day none is shown.
    out
        Folder of the briefs; files there are replaced only when all new ones are whole.
    pdf
        Whether to print each page by a browser, where the machine has one.
    say
        Shows each step.

    Raises
    ------
    InputError
        A run is absent or incomplete, or a consulate is not known.
    """
    say("reading the run and the tables")
    inputs = load_inputs(config, data)
    offices = inputs.tables["consulates"]
    names = _asked(consulates, offices)
    finished = read_run(run, inputs)
    theirs = None if other is None else _other_lens(other, inputs, finished)
    say("laying districts on counties")
    network = build_network(inputs)
    districts = assign_districts(inputs.tables, inputs.population, network)
    made = brief_tables(inputs, finished, districts, theirs)
    own = None if today is None else user_shows(inputs, shows)
    if own is not None and today is not None:
        made["upcoming"], _ = upcoming_shows(own, today, DAYS, districts, network)
    tables = {f"data/{name}.csv": indexed(table, KEYS[name]) for name, table in made.items()} | run_tables(
        finished
    )
    specs = map_layers(finished.results, base_map(inputs), config.run.floor)
    land = inputs.tables["counties"].merge(districts.drop(columns=["name", "us_state"]), on="fips")
    mx_names = state_names(inputs)
    pages = {name: f"{slug(name)}.html" for name in names}
    with atomic_folder(out) as tmp:
        say(f"writing {len(pages)} briefs")
        for name, page in pages.items():
            office = offices[offices["name"] == name]
            brief = replace(
                _district(office, land[land["consulate"] == name], made, specs, finished),
                tables=tables,
                mx_names=mx_names,
                other="" if theirs is None else theirs.about.lens,
            )
            (tmp / page).write_text(render_brief(brief), encoding="utf-8")
        if not consulates:
            elsewhere = sorted(offices.loc[~offices["southwest"], "name"])
            index = render_index(pages, tables, finished.about, elsewhere)
            (tmp / "index.html").write_text(index, encoding="utf-8")
        (tmp / "data").mkdir()
        for name, table in made.items():
            write_csv(table, tmp / f"data/{name}.csv")
        browser = (find_browser() or "") if pdf else ""
        say(f"printing by {browser}" if browser else "not printing")
        unprinted = (
            print_pages(browser, [tmp / page for page in pages.values()]) if browser else [*pages.values()]
        )
        _write_manifest(tmp, finished, theirs, inputs)
    return Written(tuple(pages.values()), browser, tuple(Path(page).name for page in unprinted))


def _district(
    office: pd.DataFrame,
    counties: gpd.GeoDataFrame,
    made: Mapping[str, pd.DataFrame],
    specs: Sequence[LayerSpec],
    run: FinishedRun,
) -> Brief:
    """Return what a brief says of one district, as far as it is that district's own."""
    name, own = str(office["name"].iloc[0]), str(office["us_state"].iloc[0])
    flows = made["district_port"]
    main = flows[flows["consulate"] == name].nlargest(3, "share_median")["poe_id"]
    ports = run.results.ports[run.results.ports["poe_id"].isin(main)]
    return Brief(
        consulate=name,
        tables={},
        states=[own, *sorted(set(counties["us_state"]) - {own})],
        counties=pd.DataFrame(counties.drop(columns="geometry")),
        mx_names={},
        specs=district_specs(specs, district_layer(counties)),
        box=window(counties, pd.concat([ports, office])),
        run=run.about,
        calendar=_coming(name, made.get("upcoming")),
    )


def _asked(names: Sequence[str], offices: pd.DataFrame) -> list[str]:
    """Return the consulates asked for, as the table spells them; all of the four states where none is named."""
    known = {slug(name): name for name in southwest(offices)}
    unknown = [name for name in names if slug(name) not in known]
    if unknown:
        found = ", ".join(map(repr, unknown))
        remedy = "Name a city of the list; elsewhere there are no districts, see the index of --all."
        raise InputError([Fault("--consulate", f"one of {', '.join(known.values())}", found, remedy)])
    return [known[slug(name)] for name in names] or list(known.values())


def _other_lens(folder: Path, inputs: Inputs, run: FinishedRun) -> FinishedRun:
    """Return the run to compare with, refused where it is under the same lens."""
    other = read_run(folder, inputs)
    if other.about.lens == run.about.lens:
        found = f"one under {other.about.lens} as well"
        remedy = "Run again with --lens one_year (or all), and give that folder."
        raise InputError([Fault(str(folder), "a run under the other lens", found, remedy)])
    return other


def _coming(name: str, upcoming: pd.DataFrame | None) -> list[str] | None:
    """Return the ids of a district's coming shows that are not cancelled; None where no calendar was given."""
    if upcoming is None:
        return None
    own = upcoming[(upcoming["consulate"] == name) & (upcoming["occurrence"] != "cancelled")]
    return own["show_id"].astype(str).tolist()


def _write_manifest(folder: Path, run: FinishedRun, other: FinishedRun | None, inputs: Inputs) -> None:
    """Write what the briefs were made from and what every file of them hashes to."""
    runs = {"run": run} | ({} if other is None else {"other": other})
    manifest: dict[str, Any] = {
        "runs": {
            label: {
                **one.manifest["run"],
                "inputs": {name: one.manifest["outputs"][name] for name in NEEDED},
            }
            for label, one in runs.items()
        },
        "sources": {source.id: source.sha256 for source in inputs.sources},
        "outputs": {
            str(path.relative_to(folder)): sha256(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
        "keys": {f"data/{name}.csv": list(keys) for name, keys in KEYS.items()},
    }
    write_manifest(manifest, folder)
