from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings, strategies as st
from shapely import box

from corridors.core.errors import InputError, NotEnoughDataError
from corridors.core.settings import DEFAULT_SHOWS, ShowSettings
from corridors.core.suppression import FEWEST
from corridors.network import build_evidence, build_held_out, count_rows
from corridors.network.build import join_roads
from corridors.network.ports import current_ports
from corridors.network.zones import county_zones, zip_zones
from tests.network import toy

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Evidence, Network


def grid(counts: list[int]) -> gpd.GeoDataFrame:
    """A row of square counties of one state."""
    shapes = [box(i, 0, i + 1, 1) for i in range(len(counts))]
    fips = [f"04{i:03d}" for i in range(len(counts))]
    return gpd.GeoDataFrame({"fips": fips, "us_state": "AZ", "name": fips}, geometry=shapes, crs=4326)


@given(st.lists(st.integers(0, 12), min_size=1, max_size=12).filter(lambda counts: sum(counts) >= FEWEST))
@settings(deadline=None, max_examples=60)
def test_no_zone_is_under_five_licenses_and_none_is_lost(counts: list[int]) -> None:
    counties = grid(counts)
    dealers = pd.Series(counts, index=counties["fips"])
    zones = county_zones(counties, dealers)
    assert (zones["dealers"] >= FEWEST).all()
    assert zones["dealers"].sum() == sum(counts)
    assert sorted(fips for group in zones["members"] for fips in group) == counties["fips"].tolist()
    again = county_zones(counties.iloc[::-1], dealers.iloc[::-1])
    assert again["zone_id"].tolist() == zones["zone_id"].tolist()


def test_a_state_under_five_licenses_is_not_published() -> None:
    with pytest.raises(NotEnoughDataError, match="fewer than 5"):
        county_zones(grid([1, 2]), pd.Series([1, 2], index=["04000", "04001"]))


def test_zones_and_access(toy_evidence: Evidence) -> None:
    assert toy_evidence.zones["zone_id"].tolist() == ["county:04001", "county:04003+04005"]
    assert toy_evidence.zones["dealers"].tolist() == [20, 13]
    access = toy_evidence.connectors
    assert np.allclose(access.zone_nodes.sum(axis=1), 1)
    # all of the north county's population lives at the north node
    assert access.zone_nodes[[0], [0]][0] == pytest.approx(1)
    assert (access.zone_hours >= 0).all()


def test_no_table_of_dealers_comes_through(toy_evidence: Evidence) -> None:
    assert set(toy_evidence.zones.columns) == {
        "zone_id",
        "us_state",
        "name",
        "units",
        "dealers",
        "members",
        "unit_dealers",
        "geometry",
    }


def test_seats_use_the_cut_road(toy_network: Network, toy_evidence: Evidence) -> None:
    at = dict(
        zip(toy_evidence.municipalities["cvegeo"], toy_evidence.connectors.municipality_node, strict=True)
    )
    assert toy_network.nodes.loc[at["26003"], "node_id"] == 9
    assert toy_evidence.connectors.municipality_hours.max() < 0.1


def test_shows_carry_their_published_fraction(toy_evidence: Evidence) -> None:
    supply = np.exp(toy_evidence.log_supply)
    licenses = toy_evidence.zones["dealers"].sum()
    assert 1 - licenses / supply.sum() == pytest.approx(DEFAULT_SHOWS.part)
    assert 0.032 <= DEFAULT_SHOWS.part <= 0.043


def test_supply_without_shows_is_licenses(toy_network: Network, tmp_path: Path) -> None:
    evidence = build_evidence(
        toy.tables(), toy.population(tmp_path), toy_network, shows=ShowSettings(part=0.0)
    )
    assert np.exp(evidence.log_supply).tolist() == pytest.approx([20, 13])


def test_regions_are_the_ports_of_their_offices(toy_evidence: Evidence) -> None:
    published = toy_evidence.published
    assert published.region_names == ("West", "East")
    # ports are sorted: east, west; an office without a port on the network adds none
    assert published.region_ports.tolist() == [[0, 1], [1, 0]]
    assert published.region_counts.tolist() == [30, 70]


