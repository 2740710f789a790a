"""The page of assumptions (`sensitivity.html`): what each changes, and which the leading results depend on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from corridors.outputs.layers.assumption_maps import LEAST, assumption_maps, map_key
from corridors.outputs.layers.crossings import crossing_rows
from corridors.outputs.layers.marks import to_svg
from corridors.outputs.summary.finding import most_moved
from corridors.outputs.summary.uncertainty import MEAN
from corridors.outputs.text.citation import run_line
from corridors.outputs.text.translations import page_languages, run_translations
from corridors.outputs.web.shell import render_report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from corridors.core.results import Results, Run
    from corridors.outputs.layers.assumption_maps import AssumptionMap
    from corridors.outputs.layers.layers import BaseMap
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.site import Site

    Tables = Mapping[str, pd.DataFrame]

KINDS = ("crossing_city", "corridor", "pair")
NUMBERS = ("share_mean", "share_lo90", "share_hi90")
WIDTH = 150
"""Of the bar of a range."""
NOTICEABLE = 0.01
"""Change of a crossing city's share from which it is said to differ."""


def render_sensitivity(
    tables: Tables, run: Run, site: Site | None = None, shown: tuple[Results, BaseMap] | None = None
) -> str:
    """Return the page.

    Parameters
    ----------
    tables
        `assumptions changes screen variance`, as the sensitivity job makes them.
    run
        The run analysed.
    site
        The pages that can be opened from it; by default it stands alone.
    shown
        The results that the site's map shows, whose corridors the tables are of, and what lies under them: the page names
        results and gives their shares as the map does, and draws the small maps. By default it has no maps and speaks of no
        corridor, as those of a quick look are not the map's.
    """
    greatest = (
        tables["variance"]
        .sort_values("total", ascending=False, kind="stable")
        .drop_duplicates(["kind", "id"])
    )
    half = float(greatest["total_half95"].median())
    results = shown[0] if shown else None
    maps = assumption_maps(*shown) if shown else []
    kinds = [kind for kind in KINDS if kind != "corridor" or (results and results.corridors is not None)]
    values = {
        language: {
            "run": run_line(run, t),
            "kinds": [(kind, _results(tables, kind, t, results)) for kind in kinds],
            "maps": [_map_row(one, t) for one in maps],
            "key": Markup(to_svg(map_key(maps, t))) if maps else "",  # noqa: S704 - it escapes every text
            "least": t.bound(LEAST),
            "assumptions": _assumptions(tables, t, kinds),
            "half": t.share(half),
            "width": WIDTH,
        }
        for language in page_languages(run.language)
        for t in [run_translations(language, run)]
    }
    return render_report("sensitivity", values, run, site)


def _map_row(one: AssumptionMap, t: Translations) -> dict[str, Any]:
    """Return a small map with its words."""
    title, cities, said = _map_words(one, t)
    described = t("sensitivity.map_text", title=title, cities=", ".join(cities), said=said).strip()
    svg = Markup(to_svg(replace(one.scene, title=described)))  # noqa: S704 - it escapes every text
    return {"title": title, "cities": cities, "said": said, "svg": svg}


def _map_words(one: AssumptionMap, t: Translations) -> tuple[str, list[str], str]:
    """Return the title of a small map, its leading cities with their shares, and what differs most from the run."""
    name = f"name_{t.language}"
    leading = [
        f"{city} {t.share(share)}" for city, share in one.leading[[name, "share"]].itertuples(index=False)
    ]
    if not one.setting:
        return t("sensitivity.map_run"), leading, ""
    title = t(f"variant.{one.setting}", value=t.name(one.setting, one.value))
    row = one.cities.iloc[most_moved(one.cities, [(one.setting, one.value)])[2]]
    if abs(row["share"] - row[MEAN]) < NOTICEABLE:
        return title, leading, t("sensitivity.map_same", least=t.bound(NOTICEABLE))
    said = t(
        "sensitivity.map_moved",
        city=str(row[name]),
        before=t.share(float(row[MEAN])),
        after=t.share(float(row["share"])),
    )
    return title, leading, said


def _on_map(results: Results, kind: str, t: Translations) -> dict[str, dict[str, Any]]:
    """Return name, mean and bounds of the 90 % band of each result of a kind, as the map has them, by id."""
    if kind == "corridor":
        return {} if results.corridors is None else _by_id(results.corridors, "corridor_id", "name")
    if kind == "crossing_city":
        return _by_id(crossing_rows(results), "crossing_city", f"name_{t.language}")
    pairs = results.state_pairs
    return _by_id(pairs.assign(pair=pairs["us_state"] + ">" + pairs["mx_state"]), "pair")


