"""Dated seizures, seizures at ports of entry, and freight, on the positions of network and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.core.held_out import Freight, PortEvents, SeizureEvents
from corridors.core.types import freeze

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from corridors.core.types import BoolArray, Evidence, Network

NEWEST_MONTHS = 3


def seizure_events(tables: Mapping[str, pd.DataFrame], evidence: Evidence) -> SeizureEvents | None:
    """Return the newest dated seizures in the municipalities of the evidence; None without `seizure_events`.

    Older ones are fitted. A bulletin is a link and a first day: some sites reprint every bulletin at the same link.
    """
    if "seizure_events" not in tables:
        return None
    table = tables["seizure_events"]
    place = pd.Index(evidence.municipalities["cvegeo"]).get_indexer(table["cvegeo"])
    bulletin = table.groupby(["url", "date_from"], sort=True).ngroup().to_numpy()
    known = (place >= 0) & newest_events(table["date_from"])
    result = SeizureEvents(
        municipality=place[known].astype(np.int64),
        weight=table["share"].to_numpy(dtype=np.float64)[known],
        bulletin=bulletin[known].astype(np.int64),
    )
    freeze(result.municipality, result.weight, result.bulletin)
    return result


def newest_events(day: pd.Series) -> BoolArray:
    """Return (rows,) whether each day is of the last `NEWEST_MONTHS` of a table: held out of the fit, and scored."""
    date = pd.to_datetime(day)
    return (date > date.max() - pd.DateOffset(months=NEWEST_MONTHS)).to_numpy(dtype=np.bool_)


def freight(
    tables: Mapping[str, pd.DataFrame], network: Network, evidence: Evidence, whole: Collection[str]
) -> Freight | None:
    """Return goods by truck between the states of the evidence, all years together; None without `freight_flows`.

    Of US states that are not covered whole there are none: their goods begin elsewhere than the licenses of a part.

    A port's freight is counted in the city of its BTS port where the table has that port: BTS counts Los Indios with
    Brownsville. Freight through cities that the network lacks is left out.
    """
    if "freight_flows" not in tables:
        return None
    table, ports = tables["freight_flows"], network.ports
    city_of_code = table.drop_duplicates("bts_port_code").set_index("bts_port_code")["crossing_city"]
    counted_in = ports["bts_port_code"].map(city_of_code).fillna(ports["crossing_city"])
    cities = pd.Index(sorted(counted_in.unique()))
    rows = [
        pd.Index(names).get_indexer(pd.Index(table[column]))
        for names, column in (
            (evidence.us_states, "us_state"),
            (cities, "crossing_city"),
            (evidence.mx_states, "mx_state"),
        )
    ]
    known = np.all([row >= 0 for row in rows], axis=0) & table["us_state"].isin(whole).to_numpy()
    value = np.zeros((len(evidence.us_states), len(cities), len(evidence.mx_states)))
    np.add.at(value, tuple(row[known] for row in rows), table["value_usd"].to_numpy(dtype=np.float64)[known])
    result = Freight(value, cities.get_indexer(counted_in).astype(np.int64))
    freeze(result.value, result.port_city)
    return result


def port_events(tables: Mapping[str, pd.DataFrame], network: Network) -> PortEvents | None:
    """Return seizures at the network's ports of entry, or in its crossing cities; None without `port_events`.

    Where the source names a city and no gate, the event may have been at any of its ports. A gate that the network lacks
    (one without southbound cars) leaves the event out.
    """
    if "port_events" not in tables:
        return None
    table, ports = tables["port_events"], network.ports
    gate = table["poe_id"].fillna("").to_numpy()
    city = table["crossing_city"].to_numpy()
    at_gate = gate[:, None] == ports["poe_id"].to_numpy()
    in_city = (gate == "")[:, None] & (city[:, None] == ports["crossing_city"].to_numpy())
    may_be = at_gate | in_city
    known = may_be.any(axis=1)
    office = ports["field_office"].to_numpy()
    names_of_gates = ports.set_index("poe_id")["name_mx"]
    names_of_cities = ports.drop_duplicates("crossing_city").set_index("crossing_city")["crossing_city_es"]
    where = table["poe_id"].map(names_of_gates).fillna(table["crossing_city"].map(names_of_cities))
    names = (where + " " + table["date"].fillna("")).str.strip()
    result = PortEvents(
        names=tuple(names[known]),
        ports=may_be[known],
        office=np.array([np.isin(office, office[row]) for row in may_be[known]]).reshape(-1, len(ports)),
        article=pd.factorize(table["url"][known])[0].astype(np.int64),
    )
    freeze(result.ports, result.office, result.article)
    return result