def test_a_file_of_cbp_replaces_the_regions(toy_network: Network, tmp_path: Path) -> None:
    taken = pd.DataFrame(
        {
            "field_office": ["East", "East", "West"],
            "month": ["2025-01", "2025-02", "2025-01"],
            "handguns": [5, 2, 1],
            "long_arms": [1, 0, 0],
        }
    )
    tables = {**toy.tables(), "cbp_seizures": taken}
    published = build_evidence(tables, toy.population(tmp_path), toy_network).published
    assert published.region_names == ("East", "West")
    assert published.region_counts.tolist() == [8, 1]


def test_a_purchase_city_without_a_license_in_the_list_is_left_out(
    toy_network: Network, tmp_path: Path
) -> None:
    tables = toy.tables()
    tables["dealers"]["dealers"] = [20, 0, 10]
    published = build_evidence(tables, toy.population(tmp_path), toy_network).published
    assert published.city_names == ()
    assert published.city_fractions.shape == (0, 2)
    assert published.state_counts.tolist() == [3969.0]  # nobody is counted in this world: the list is whole


def test_a_list_of_a_part_of_a_state_is_compared_with_none_of_its_figures(
    toy_network: Network, tmp_path: Path
) -> None:
    tables = toy.tables()
    tables["county_people"] = pd.DataFrame({"fips": ["04001", "04003", "04005"], "people": [5000, 3000, 100]})
    whole = build_evidence(tables, toy.population(tmp_path), toy_network).published
    assert whole.state_counts.tolist() == [3969.0]
    assert whole.route_ids == ("R1",)
    tables["dealers"]["dealers"] = [20, 0, 10]
    part = build_evidence(tables, toy.population(tmp_path), toy_network).published
    assert part.state_counts.tolist() == [0.0]
    assert [len(part.pair_counts), len(part.top_counts), len(part.region_counts), len(part.route_ids)] == [
        0
    ] * 4
    tables["dealers"]["dealers"] = [20, 10, 3]
    tables["county_people"]["people"] *= 1000  # 33 licenses for eight million people: a sample
    few = build_evidence(tables, toy.population(tmp_path), toy_network).published
    assert few.state_counts.tolist() == [0.0]


def test_a_region_without_a_port_on_the_roads_leaves_all_out(toy_network: Network, tmp_path: Path) -> None:
    tables = toy.tables()
    tables["port_seizures"].loc[0, "field_offices"] = "Elsewhere"
    published = build_evidence(tables, toy.population(tmp_path), toy_network).published
    assert published.region_names == ()
    assert published.region_ports.shape == (0, 2)


def test_port_terms(toy_evidence: Evidence) -> None:
    assert np.exp(toy_evidence.log_port_volume).tolist() == pytest.approx([1.0, 1 / 3])
    assert np.exp(toy_evidence.log_open_fraction).tolist() == pytest.approx([0.5, 1.0])
    assert toy_evidence.port_factor_spread is not None
    assert np.isnan(toy_evidence.port_factor_spread).all()


@pytest.mark.parametrize("demand", ["combined", "seizures", "case_files", "homicides", "population"])
def test_every_measure_of_demand(demand: str, toy_network: Network, tmp_path: Path) -> None:
    evidence = build_evidence(toy.tables(), toy.population(tmp_path), toy_network, demand=demand)
    assert evidence.demand_terms.shape == (4, 3 if demand == "combined" else 0)
    assert np.isfinite(evidence.log_demand_offset).all()
    assert len(evidence.log_state_demand) == (2 if demand in {"combined", "case_files"} else 0)


def test_recent_fraction_is_of_the_four_states(toy_evidence: Evidence) -> None:
    published = toy_evidence.published
    border = 3969 / 18206
    assert published.recent_fractions[0] == pytest.approx(0.62 / (0.62 + 0.38 * border))
    assert published.recent_total == pytest.approx(0.14 * 18206)


def test_a_state_without_its_trace_count_is_named(toy_network: Network, tmp_path: Path) -> None:
    tables = toy.tables()
    tables["figures"] = tables["figures"].iloc[1:]
    with pytest.raises(InputError, match="SRC4_AZ"):
        build_evidence(tables, toy.population(tmp_path), toy_network)


