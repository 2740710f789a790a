"""The flow by crossing city, and the whole journey by states and crossing city, as tables of posterior means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.outputs.summary.grade import Rivals, graded
from corridors.outputs.summary.uncertainty import BAND90_COLUMNS, SHOWN_COLUMNS, band90, bands

if TYPE_CHECKING:
    from corridors.core.draws import FlowDraws
    from corridors.core.results import Results
    from corridors.core.types import Evidence, FloatArray, Network

SEPARATOR = " "


def crossing_table(
    network: Network, evidence: Evidence, posterior: FlowDraws, rivals: Rivals
) -> pd.DataFrame:
    """Return one row a crossing city, most of the flow first: structures of the choice agree on cities, not on bridges.

    Returns
    -------
    DataFrame
        `crossing_city name_es name_en ports share_mean share_lo50 share_hi50 share_lo90 share_hi90` and its grade, as `graded` gives it; `ports` are the
        ids of its bridges and gates. `share_mean` is the posterior mean and sums to 1, the rest quantiles of the same draws.
    """
    ports = network.ports.assign(city=evidence.port_city).groupby("city")
    table = pd.DataFrame(
        {
            "crossing_city": evidence.crossing_cities,
            "name_es": ports["crossing_city_es"].first().to_numpy(),
            "name_en": ports["crossing_city_en"].first().to_numpy(),
            "ports": ports["poe_id"].agg(SEPARATOR.join).to_numpy(),
            **bands(by_city(posterior.port_share, evidence), posterior.kind, SHOWN_COLUMNS),
            **graded(
                lambda draws: by_city(draws.port_share, evidence),
                posterior,
                rivals,
                lambda one: by_city(one.ports, evidence),
            ),
        }
    )
    return table.sort_values(["share_mean", "crossing_city"], ascending=[False, True], ignore_index=True)


def city_draws(table: pd.DataFrame, evidence: Evidence, posterior: FlowDraws) -> FloatArray:
    """Return (draws, cities) shares of crossing cities, in the order of their table."""
    place = {city: n for n, city in enumerate(evidence.crossing_cities)}
    return by_city(posterior.port_share, evidence)[:, [place[city] for city in table["crossing_city"]]]


def journey_table(evidence: Evidence, posterior: FlowDraws, rivals: Rivals) -> pd.DataFrame:
    """Return one row a US state, crossing city and Mexican state: the whole journey, which freight may be held against.

    Returns
    -------
    DataFrame
        `us_state crossing_city mx_state share_mean share_lo50 share_hi50 share_lo90 share_hi90` and its grade, as `graded` gives it;
        `share_mean` sums to 1.
    """
    names = (evidence.us_states, evidence.crossing_cities, evidence.mx_states)
    rows = [grid.ravel() for grid in np.indices([len(values) for values in names])]

    def by_journey(flow: FloatArray) -> FloatArray:
        """Return (..., journeys) sums of (..., us states, ports, mx states) flow."""
        found = np.moveaxis(by_city(np.moveaxis(flow, -2, -1), evidence), -1, -2)
        return found.reshape(*found.shape[:-3], -1)

    return pd.DataFrame(
        {
            **{
                column: np.array(values)[at]
                for column, values, at in zip(
                    ("us_state", "crossing_city", "mx_state"), names, rows, strict=True
                )
            },
            **bands(by_journey(posterior.state_flow), posterior.kind, SHOWN_COLUMNS),
            **graded(
                lambda draws: by_journey(draws.state_flow),
                posterior,
                rivals,
                lambda one: by_journey(one.state_flow),
            ),
        }
    )


def partner_tables(evidence: Evidence, posterior: FlowDraws) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the flow by US state and crossing city, and by crossing city and Mexican state, with 90 % bands.

    Returns
    -------
    tuple of DataFrame
        `us_state crossing_city share_mean share_median share_lo90 share_hi90`, and `crossing_city mx_state …`.
    """
    origin = by_city(posterior.state_flow.sum(axis=3), evidence)
    target = np.moveaxis(by_city(np.moveaxis(posterior.state_flow.sum(axis=1), 1, 2), evidence), 1, 2)
    cities = evidence.crossing_cities
    found = []
    for shares, names in (
        (origin, {"us_state": evidence.us_states, "crossing_city": cities}),
        (target, {"crossing_city": cities, "mx_state": evidence.mx_states}),
    ):
        at = [grid.ravel() for grid in np.indices(shares.shape[1:])]
        keys = {name: np.array(values)[own] for (name, values), own in zip(names.items(), at, strict=True)}
        found.append(pd.DataFrame(keys | band90(shares.reshape(len(shares), -1), posterior.kind)))
    return found[0], found[1]


def place_tables(
    evidence: Evidence, posterior: FlowDraws, results: Results
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the flow by zone and crossing city, and by crossing city and municipality, with 90 % bands.

    Bands of a city with several ports are those of the sum over them in each draw; a city with one port has that port's rows.

    Parameters
    ----------
    evidence, posterior
        The draws, and what they were inferred from.
    results
        With `zone_port` and `port_municipality`, in the order of the draws.

    Returns
    -------
    tuple of DataFrame
        `zone_id crossing_city share_mean share_median share_lo90 share_hi90`, and `cvegeo crossing_city …`.
    """
    ports = results.ports["poe_id"].to_numpy()
    found = []
    for table, key, draws in (
        (results.zone_port, "zone_id", posterior.zone_port),
        (results.port_municipality, "cvegeo", np.moveaxis(posterior.port_municipality, 1, 2)),
    ):
        by_port = table.groupby("poe_id", sort=False)
        parts = []
        for n, city in enumerate(evidence.crossing_cities):
            own = np.flatnonzero(evidence.port_city == n)
            rows = by_port.get_group(ports[own[0]])[[key, *BAND90_COLUMNS]]
            if len(own) > 1:  # one city at a time: all of them at once would not fit in memory
                rows = rows.assign(**band90(draws[:, :, own].sum(axis=2), posterior.kind))
            parts.append(rows.assign(crossing_city=city))
        found.append(pd.concat(parts, ignore_index=True))
    return found[0], found[1]


def city_members(cities: pd.DataFrame, ports: pd.DataFrame) -> FloatArray:
    """Return (ports, cities) 1 where a port is of a city, in the order of both tables."""
    ids = [str(one).split(SEPARATOR) for one in cities["ports"]]
    return np.array([[float(str(poe) in own) for own in ids] for poe in ports["poe_id"]])


def city_places(cities: pd.DataFrame, ports: pd.DataFrame) -> FloatArray:
    """Return (cities, 2) longitude and latitude, degrees: the mean place of the bridges of each city, weighted by their shares.

    Parameters
    ----------
    cities
        `ports`, ids of the bridges of each city.
    ports
        `poe_id lon lat share_mean`, EPSG:4326.
    """
    smallest = np.finfo(np.float64).tiny  # places a city without flow among its bridges
    weights = (
        city_members(cities, ports) * (ports["share_mean"].to_numpy(dtype=np.float64) + smallest)[:, None]
    )
    return np.asarray(
        weights.T @ ports[["lon", "lat"]].to_numpy(dtype=np.float64) / weights.sum(axis=0)[:, None]
    )


def by_city(draws: FloatArray, evidence: Evidence) -> FloatArray:
    """Return (..., cities) sums over the ports of each city of (..., ports) shares."""
    members = (evidence.port_city[:, None] == np.arange(len(evidence.crossing_cities))).astype(np.float64)
    return np.asarray(draws @ members)
