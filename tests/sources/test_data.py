"""What the shipped tables say, against the numbers the source notes state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely

if TYPE_CHECKING:
    from pathlib import Path

Tables = Mapping[str, pd.DataFrame]


def test_row_counts(tables: Tables) -> None:
    expected = {
        "counties": 360,
        "us_states": 49,
        "mx_states": 32,
        "dealers": 7560,
        "state_laws": 196,
        "gun_show_venues": 84,
        "gun_shows": 108,
        "gun_show_policy": 83,
        "consulates": 53,
        "municipalities": 2478,
        "municipality_polygons": 2463,
        "seizures_municipal": 773,
        "seizures_top10": 10,
        "homicides_municipal": 2478,
        "road_nodes": 30071,
        "road_edges": 43303,
        "ports_of_entry": 58,
        "state_pairs": 5,
        "city_shares": 8,
        "port_seizures": 3,
        "published_routes": 11,
        "route_checks": 24,
        "driving_times": 14,
        "freight_flows": 3648,
        "seizure_events": 217,
        "port_events": 47,
        "southbound_factors": 18,
        "gun_shows_announced": 20,
    }
    assert {name: len(tables[name]) for name in expected} == expected


@pytest.mark.parametrize(
    ("state", "year", "licences"),
    [("AZ", 2003, 1368), ("CA", 2013, 2548), ("NM", 2020, 704), ("TX", 2023, 8382), ("AZ", 2023, 2562)],
)
def test_dealers_add_up_to_the_states(tables: Tables, state: str, year: int, licences: int) -> None:
    dealers = tables["dealers"].merge(tables["counties"][["fips", "us_state"]], on="fips")
    assert dealers[dealers["us_state"].eq(state) & dealers["year"].eq(year)]["dealers"].sum() == licences


def test_every_county_has_every_year(tables: Tables) -> None:
    assert set(tables["dealers"]["fips"]) == set(tables["counties"]["fips"])
    assert (tables["dealers"].groupby("fips")["year"].nunique() == 21).all()


def test_laws(tables: Tables) -> None:
    laws = tables["state_laws"].set_index(["us_state", "year"])
    assert laws.xs(2024, level="year")["lawtotal"].to_dict() == {"AZ": 3, "CA": 62, "NM": 17, "TX": 5}
    provisions = [
        name for name in laws.columns if name not in {"lawtotal", "law_z", "source_id", "source_row"}
    ]
    assert len(provisions) == 72
    assert (laws[provisions].sum(axis=1) == laws["lawtotal"]).all()
    assert laws.loc[("CA", 2024), "law_z"] == pytest.approx(2.651, abs=1e-3)


def test_background_checks(tables: Tables) -> None:
    nics = tables["nics"].set_index(["us_state", "year"])
    assert nics.loc[("TX", 2025), "totals"] == 1_739_790
    assert nics.loc[("TX", 1998), "months"] == 2
    assert nics["other"].isna().groupby("year").all().loc[2009]
    assert nics["other"].notna().groupby("year").all().loc[2010]


def test_cancelled_shows_and_partial_dates_are_kept(tables: Tables) -> None:
    shows = tables["gun_shows"]
    assert (shows["occurrence"] == "cancelled").sum() == 6
    assert shows["precision"].value_counts().to_dict() == {"day": 73, "month": 31, "year": 4}
    dated = shows.dropna(subset=["start"])
    lengths = dated["start"].str.len()
    assert (lengths == dated["precision"].map({"day": 10, "month": 7, "year": 4})).all()


def test_municipalities(tables: Tables) -> None:
    table = tables["municipalities"]
    assert table["pop_2020"].sum() == 126_014_024
    assert set(table.loc[table["pop"].isna(), "cvegeo"]) == {"24059", "25019", "25020"}
    without = set(table["cvegeo"]) - set(tables["municipality_polygons"]["cvegeo"])
    assert without == set(table.loc[table["polygon_parent"].notna(), "cvegeo"])
    assert set(table["polygon_parent"].dropna()) <= set(table["cvegeo"])


def test_seats_lie_in_or_near_their_polygon(tables: Tables) -> None:
    shapes = tables["municipality_polygons"].set_index("cvegeo").geometry
    seats = tables["municipalities"].set_index("cvegeo").loc[shapes.index]
    away = shapely.distance(shapes.to_numpy(), shapely.points(seats["lon"], seats["lat"]))
    assert (away == 0).mean() > 0.97
    assert away.max() < 0.02


def test_seizures(tables: Tables) -> None:
    old = tables["seizures_municipal"].set_index("cvegeo")
    assert old["firearms"].sum() == 11_715
    assert (old["firearms"] > 0).sum() == 481
    assert old.loc["28027", "firearms"] == 583
    top = tables["seizures_top10"]
    assert top["firearms"].sum() == 12_958
    assert top["bound"].eq(731).all()
    assert top["firearms"].is_monotonic_decreasing
    assert top.loc[0, "cvegeo"] == "02004"


def test_states_by_year(tables: Tables) -> None:
    files = tables["case_files"].groupby("year")["case_files"].sum()
    assert files.loc[[2012, 2016, 2024]].tolist() == [19_015, 12_428 - 2, 14_845]  # 2 of EXTRANJERO
    assert tables["case_files"].groupby("year")["months"].unique().loc[2025].tolist() == [7]
    victims = tables["homicides_state"].groupby("year")["firearm_homicides"].sum()
    assert victims.loc[[2019, 2024, 2025]].tolist() == [24_448, 21_928, 9_549]


def test_measures_of_demand_disagree_on_tamaulipas_as_the_documents_say(tables: Tables) -> None:
    old, files, dead = tables["seizures_municipal"], tables["case_files"], tables["homicides_municipal"]
    recent = files[files["year"] >= 2020]
    assert recent.loc[recent["year"] == 2025, "months"].max() == 7
    assert old.loc[old["cvegeo"].str[:2] == "28", "firearms"].sum() / old["firearms"].sum() == pytest.approx(
        0.30, abs=0.005
    )
    part = recent.loc[recent["mx_state"] == "28", "case_files"].sum() / recent["case_files"].sum()
    assert part == pytest.approx(0.06, abs=0.001)
    killed = dead["firearm_homicides"]
    assert killed[dead["cvegeo"].str[:2] == "28"].sum() / killed.sum() == pytest.approx(0.009, abs=1e-4)


def test_the_estimate_keeps_its_sum(tables: Tables) -> None:
    assert tables["homicides_municipal"]["firearm_homicides"].sum() == pytest.approx(31_477 - 29.7, abs=2)


def test_edges_run_from_u_to_v(tables: Tables) -> None:
    nodes = tables["road_nodes"].set_index("node_id")[["lon", "lat"]]
    lines = tables["road_edges"]
    for end, place in (("u", 0), ("v", -1)):
        ends = shapely.get_coordinates(shapely.get_point(lines.geometry.to_numpy(), place))
        assert np.abs(ends - nodes.loc[lines[end]].to_numpy()).max() < 1e-4


def test_the_graph_is_joined_across_the_border_only_by_ports(tables: Tables) -> None:
    edges, nodes = tables["road_edges"], tables["road_nodes"].set_index("node_id")
    sides = nodes["country"]
    crosses = sides.loc[edges["u"]].to_numpy() != sides.loc[edges["v"]].to_numpy()
    assert (crosses == edges["road_class"].eq("poe")).all()
    assert edges["poe_id"].notna().equals(edges["road_class"].eq("poe"))
    ports = tables["ports_of_entry"]
    assert set(edges["poe_id"].dropna()) == set(ports.loc[ports["southbound"] != "rail", "poe_id"])
    assert nodes["poe_id"].dropna().value_counts().eq(2).all()
    assert edges.loc[edges["road_class"].eq("connector"), "ref"].isna().all()


def test_near_nodes_have_near_ids(tables: Tables) -> None:
    edges = tables["road_edges"]
    assert (edges["u"] - edges["v"]).abs().median() < 10


def test_ports(tables: Tables) -> None:
    ports = tables["ports_of_entry"].set_index("poe_id")
    assert ports["southbound"].value_counts().to_dict() == {
        "yes": 42,
        "rail": 9,
        "no": 4,
        "commercial only": 2,
        "pedestrian only": 1,
    }
    assert ports["pov_weight"].notna().equals(ports["southbound"].eq("yes"))
    assert ports["pov_weight"].loc[["AZ-DEC", "AZ-MAR"]].sum() == 3_778_586
    assert ports["pov_weight"].loc[["NM-ANT", "NM-COL"]].sum() == 419_376
    assert ports["pov_weight"].loc[["TX-STN"]].sum() == 2_681_194
    assert ports["pov_northbound"].loc[["TX-PDN"]].sum() == 2_681_194
    assert ports.loc[ports["southbound"].eq("yes"), "hours_open"].between(6, 24).all()
    assumed = ports["hours_note"].fillna("").str.contains("assumption")
    assert (ports.loc[assumed, "hours_source"] == "analyst knowledge").all()


def test_crossing_cities_are_the_nests_of_the_model(tables: Tables) -> None:
    ports = tables["ports_of_entry"]
    open_to_cars = ports[ports["southbound"] == "yes"]
    nests = open_to_cars.groupby("crossing_city")["poe_id"].apply(set)
    assert {name: ids for name, ids in nests.items() if len(ids) > 1} == {
        "tijuana": {"CA-SYS", "CA-OTM"},
        "mexicali": {"CA-CXW", "CA-CXE"},
        "nogales": {"AZ-DEC", "AZ-MAR"},
        "ciudad_juarez": {"TX-BOT", "TX-YSL", "TX-STN", "NM-STE"},
        "acuna": {"TX-DRI", "TX-AMI"},
        "piedras_negras": {"TX-EP1", "TX-EP2"},
        "nuevo_laredo": {"TX-LB1", "TX-LB2", "TX-LCO"},
        "reynosa": {"TX-HID", "TX-PHA", "TX-ANZ"},
        "rio_bravo": {"TX-DON", "TX-PRO"},
        "matamoros": {"TX-BMX", "TX-GAT", "TX-VET"},
    }
    assert len(nests) == 27
    names = ports.groupby("crossing_city")[["crossing_city_es", "crossing_city_en"]].nunique()
    assert (names.to_numpy() == 1).all()


def test_tolls_and_hours_of_the_bridge_guide(tables: Tables) -> None:
    ports = tables["ports_of_entry"].set_index("poe_id")
    cars = ports["southbound"] == "yes"
    assert ports["toll_usd"].notna().tolist() == (cars & ports["us_state"].eq("TX")).tolist()
    assert ports.loc[["TX-BOT", "TX-STN", "TX-HID", "TX-PRO"], "toll_usd"].tolist() == [0, 3.5, 4, 5]
    assert ports.loc[["TX-STN"], ["hours_open", "hours_southbound"]].to_numpy().tolist() == [[18, 24]]
    assert set(ports.index[cars & ports["us_state"].eq("TX") & ports["hours_southbound"].isna()]) == {
        "TX-PHA"
    }
    unsettled = ports["hours_note"].notna()
    assert set(ports.index[unsettled]) == {"AZ-SAS", "NM-ANT", "TX-BOQ"}
    assert ports.loc[["TX-RGC"], ["hours_open", "hours_vintage"]].to_numpy().tolist() == [[16, "2025-09"]]


def test_freight_keeps_nayarit_and_groups_ports_by_city(tables: Tables) -> None:
    freight = tables["freight_flows"]
    assert freight["value_usd"].sum() == 415_179_915_307
    assert {"18"} <= set(freight["mx_state"])
    assert freight.groupby("year")["months"].unique().explode().to_dict() == {
        2020: 9,
        2021: 12,
        2022: 12,
        2023: 12,
    }
    cities = freight.groupby("crossing_city")["bts_port_code"].unique().map(set).to_dict()
    assert cities["ciudad_juarez"] == {"2401", "2402", "2408"}
    assert cities["matamoros"] == {"2301"}
    assert cities["mexicali"] == {"2503", "2507"}
    assert "lucio_blanco" not in cities
    assert set(cities) <= set(tables["ports_of_entry"]["crossing_city"])


def test_events_add_up(tables: Tables) -> None:
    kinds = ["long_guns", "short_guns", "machine_guns", "type_not_printed"]
    for name in ("seizure_events", "port_events"):
        assert (tables[name][kinds].sum(axis=1) == tables[name]["guns_total"]).all()
    seized = tables["seizure_events"]
    assert seized.groupby("event_id")["share"].sum().between(0.999, 1.001).all()
    assert (seized["cvegeo"].str[:2] == seized["mx_state"]).all()
    assert (seized["date_from"] <= seized["date_to"]).all()
    crossed = tables["port_events"]
    assert crossed["precision"].value_counts().to_dict() == {"day": 38, "month": 4, "unknown": 4, "year": 1}
    assert set(crossed.loc[crossed["poe_id"].isna(), "crossing_city"]) == {"nogales", "tijuana"}
    assert set(crossed["crossing_city"]) <= set(tables["ports_of_entry"]["crossing_city"])


def test_no_event_tells_how_guns_were_hidden_or_found(tables: Tables) -> None:
    notes = " ".join(tables["port_events"]["note"].dropna()).lower()
    for word in ("tank", "bumper", "compartment", "dash", "speaker", "roof", "firewall", "heater", "random"):
        assert word not in notes


def test_southbound_factors(tables: Tables) -> None:
    factors = tables["southbound_factors"]
    assert set(factors["poe_id"]) == {
        *("TX-HID", "TX-ANZ", "TX-PHA", "TX-DON", "TX-PRO", "TX-EP1", "TX-EP2", "TX-DRI")
    }  # none of Brownsville
    assert (factors["factor"] - factors["southbound"] / factors["northbound"]).abs().max() < 1e-4
    assert factors["factor"].between(factors["factor_lo"], factors["factor_hi"]).all()
    stated = factors["kind"] == "stated"
    assert (factors["factor_lo"] == factors["factor_hi"]).equals(stated)


def test_announced_shows_are_apart_from_past_ones(tables: Tables) -> None:
    shows = tables["gun_shows_announced"]
    assert shows["start"].between("2026-09", "2027-12-31").all()
    assert set(shows["confidence"]) == {"low"}
    assert shows[["lon", "lat"]].notna().all(axis=None)
    assert tables["gun_shows"]["start"].dropna().max() < shows["start"].min()


def test_both_sides_of_a_port_lie_by_the_border_point(tables: Tables) -> None:
    ports = tables["ports_of_entry"]
    for side in ("us", "mx"):
        away = np.hypot(ports[f"{side}_lon"] - ports["lon"], ports[f"{side}_lat"] - ports["lat"])
        assert away.max() < 0.01


def test_crossings(tables: Tables) -> None:
    table = tables["crossings"].set_index(["bts_port_code", "year", "measure"])
    assert table.loc[("2504", 2024, "personal vehicles"), "value"] == 14_829_472
    assert table.loc[("2302", 2019, "personal vehicles"), "months"] == 12
    assert set(table.xs(2025, level="year")["months"]) == {1, 2}


def test_figures_and_what_is_made_of_them(tables: Tables) -> None:
    figures = tables["figures"].set_index("id")["value"]
    assert figures[["SRC4_TX", "SRC4_AZ", "SRC4_CA", "SRC4_NM"]].tolist() == [7825, 3969, 1575, 492]
    pairs = tables["state_pairs"].set_index(["us_state", "mx_state"])["firearms"]
    assert pairs.to_dict() == {
        ("AZ", "26"): 1618,
        ("TX", "08"): 832,
        ("TX", "11"): 831,
        ("TX", "19"): 1158,
        ("TX", "28"): 1191,
    }
    cities = tables["city_shares"].set_index("city")
    assert cities["county_share"].round(3).to_dict() == {
        "El Paso": 0.945,
        "Hidalgo County (McAllen)": 1.0,
        "Houston": 0.767,
        "Phoenix": 0.389,
        "Pima County": 1.0,
        "San Antonio": 0.854,
        "Texas border but El Paso": 1.0,
        "Tucson": 0.783,
    }
    assert all(name.isascii() for name in tables["figures"]["id"])
    regions = tables["port_seizures"].set_index("region")
    assert regions["firearms"].to_dict() == {"El Paso and San Diego": 109, "Laredo": 841, "Tucson": 161}
    ports = tables["ports_of_entry"]
    named = {office for offices in regions["field_offices"] for office in offices.split(" | ")}
    assert named == set(ports.loc[ports["southbound"] != "no", "field_office"])


def test_routes(tables: Tables) -> None:
    stops = tables["published_route_stops"]
    mexican = stops[stops["country"] == "MX"]
    seats = tables["municipalities"].set_index("cvegeo").loc[mexican["cvegeo"]]
    assert (
        np.hypot(mexican["lon"].to_numpy() - seats["lon"], mexican["lat"].to_numpy() - seats["lat"]).max()
        < 0.2
    )
    counted = stops.groupby("route_id").size()
    assert counted.to_dict() == tables["published_routes"].set_index("route_id")["n_stops"].to_dict()


def test_route_checks_are_longer_than_the_straight_line(tables: Tables) -> None:
    checks = tables["route_checks"]
    lat = np.radians((checks["origin_lat"] + checks["destination_lat"]) / 2)
    east = (checks["origin_lon"] - checks["destination_lon"]) * np.cos(lat)
    straight = 111.2 * np.hypot(east, checks["origin_lat"] - checks["destination_lat"])
    assert checks["true_km"].div(straight).between(1.0, 1.8).all()
    assert checks["tuned"].sum() == 2


def test_polygons_meet_without_overlap(tables: Tables) -> None:
    for name in ("us_states", "counties", "mx_states"):
        shapes = tables[name].geometry.to_numpy()
        whole = shapely.area(shapely.union_all(shapes))
        assert shapely.area(shapes).sum() / whole == pytest.approx(1, abs=1e-4)


def test_population(data: Path) -> None:
    with rasterio.open(data / "population.tif") as raster:
        assert tuple(raster.bounds) == (-125.0, 14.0, -85.0, 43.0)
        density = raster.read(1, masked=True)
        row, column = raster.index(-99.13, 19.43)
    assert density.min() >= 0
    assert density[row, column] > 3000
    assert density.mask.any()
