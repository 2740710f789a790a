"""The page of public records to ask for: what the figures leave unknown, whom to ask, and the columns that are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridors.outputs.layers.rankings import known_rows
from corridors.outputs.text.source_words import credit_of, years_of
from corridors.outputs.text.translations import page_languages, run_translations
from corridors.outputs.web.shell import render_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.results import Results, Run
    from corridors.core.types import Source
    from corridors.outputs.layers.table_payloads import InformationRow
    from corridors.outputs.text.translations import Translations
    from corridors.outputs.web.site import Site

SHARES = frozenset({"state", "pair", "port"})
"""Kinds of quantities that are shares of the flow; others are parameters of the model."""
LITTLE = 0.1
"""Fraction of the uncertainty under which the figures say nothing of a quantity that a reader would notice."""


@dataclass(frozen=True, slots=True)
class Request:
    """A public record to ask for.

    Parameters
    ----------
    key
        Of its texts, `ask.KEY`, `ask.KEY_whom` and `ask.KEY_why`.
    table
        Table that it would give.
    format
        Format that reads it; "" where the columns are the table's own.
    columns
        Head of a table that is read as it is.
    kinds
        Kinds of quantities that it bears on.
    """

    key: str
    table: str
    format: str
    columns: tuple[str, ...]
    kinds: frozenset[str] = frozenset()


REQUESTS = (
    Request(
        "pairs",
        "state_pairs",
        "",
        ("us_state", "mx_state", "firearms", "period", "known_total", "traced_total", "url", "note"),
        frozenset({"pair"}),
    ),
    Request(
        "places",
        "city_shares",
        "",
        (
            *("city", "us_state", "fips", "firearms", "reading"),
            *("state_firearms", "period", "county_share", "url", "note"),
        ),
        frozenset({"kappa", "nu", "checks"}),
    ),
    Request(
        "seized",
        "port_events",
        "",
        (),
        frozenset({"port"}),
    ),
    Request(
        "southbound",
        "southbound_factors",
        "bridge_counts",
        ("puente", "fecha", "hacia_el_sur", "hacia_el_norte", "enlace"),
        frozenset({"port", "volume_power"}),
    ),
    Request(
        "courts",
        "published_routes",
        "",
        (),
        frozenset({"theta", "us_weight", "mu", "beta", "power"}),
    ),
    Request(
        "sedena",
        "seizures_municipal",
        "sedena",
        ("fecha", "estado", "municipio", "armas cortas", "armas largas"),
    ),
    Request("fgr", "case_files", "ideff", ()),
    Request("licences", "dealers", "atf_list", ()),
    Request("districts", "consular_districts", "", ("fips", "consulate")),
    Request("shows", "gun_shows", "calendar_csv", ("fecha", "estado", "ciudad", "recinto")),
)


def render_ask(results: Results, run: Run, site: Site | None = None) -> str:
    """Return the page.

    Parameters
    ----------
    results
        Of which the information of the published figures is listed, where the run has measured it.
    run
        The run that the page is of; what it has now is said of its own sources.
    site
        The pages that can be opened from it; by default it stands alone.
    """
    rows = sorted(known_rows(results), key=_removed)
    requests = sorted(REQUESTS, key=lambda one: _mean_removed(one, rows))  # a stable sort: others stay last
    values = {
        language: {
            "known": [_known(row, t) for row in rows],
            "little": _little(rows, t),
            "requests": [_request(one, rows, run, t) for one in requests],
        }
        for language in page_languages(run.language)
        for t in [run_translations(language, run)]
    }
    return render_report("ask", values, run, site)


def _removed(row: InformationRow) -> float:
    """Return the fraction of the variance of a quantity that all published figures remove."""
    return sum(fraction for _, fraction in row["variance_reduction"])


def _measured(request: Request, rows: Sequence[InformationRow]) -> list[float]:
    """Return what the figures remove of each quantity that a request bears on."""
    return [_removed(row) for row in rows if row["kind"] in request.kinds]


def _mean_removed(request: Request, rows: Sequence[InformationRow]) -> float:
    """Return the mean of that; more than any where the run measures none of them."""
    found = _measured(request, rows)
    return sum(found) / len(found) if found else 2.0


def _little(rows: Sequence[InformationRow], t: Translations) -> str:
    """Return of how many quantities the figures say next to nothing; "" where that was not measured."""
    few = sum(_removed(row) < LITTLE for row in rows)
    return t("ask.little", count=t.number(few), all=t.number(len(rows))) if rows else ""


def _known(row: InformationRow, t: Translations) -> dict[str, str]:
    """Return a quantity in words, its band before and after the figures, and what they removed."""
    shares = row["kind"] in SHARES

    def band(low: float | None, high: float | None) -> str:
        if low is None or high is None:
            return "\N{EN DASH}"
        if shares:
            return t.band(low, high)
        return t("label.band", low=t.number(low, 2), high=t.number(high, 2))

    state = t.name("us_state", row["from"]) if row["from"] else ""
    return {
        "name": t(f"quantity.{row['kind']}", of=state, to=row["to_es" if t.language == "es" else "to"]),
        "prior": band(row["prior_lo90"], row["prior_hi90"]),
        "posterior": band(row["lo90"], row["hi90"]),
        "removed": t.share(_removed(row)),
    }


def _have(source: Source | None, t: Translations) -> str:
    """Return whose table a run uses, and of which years."""
    if source is None:
        return t("ask.have_none")
    years = years_of(source.period) or t("data.no_age")
    return t("ask.have_table", credit=credit_of(source, t.published), years=years)


def _request(request: Request, rows: Sequence[InformationRow], run: Run, t: Translations) -> dict[str, Any]:
    """Return a request in words."""
    found = _measured(request, rows)
    source = next((one for one in run.sources if one.id in {request.table, f"{request.table}_zip"}), None)
    measured = (
        t("ask.measured", band=t.band(min(found), max(found)), count=t.number(len(found))) if found else ""
    )
    return {
        "title": t(f"ask.{request.key}"),
        "whom": t(f"ask.{request.key}_whom"),
        "why": t(f"ask.{request.key}_why"),
        "have": _have(source, t),
        "measured": measured,
        "columns": request.columns,
        "table": request.table,
    }
