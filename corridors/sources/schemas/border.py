"""Schemas of what is published of single crossings since 2010: freight by city, events with guns, southbound counts.

None of these tables is read by the fit unless a setting or `docs/method.md` says so, and all are optional: without one,
the test or layer that needs it is absent and said to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.schema import Column, Schema
from corridors.sources.schemas.columns import (
    CVEGEO,
    MONTH,
    MONTHS,
    MX_STATE,
    NOTE,
    PARTIAL_DATE,
    POE,
    PRECISIONS,
    URL,
    US_STATE,
    count,
    text,
    year,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CROSSING_CITY = Column(
    "text", "crossing city, an id of ports_of_entry", pattern=r"[a-z0-9_]+|[A-Z]{2}-[A-Z0-9]{3}"
)
_POE_OR_NONE = Column(
    "text",
    "port of entry, empty where the source names the city and no gate",
    pattern=POE,
    empty=True,
    refers=("ports_of_entry", "poe_id"),
)
_GUNS = {
    "long_guns": count("long guns", "firearms"),
    "short_guns": count("handguns", "firearms"),
    "machine_guns": count("machine guns", "firearms"),
    "type_not_printed": count("firearms whose kind is not printed", "firearms"),
    "guns_total": count("firearms of the event, all kinds together", "firearms"),
}

CROSSING_SCHEMAS = (
    Schema(
        "freight_flows",
        "Value of goods exported by truck from a US state through a port to a Mexican state in a year",
        ("us_state", "bts_port_code", "mx_state", "year"),
        {
            "us_state": US_STATE,
            "crossing_city": CROSSING_CITY,
            "bts_port_code": Column("text", "BTS port (Schedule D) the goods left by", pattern=r"\d{4}"),
            "mx_state": MX_STATE,
            "year": year(1993, 2100),
            "months": MONTHS,
            "value_usd": count("value of the goods", "dollars a year, or what months holds of it"),
        },
    ),
    Schema(
        "seizure_events",
        "A municipality of a dated event in which Mexican authorities seized guns, as a bulletin or the press printed it",
        ("event_id", "cvegeo"),
        {
            "event_id": Column(
                "text", "event; repeated where it names several municipalities", pattern=r"[A-Z]{1,3}\d{3,}"
            ),
            "date_from": Column("date", "first day"),
            "date_to": Column("date", "last day: some bulletins cover a weekend"),
            "cvegeo": CVEGEO,
            "mx_state": MX_STATE,
            **_GUNS,
            "share": Column(
                "number",
                "part of the event that falls to this municipality; the parts of an event add up to 1",
                unit="share",
                low=0.001,
                high=1,
            ),
            "series": Column(
                "text",
                "FN: Operation Northern Border; NAT: national bulletin; PRESS: the press alone",
                choices=("FN", "NAT", "PRESS"),
            ),
            "url": URL,
            "note": NOTE,
        },
    ),
    Schema(
        "port_events",
        "An event in which guns bound for Mexico were seized at a named crossing",
        ("event_id",),
        {
            "event_id": Column("text", "event", pattern=r"PE\d{3,}"),
            "poe_id": _POE_OR_NONE,
            "crossing_city": CROSSING_CITY,
            "date": Column("text", "date, as precise as the source", pattern=PARTIAL_DATE, empty=True),
            "precision": Column("text", "how precise the date is", choices=PRECISIONS),
            "seizing_side": Column("text", "side of the border that seized them", choices=("US", "MX")),
            **_GUNS,
            "url": URL,
            "note": NOTE,
        },
    ),
    Schema(
        "southbound_factors",
        "Passenger vehicles southbound over those northbound at a bridge in a month, from single reports",
        ("poe_id", "month"),
        {
            "poe_id": Column("text", "port of entry", pattern=POE, refers=("ports_of_entry", "poe_id")),
            "counted_with": text(
                "all bridges of the count, separated by ' | '; one bridge alone when single"
            ),
            "month": Column("text", "calendar month", pattern=MONTH),
            "southbound": count("vehicles southbound", "vehicles a month"),
            "northbound": count(
                "vehicles northbound in the same month, counted or estimated", "vehicles a month"
            ),
            "factor": Column("number", "southbound over northbound", unit="ratio", low=0.05, high=20),
            "factor_lo": Column(
                "number",
                "lower end; equal to factor where the count is printed",
                unit="ratio",
                low=0.05,
                high=20,
            ),
            "factor_hi": Column(
                "number",
                "upper end; equal to factor where the count is printed",
                unit="ratio",
                low=0.05,
                high=20,
            ),
            "kind": Column(
                "text",
                "stated: the counts are printed; implied: southbound computed from a printed change and its percent, or "
                "northbound estimated from a whole year",
                choices=("stated", "implied"),
            ),
            "unit": text("vehicles counted, as published"),
            "url": URL,
            "note": NOTE,
        },
    ),
)
PORT_COLUMNS: Mapping[str, Column] = {
    "crossing_city": Column(
        "text",
        "city where one can choose between crossings, as an id; a port that is alone is its own",
        pattern=r"[a-z0-9_]+|[A-Z]{2}-[A-Z0-9]{3}",
        empty=True,
    ),
    "crossing_city_es": text("name of the crossing city in Spanish, the Mexican side first", empty=True),
    "crossing_city_en": text("name of the crossing city in English, the US side first", empty=True),
    "toll_usd": Column(
        "number",
        "cash toll of a passenger car southbound, 0 where the source says there is none; empty when unknown",
        unit="dollars",
        low=0,
        high=100,
        empty=True,
    ),
    "hours_southbound": Column(
        "number",
        "hours a day that passenger cars may go south: the Mexican side's, else the US side's; mean over the week",
        unit="hours",
        low=0,
        high=24,
        empty=True,
    ),
    "hours_us": text(
        "passenger hours of the US side (CBP), as the source of hours_southbound prints them", empty=True
    ),
    "hours_mx": text("passenger hours of the Mexican side (customs), as that source prints them", empty=True),
    "as_of": Column(
        "text",
        "month of toll_usd, hours_us and hours_mx; empty where all are",
        pattern=r"\d{4}-\d{2}",
        empty=True,
    ),
}
"""Columns of `ports_of_entry` that a table of the user's own may lack."""


def complete_ports(ports: pd.DataFrame) -> pd.DataFrame:
    """Return `ports_of_entry` with all of `PORT_COLUMNS`, so that later rooms need not ask which table it was.

    A port without a `crossing_city` is one of its own: its `poe_id` is the id, its names on both sides are the names. A
    municipality is no substitute, since Los Indios is in Matamoros and Colombia is not in Nuevo Laredo. Tolls and hours
    that are not given are unknown, never zero.
    """
    missing = {name: None for name, rule in PORT_COLUMNS.items() if name not in ports and rule.kind == "text"}
    unknown = {
        name: float("nan")
        for name, rule in PORT_COLUMNS.items()
        if name not in ports and rule.kind == "number"
    }
    full = ports.assign(**missing, **unknown)
    alone = full["crossing_city"].isna()
    names = {"crossing_city": "poe_id", "crossing_city_es": "name_mx", "crossing_city_en": "name_us"}
    return full.assign(
        **{
            name: full[name].where(~(alone | full[name].isna()), full[own]).astype("str")
            for name, own in names.items()
        }
    )