def test_dealers_of_no_known_county_are_refused(toy_network: Network, tmp_path: Path) -> None:
    tables = toy.tables()
    tables["dealers"] = tables["dealers"].assign(fips="48001")
    with pytest.raises(InputError, match="counties of the table"):
        build_evidence(tables, toy.population(tmp_path), toy_network)


def test_held_out_routes_are_positions(toy_network: Network, toy_evidence: Evidence, tmp_path: Path) -> None:
    held = build_held_out(toy.tables(), toy.population(tmp_path), toy_network, toy_evidence)
    assert held.route_ids == ("R1", "R2")
    assert held.origin_zone.tolist() == [0, -1]
    assert held.origin_node.tolist() == [0, -1]
    assert held.port_city[held.crossing_city == held.port_city].tolist() is not None
    assert held.port_city.tolist() == [1, 0]
    assert held.crossing_city.tolist() == [0, 1]
    assert held.stop_route.tolist() == [0]
    near = toy_network.edges["edge_id"].to_numpy()[held.stop_edges.toarray()[0]]
    assert sorted(near) == ["6", "8.1"]
    assert held.zone_population.sum() == pytest.approx(1)
    assert held.zone_population.argmax() == 0  # all of the north county lives at its north node
    assert held.municipality_population.tolist() == [100_000, 50_000, 500_000, 20_000]
    assert held.municipality_seizures.tolist() == [5, 0, 40, 0]
    assert held.municipality_homicides.tolist() == [0, 0, 120, 0]
    (recent,) = held.periods
    assert (recent.name, recent.groups.tolist(), recent.fractions.tolist()) == ("2024", [[True]], [0.62])


def test_a_part_is_not_tested_on_what_is_of_more(
    toy_network: Network, toy_evidence: Evidence, tmp_path: Path
) -> None:
    tables, population = toy.tables(), toy.population(tmp_path)
    tables["county_people"] = pd.DataFrame({"fips": ["04001", "04003", "04005"], "people": [5000, 3000, 100]})
    tables["dealers"]["dealers"] = [20, 0, 10]
    part = build_held_out(tables, population, toy_network, build_evidence(tables, population, toy_network))
    assert part.periods == ()
    assert part.municipality_seizures.tolist() == [0, 0, 0, 0]
    assert [part.seizure_events, part.port_events] == [None, None]
    # routes that begin, cross or end elsewhere
    stops = tables["published_route_stops"]
    away = stops.assign(lon=stops["lon"].where(stops["country"] != "US", -60.0))
    routes = tables["published_routes"]
    for changed in (
        {"published_route_stops": away},
        {"published_routes": routes.assign(crossing_cvegeo=["02004", *routes["crossing_cvegeo"][1:]])},
        {"published_routes": routes.assign(final_cvegeo=["31050", *routes["final_cvegeo"][1:]])},
    ):
        held = build_held_out(tables | changed, population, toy_network, toy_evidence)
        assert held.route_ids == ("R2",), changed
    none = {"published_routes": routes.assign(crossing_cvegeo="02004")}
    assert build_held_out(tables | none, population, toy_network, toy_evidence).route_ids == ()


def test_row_counts_name_what_was_dropped(toy_network: Network, toy_evidence: Evidence) -> None:
    rows = count_rows(toy.tables(), toy_network, toy_evidence, gun_shows="published")
    assert rows["ports_of_entry"]["dropped"] == {"southbound: no": 1}
    assert rows["gun_shows"]["used"] == 1
    assert rows["dealers"]["counties or ZIP codes merged because under 5 licenses"] == 1
    none = count_rows(toy.tables(), toy_network, toy_evidence, gun_shows="none")["gun_shows"]
    assert none["used"] == 0
    assert none["read"] == sum(none["dropped"].values()) == 3


