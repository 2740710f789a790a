"""Trip corridors on the drawn network, and the names of ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from corridors.core.journeys import Journeys
from corridors.outputs.summary import Rivals, leading_journeys, summarise
from corridors.outputs.summary.route_names import known_roads, located, mexican_name, passed, way_stops
from tests.outputs.flow import (
    EAST,
    NAMES,
    PLACES,
    WEST,
    drawn_way,
    flow_draws,
    flow_evidence,
    flow_network,
    flow_trips,
    variants_like,
)

if TYPE_CHECKING:
    from corridors.core.results import Results

DASH = " \N{EN DASH} "


def drawn(kind: str = "posterior") -> Results:
    draws = flow_draws(kind=kind)
    rivals = Rivals(flow_draws(seed=5), flow_draws(seed=6), variants_like(flow_draws()), "port")
    return summarise(
        flow_network(), flow_evidence(), draws, rivals, places=PLACES, states=NAMES, trips=flow_trips(draws)
    )


def test_trip_corridors_are_the_largest_journeys_with_their_shares_and_grades() -> None:
    results = drawn()
    trips, flows = results.trips, results.flows
    assert trips is not None
    assert flows is not None
    largest = flows.sort_values("share_mean", ascending=False).head(len(trips)).reset_index(drop=True)
    for column in flows:
        assert trips[column].tolist() == largest[column].tolist()
    assert trips["share_mean"].sum() >= 0.5 > trips["share_mean"].iloc[:-1].sum()
    assert trips["trip_id"].tolist() == [f"T{n:02d}" for n in range(1, len(trips) + 1)]


def test_a_quick_look_has_neither_bands_nor_grades() -> None:
    trips = drawn("point").trips
    assert trips is not None
    assert trips["share_lo90"].isna().all()
    assert set(trips["grade"]) == {""}


def test_a_way_reads_from_its_zone_through_its_crossing_city_to_its_municipality() -> None:
    both = np.array([WEST, EAST])
    journeys = Journeys(np.zeros(2, dtype=np.int64), both, both, both, both, both)
    trips: Any = summarise(
        flow_network(),
        flow_evidence(),
        flow_draws(),
        places=PLACES,
        states=NAMES,
        trips=(journeys, [drawn_way(WEST), drawn_way(EAST)]),
    ).trips
    west, east = (row for _, row in trips.iterrows())
    # a zone without a known place, and a municipality far from any, lend their own names
    assert west["name"] == f"One{DASH}Oeste{DASH}m1, MEX-15"
    assert east["name"] == f"Sur{DASH}Este{DASH}Ciudad, I-10 / MEX-17"
    assert list(east.geometry.coords) == [(-110.0, 33.0), (-110.0, 31.5), (-110.0, 31.45), (-110.0, 30.0)]
    assert (east["km"], east["hours"], east["refs"]) == (200.5, 2.5, "I-10 MEX-17D")
    assert east[["zone_id", "poe_id", "cvegeo"]].tolist() == ["z2", "AZ-EEE", "08001"]


def test_a_trip_starts_and_ends_where_most_of_its_journey_does() -> None:
    draws, evidence = flow_draws(), flow_evidence()
    journeys = leading_journeys(evidence, draws)
    flow = draws.state_flow.mean(axis=0)
    assert flow[journeys.us_state, journeys.port, journeys.mx_state] == pytest.approx(
        np.sort(flow.ravel())[::-1][: len(journeys.port)]
    )
    zone_port = draws.zone_port.mean(axis=0)
    assert journeys.zone.tolist() == zone_port[:, journeys.port].argmax(axis=0).tolist()
    arrivals = draws.port_municipality.mean(axis=0)
    for city, state, municipality in zip(
        journeys.crossing_city, journeys.mx_state, journeys.municipality, strict=True
    ):
        inside = np.flatnonzero(evidence.municipality_state == state)
        assert municipality == inside[arrivals[city, inside].argmax()]


def test_parts_are_fractions_of_the_flow_of_the_state_through_the_city() -> None:
    results = drawn()
    trips = results.trips
    assert trips is not None
    zones = results.zone_port
    for _, row in trips.iterrows():
        through = zones[zones["poe_id"] == row["poe_id"]].set_index("zone_id")["share_mean"]
        assert row["zone_part"] == pytest.approx(through[row["zone_id"]] / through.sum(), abs=1e-6)


places = st.lists(
    st.tuples(st.floats(0, 900), st.integers(1, 10**7)), max_size=12, unique_by=lambda row: row[0]
)


@given(places)
def test_a_name_holds_its_ends_and_at_most_five_places_in_the_order_of_travel(
    rows: list[tuple[float, int]],
) -> None:
    met = pd.DataFrame(
        {
            "name": [f"p{n}" for n in range(len(rows))],
            "pop": [row[1] for row in rows],
            "run": [row[0] for row in rows],
        }
    )
    must = [("A", 0.0), ("B", 300.0), ("C", 900.0)]
    stops = way_stops(met, must, 900.0)
    where = dict(must) | dict(zip(met["name"], met["run"], strict=True))
    runs = [where[name] for name in stops]
    assert [name for name in stops if name in dict(must)] == ["A", "B", "C"]
    assert runs == sorted(runs)
    assert len(stops) <= 5
    assert min(np.diff(runs)) >= 20


def test_a_line_passes_places_of_its_own_side_alone() -> None:
    towns = located(
        pd.DataFrame(
            {
                "name": ["Laredo", "Nuevo Laredo", "Lejos"],
                "country": ["US", "MX", "MX"],
                "lon": [-99.51, -99.55, -98.0],
                "lat": [27.51, 27.5, 27.0],
                "pop": [400_000, 350_000, 10],
            }
        )
    )
    line = located(pd.DataFrame({"lon": [-99.5, -99.52, -99.6], "lat": [27.4, 27.3, 27.0]}))
    met = passed(line[["x", "y"]].to_numpy(), np.arange(3.0), towns, np.array(["MX"] * 3, dtype=object))
    assert met["name"].tolist() == ["Nuevo Laredo"]


def test_roads_are_the_national_ones_that_make_up_much_of_a_way() -> None:
    refs = ["FM1021", "I10/US90", "I-19", "US77", "MEX15/MEX15D", "MEX15D"]
    km = np.array([300.0, 90.0, 40.0, 9.0, 30.0, 50.0])
    assert known_roads(refs, km, least=10, most=3) == ["I-10", "I-19", "MEX-15"]
    assert known_roads(refs, km, least=10, most=1) == ["I-10"]
    assert known_roads(refs, km, least=35, most=3, toll=True) == ["I-10", "I-19", "MEX-15D"]
    assert known_roads(["FM1021"], km[:1], least=1, most=2) == []


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (f"Nuevo Laredo{DASH}Laredo", "Nuevo Laredo"),
        ("Nogales (Sonora y Arizona)", "Nogales"),
        ("Tecate", "Tecate"),
        ("San Luis Río Colorado", "San Luis Río Colorado"),
    ],
)
def test_a_crossing_city_is_called_by_its_mexican_name(words: str, name: str) -> None:
    assert mexican_name(words) == name
