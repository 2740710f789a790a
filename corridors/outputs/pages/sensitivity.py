"""The page of assumptions (`sensitivity.html`): what each changes, and which the leading results depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.outputs.text.citation import run_line
from corridors.outputs.text.translations import page_languages, run_translations
from corridors.outputs.web.shell import render_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from corridors.core.results import Run
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.site import Site

    Tables = Mapping[str, pd.DataFrame]

KINDS = ("crossing_city", "corridor", "pair")
WIDTH = 150
"""Of the bar of a range."""


def render_sensitivity(tables: Tables, run: Run, site: Site | None = None) -> str:
    """Return the page.

    Parameters
    ----------
    tables
        `assumptions changes screen variance`, as the sensitivity job makes them.
    run
        The run analysed.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    greatest = (
        tables["variance"]
        .sort_values("total", ascending=False, kind="stable")
        .drop_duplicates(["kind", "id"])
    )
    half = float(greatest["total_half95"].median())
    values = {
        language: {
            "run": run_line(run, t),
            "kinds": [(kind, _results(tables, kind, t)) for kind in KINDS],
            "assumptions": _assumptions(tables, t),
            "half": t.share(half),
            "width": WIDTH,
        }
        for language in page_languages(run.language)
        for t in [run_translations(language, run)]
    }
    return render_report("sensitivity", values, run, site)


def _results(tables: Tables, kind: str, t: Translations) -> list[dict[str, Any]]:
    """Return the leading results of a kind in words, the largest first."""
    changes, variance = (tables[name][tables[name]["kind"] == kind] for name in ("changes", "variance"))
    widest = max(changes["share"].max(), changes["share_run"].max())
    by_total = variance.sort_values("total", ascending=False, kind="stable")
    hangs_on = {row["id"]: row for row in by_total.drop_duplicates("id").to_dict("records")}
    found = []
    for id_, own in changes.groupby("id", sort=False):
        first = own.iloc[0]
        low, high = (of(first["share_run"], of(own["share"])) for of in (min, max))
        moved = own[own["change"] != 0]
        moved = moved.loc[moved["change"].abs().sort_values(ascending=False, kind="stable").index]
        most = hangs_on[str(id_)]
        found.append(
            {
                "name": first["name_es" if t.language == "es" else "name"],
                "share": t.share(first["share_run"]),
                "band": t.band(low, high),
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


def _assumptions(tables: Tables, t: Translations) -> list[dict[str, Any]]:
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
                "totals": ["" if part is None else _part(part[kind], t) for kind in KINDS],
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
