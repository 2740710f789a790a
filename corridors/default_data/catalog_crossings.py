"""Texts of the catalog for the tables of single crossings and of dated events since 2010."""

from __future__ import annotations

from corridors.default_data import origins
from corridors.default_data.origins import Entry

_PORTS = "roads/ports_of_entry.csv"

CROSSINGS = (
    Entry(
        "freight_flows",
        "Truck exports by US state, port and Mexican state",
        origins.TRANSBORDER,
        "2020..2023",
        "not guns, not cars and not trips: the value of legal goods sent by truck, at cargo ports only; head offices pull"
        " it to Mexico City, the State of Mexico and Nuevo León. A test and no part of the fit",
        ("border/bts_transborder_southbound_trucks_2020_2023.csv", _PORTS),
        "four states kept; 154 of their 3,802 rows (8.3 of 423.5 billion dollars) name no Mexican state and are left out;"
        " 2020 has 9 months; the code NA is Nayarit; BTS counts Los Indios with Brownsville, here in Matamoros",
    ),
    Entry(
        "seizure_events",
        "Guns seized in Mexico in 2025, by event and municipality",
        origins.BULLETINS,
        "2025-02-19..2025-11-30",
        "not a census: highlights of bulletins, about a tenth of the guns of the running total, read through reprints."
        " Bulletins are cut, so states late in the alphabet lose more; Sinaloa's war raises Culiacán; a seizure says where"
        " authorities acted, not where guns came in",
        ("mexico/cabinet_bulletin_gun_events.csv",),
        "share is 1 over the municipalities of one printed line; guns are of the whole event in each of its rows",
    ),
    Entry(
        "port_events",
        "Guns seized at named crossings, by event",
        origins.PORT_EVENTS,
        "2010-01-13..2024-11-29",
        "not a sample and not the flow: the Laredo Field Office publishes far more than El Paso or San Diego; one load of"
        " 270 guns: count events, not guns; some dates are partial or absent",
        ("border/crossing_gun_events.csv", _PORTS),
        "event_id and precision made here; where the gate is not printed only the crossing city is given; notes on"
        " how guns were hidden or found are left out",
    ),
    Entry(
        "southbound_factors",
        "Southbound over northbound vehicles at bridges",
        origins.BRIDGE_COUNTS,
        "2013-12..2023-06",
        "not a panel and not today's: single months of eight bridges as printed; the month of the rows of September 2016"
        " is inferred; implied rows are computed from a printed change and are as wide as its percent was rounded",
        ("border/southbound_counts_press.csv",),
        "2 of 17 rows left out: the three Brownsville bridges (which three is not printed) and the growth of Stanton"
        " (no ratio); a count of Eagle Pass I and II together gives both the same factor",
    ),
    Entry(
        "gun_shows_announced",
        "Gun shows announced for 2026 and 2027",
        origins.SAXET_APP,
        "2026-09-19..2027-12-19",
        "not a calendar and not shows held: 20 dates of one promoter in south Texas, from one source, 5 of which its author"
        " calls sample data; no part of the supply",
        ("us/gun_shows_announced_2026_2027.csv", "us/gun_show_venues.csv", "us/zip_geonames_US.txt"),
        "show_id made here; coordinates are those of a venue in the same city, else the median of its"
        " ZIP points",
    ),
)