def test_zip_zones_cover_the_state_and_hold_five() -> None:
    counties = grid([0, 0, 0])
    zips = pd.DataFrame(
        {
            "zip": ["85001", "85002", "85003", "85004", None],
            "fips": ["04000", "04000", "04001", "04002", "04002"],
            "us_state": "AZ",
            "lon": [0.2, 0.8, 1.5, 2.2, 2.5],
            "lat": [0.5, 0.5, 0.5, 0.5, 0.5],
            "dealers": [6, 2, 4, 7, 1],
        }
    )
    zones = zip_zones(zips, counties)
    assert (zones["dealers"] >= FEWEST).all()
    assert zones["dealers"].sum() == 20
    assert zones["zone_id"].str.startswith("zip:").all()
    assert sorted(unit for members in zones["members"] for unit in members) == ["04002", *zips["zip"][:4]]
    assert shapely.area(zones.geometry.to_numpy()).sum() == pytest.approx(3.0)
    again = zip_zones(zips.iloc[::-1], counties)
    assert again["zone_id"].tolist() == zones["zone_id"].tolist()


def test_roads_of_one_side_of_the_state_drop_what_they_do_not_cover(tmp_path: Path) -> None:
    """Without the road to the far city its state is not covered, and no figure set against all of Mexico is fitted."""
    tables = toy.tables()
    far = tables["road_edges"]["edge_id"] == 9
    places = tables["municipalities"]
    places.loc[places["cvegeo"] == "08001", "lon"] = -106.0
    network = join_roads(tables["road_nodes"], tables["road_edges"][~far], current_ports(tables))
    evidence = build_evidence(tables, toy.population(tmp_path), network)
    assert "08001" not in evidence.municipalities["cvegeo"].tolist()
    assert len(evidence.published.pairs) == 0
    assert np.isinf(evidence.published.pair_bound)
    assert len(evidence.published.top_counts) == 0
    assert len(evidence.published.region_counts) == 0
    rows = count_rows(tables, network, evidence, gun_shows="published")
    assert rows["municipalities"]["dropped"] == {"outside the roads given": 1}


def test_a_longer_reach_spreads_shows_over_more_zones(toy_network: Network, tmp_path: Path) -> None:
    tables, population = toy.tables(), toy.population(tmp_path)
    near, far = (
        np.exp(
            build_evidence(
                tables, population, toy_network, shows=ShowSettings(part=0.1, reach_km=km)
            ).log_supply
        )
        for km in (5.0, 500.0)
    )
    licenses = np.array([20, 13])
    assert near.sum() == pytest.approx(far.sum())
    # near: almost all of it belongs to the show's own zone; far: every license weighs about the same
    spread = [(supply / licenses).max() / (supply / licenses).min() for supply in (near, far)]
    assert spread[0] > spread[1] > 1
    assert spread[1] < 1.05


def test_a_route_is_cut_at_what_it_first_reaches_beyond_its_crossing(toy_evidence: Evidence) -> None:
    """R1 begins at north, crosses into 26001 and ends at 26002; R2 has no US origin."""
    found = toy_evidence.published
    assert toy_evidence.zones["name"].iloc[found.route_origins].tolist() == ["North"]
    assert toy_evidence.municipalities["cvegeo"].iloc[found.route_targets].tolist() == ["26002"]
    assert [toy_evidence.crossing_cities[n] for n in found.route_cities] == ["west"]
    assert found.route_weights.tolist() == [1.0]


def test_ports_without_any_vehicles_are_refused(toy_network: Network, tmp_path: Path) -> None:
    none = replace(toy_network, ports=toy_network.ports.assign(southbound_cars=0.0))
    with pytest.raises(InputError, match="vehicles a year at one port"):
        build_evidence(toy.tables(), toy.population(tmp_path), none)


def test_one_port_without_vehicles_is_the_last_that_is_chosen(toy_network: Network, tmp_path: Path) -> None:
    cars = toy_network.ports["southbound_cars"].where(toy_network.ports.index > 0, 0.0)
    one = replace(toy_network, ports=toy_network.ports.assign(southbound_cars=cars))
    volume = build_evidence(toy.tables(), toy.population(tmp_path), one).log_port_volume
    assert volume[1] == 0
    assert volume[0] == pytest.approx(-np.log(cars[1]))