def _by_id(table: pd.DataFrame, key: str, name: str = "") -> dict[str, dict[str, Any]]:
    """Return `name share_mean share_lo90 share_hi90` of each row by its id; without a name where none is given."""
    numbers = table[list(NUMBERS)].to_dict("records")
    names = table[name] if name else [""] * len(table)
    return {
        str(id_): {"name": str(own)} | {str(column): value for column, value in row.items()}
        for id_, own, row in zip(table[key], names, numbers, strict=True)
    }


def _own_share(row: Mapping[str, Any], t: Translations) -> str:
    """Return the share of a result in the run, with its band where the run has one."""
    share = t.share(row[MEAN])
    if np.isnan(row["share_lo90"]):
        return share
    return t("sensitivity.own", share=share, band=t.band(row["share_lo90"], row["share_hi90"]))


def _results(tables: Tables, kind: str, t: Translations, results: Results | None) -> list[dict[str, Any]]:
    """Return the leading results of a kind in words, the largest first."""
    changes, variance = (tables[name][tables[name]["kind"] == kind] for name in ("changes", "variance"))
    widest = max(changes["share"].max(), changes["share_run"].max())
    by_total = variance.sort_values("total", ascending=False, kind="stable")
    hangs_on = {row["id"]: row for row in by_total.drop_duplicates("id").to_dict("records")}
    shown = _on_map(results, kind, t) if results else {}
    found = []
    for id_, own in changes.groupby("id", sort=False):
        first = own.iloc[0]
        low, high = (of(first["share_run"], of(own["share"])) for of in (min, max))
        moved = own[own["change"] != 0]
        moved = moved.loc[moved["change"].abs().sort_values(ascending=False, kind="stable").index]
        most = hangs_on[str(id_)]
        run = shown[str(id_)] if results else {}
        found.append(
            {
                "name": run.get("name") or first["name_es" if t.language == "es" else "name"],
                "own": _own_share(run, t) if run else "",
                "quick": t("sensitivity.quick", share=t.share(first["share_run"]), band=t.band(low, high)),
                "bar": [round(WIDTH * share / widest, 1) for share in (low, high - low, first["share_run"])],
                "moved": [_flip(change, t) for _, change in moved.iterrows()],
                "hangs_on": t(
                    "sensitivity.hangs_on_imprecise" if most["total"] > 1 else "sensitivity.hangs_on",
                    assumption=assumption_name(most["assumption"], t),
                    part=_part(most["total"], t),
                ),
                "places": t(
                    "sensitivity.moved",
                    count=t.number(len(moved)),
                    all=t.number(len(own)),
                    low=t.number(min(first["rank_run"], own["rank"].min())),
                    high=t.number(max(first["rank_run"], own["rank"].max())),
                ),
            }
        )
    return found


def _flip(change: pd.Series[Any], t: Translations) -> str:
    """Return a change of place in words."""
    return t(
        "sensitivity.rise" if change["change"] > 0 else "sensitivity.fall",
        assumption=assumption_name(change["assumption"], t),
        value=value_text(change["assumption"], change["choice"] or change["value"], t),
        rank=t.number(change["rank"]),
        share=t.share(change["share"]),
    )


def _assumptions(tables: Tables, t: Translations, kinds: Sequence[str]) -> list[dict[str, Any]]:
    """Return the assumptions in words, those that move most first."""
    totals = tables["variance"].pivot_table(index="assumption", columns="kind", values="total")
    found = []
    for _, row in tables["assumptions"].sort_values("weight", ascending=False, kind="stable").iterrows():
        name = row["assumption"]
        own = value_text(name, row["run_choice"] or row["run"], t)
        if row["choices"]:
            tried = ", ".join(value_text(name, choice, t) for choice in row["choices"].split())
        else:
            tried = t(
                "label.band", low=value_text(name, row["low"], t), high=value_text(name, row["high"], t)
            )
        part = totals.loc[name] if name in totals.index else None
        found.append(
            {
                "name": assumption_name(name, t),
                "why": t(f"why.{name}"),
                "tried": t("sensitivity.tried", values=tried, own=own),
                "weight": "" if np.isnan(row["weight"]) else t.share(row["weight"]),
                "totals": ["" if part is None else _part(part[kind], t) for kind in kinds],
            }
        )
    return found


def _part(total: float, t: Translations) -> str:
    """Return a total Sobol index as a share of the variance; an estimate over 1 is that of too few samples, and no share."""
    return t("sensitivity.imprecise") if total > 1 else t.share(max(0.0, total))


def assumption_name(name: str, t: Translations) -> str:
    """Return what an assumption is called; the parameters of the model are called as on the map."""
    return t.texts.get(f"assumption.{name}") or t(f"quantity.{name}")


def value_text(name: str, value: Any, t: Translations) -> str:
    """Return the value of an assumption as text: a choice, a share of supply, or a number to three digits."""
    if isinstance(value, str):
        return t.name(name, value)
    if name == "part":
        return t.share(value)
    return t.number(value, len(f"{value:.3g}".partition(".")[2]))
