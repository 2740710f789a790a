"""An analyst's own files, in the agencies' formats, through the whole pipeline by the TOML alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import rasterio
from affine import Affine

from corridors.config import Config, read_config
from corridors.core.errors import InputError
from corridors.core.own_settings import DataFile
from corridors.jobs.check import check_file
from corridors.jobs.districts import district_counties, license_cells
from corridors.jobs.inputs import default_data, load_inputs
from corridors.jobs.progress import Progress
from corridors.jobs.run import run
from corridors.jobs.source_list import source_rows
from corridors.jobs.stages import build_network, prepare, prepare_run
from corridors.jobs.validate import validate_of
from corridors.network import zone_districts
from corridors.network.ports import current_ports
from corridors.outputs.pages import render_sources
from tests.outputs.page_islands import whole_text
from tests.privacy import narrowed, said_by
from tests.sources.agencies import test_bridge_counts, test_dated_seizures, test_freight
from tests.sources.osm_world import MX, US
from tests.sources.packed import zipped

DATA = default_data()
SECRETS = ("ZEBEDEE QUAGMIRE", "QUAGMIRE ARMS", "17 UNFINDABLE LN", "5205550199", "PO BOX 90210X")


def sedena(path: Path) -> None:
    """A spreadsheet in the manner of an answer to an information request: titles, capitals, no accents."""
    towns = pd.read_csv(DATA / "municipalities.csv", dtype=str)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["SECRETARIA DE LA DEFENSA NACIONAL"])
    sheet.append([])
    sheet.append(["FECHA", "ESTADO", "MUNICIPIO", "ARMAS LARGAS", "ARMAS CORTAS"])
    for n, row in enumerate(towns.itertuples(index=False)):
        sheet.append(["2024-03-05", str(row.state_name).upper(), str(row.name).upper(), n % 7, n % 3])
    sheet.append(["2024-03-05", "SONORA", "NOGALLES", 2, 1])
    book.save(path)


def atf_list(path: Path) -> None:
    """A monthly list of licences with names, streets and phones that must not come through."""
    header = [
        "LIC_REGN",
        "LIC_DIST",
        "LIC_CNTY",
        "LIC_TYPE",
        "LIC_XPRDTE",
        "LIC_SEQN",
        "LICENSE_NAME",
        "BUSINESS_NAME",
        "PREMISE_STREET",
        "PREMISE_CITY",
        "PREMISE_STATE",
        "PREMISE_ZIP_CODE",
        "MAIL_STREET",
        "MAIL_CITY",
        "MAIL_STATE",
        "MAIL_ZIP_CODE",
        "VOICE_PHONE",
    ]
    name, shop, street, phone, box = SECRETS
    points = pd.read_csv(DATA / "zip_points.csv", dtype=str)
    lines = ["\t".join(header), "\t".join("--------" for _ in header)]
    for n, row in enumerate(points.itertuples(index=False)):
        for copy in range(1 + n % 3):
            cells = ["9", "86", str(row.fips)[2:], "01", "8F", f"{n:04d}{copy}", name, shop, street, "CITY"]
            cells += [str(row.us_state), str(row.zip), box, "CITY", str(row.us_state), str(row.zip), phone]
            lines.append("\t".join(cells))
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")


@pytest.fixture(scope="module")
def own_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with seizures from a spreadsheet and dealers from an ATF list."""
    folder = tmp_path_factory.mktemp("own")
    sedena(folder / "sedena_2024.xlsx")
    atf_list(folder / "0126-ffl-list.txt")
    toml = folder / "corridors.toml"
    toml.write_text(
        '[run]\nmode = "point"\nworlds = 2\nvariants = 0\n'
        '[data]\nseizures = { file = "sedena_2024.xlsx", format = "sedena" }\n'
        'licences = { file = "0126-ffl-list.txt", format = "atf_list" }\n',
        encoding="utf-8",
    )
    run(read_config(toml)).write(folder / "out")
    return folder / "out"


def test_the_manifest_says_what_was_kept(own_run: Path) -> None:
    manifest = json.loads((own_run / "manifest.json").read_text(encoding="utf-8"))
    reports = {report["format"]: report for report in manifest["reports"]}
    assert reports["sedena"]["rows"] == 2479
    assert reports["sedena"]["kept"] + sum(reports["sedena"]["dropped"].values()) == 2479
    assert any("NOGALLES" in note for note in reports["sedena"]["notes"])
    assert reports["atf_list"]["kept"] == reports["atf_list"]["rows"]
    mine = next(source for source in manifest["sources"] if source["id"] == "seizures_municipal")
    assert mine["file"] == "sedena_2024.xlsx"
    assert str(own_run.parent) not in json.dumps(manifest)


def test_the_map_names_the_files(own_run: Path) -> None:
    page = (own_run / "map.html").read_text(encoding="utf-8")
    assert "sedena_2024.xlsx" in page
    assert "0126-ffl-list.txt" in page


def test_zones_are_of_zip_codes(own_run: Path) -> None:
    zones = pd.read_csv(own_run / "data/zone_port.csv")["zone_id"]
    assert zones.str.fullmatch(r"zip:\d{5}").all()
    assert zones.nunique() > 500


def test_no_count_of_1_to_4_licenses_can_be_worked_out(own_run: Path) -> None:
    read = load_inputs(read_config(own_run.parent / "corridors.toml"))
    counties = district_counties(read, build_network(read))
    held = license_cells(read.tables, zone_districts(read.tables, counties), counties)
    published = said_by(own_run, 2026)
    assert {Path(one.where).suffix for one in published} == {
        ".gpkg",
        ".csv",
        ".geojson",
        ".parquet",
        ".html",
    }
    assert narrowed(held, published) == []


def test_no_licensee_comes_through(own_run: Path) -> None:
    """No output holds a name, street or phone of the list that was read."""
    for path in own_run.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".html":
                content = whole_text(content.decode()).encode()
            for secret in SECRETS:
                assert secret.encode() not in content, (path.name, secret)


def test_a_city_pair_of_openstreetmap_becomes_a_map(tmp_path: Path) -> None:
    """Two small extracts, one a side: what the roads do not cover is left out and counted, and a map comes of it."""
    pair = tmp_path / "nogales"
    pair.mkdir()
    US.write(pair / "us.osm")
    MX.write(pair / "mx.osm")
    toml = tmp_path / "corridors.toml"
    toml.write_text(
        '[run]\nname = "nogales"\nmode = "point"\nworlds = 2\nvariants = 1\npartial = true\n[data]\nroads = { file = "nogales", format = "osm_xml" }\n',
        encoding="utf-8",
    )
    whole = toml.read_text(encoding="utf-8").replace("partial = true\n", "")
    (tmp_path / "whole.toml").write_text(whole, encoding="utf-8")
    with pytest.raises(InputError, match=r"of 2,478 municipalities.*2 of 42 ports of entry.*--partial"):
        run(read_config(tmp_path / "whole.toml"))
    config = read_config(toml)
    result = run(config)
    manifest = result.write(tmp_path / "out")
    assert manifest["run"]["part"]["ports"] == 2
    for name in (
        "map.html",
        "embed/citation.txt",
        "embed/index.html",
        "embed/map.svg",
        "embed/attribution.txt",
    ):
        assert "2 de 42 cruces fronterizos" in (tmp_path / "out" / name).read_text(encoding="utf-8"), name
    ports = pd.read_csv(tmp_path / "out/data/ports.csv")
    assert ports["poe_id"].tolist() == ["AZ-DEC", "AZ-MAR"]
    assert ports["share_mean"].sum() == pytest.approx(1)
    towns = manifest["rows"]["municipalities"]
    assert towns["used"] + towns["dropped"]["outside the roads given"] == towns["read"] == 2478
    assert 0 < towns["used"] < 10
    page = (tmp_path / "out/map.html").read_text(encoding="utf-8")
    assert "nogales" in page
    assert "Vías: OpenStreetMap contributors (nogales)" in page
    tests = validate_of(
        config=config,
        inputs=result.inputs,
        network=result.network,
        evidence=result.evidence,
        posterior=result.posterior,
        problem=prepare(result.network, result.evidence, config),
        progress=Progress(),
    )
    assert {row["code"] for row in tests.rows} == {"V8", "V10"}  # all else is of more than these two towns
    tests.write(tmp_path / "validation")
    assert "V5" in (tmp_path / "validation/validation.html").read_text(encoding="utf-8")


def test_an_elevation_raster_is_taken_and_named(tmp_path: Path) -> None:
    profile = {"driver": "GTiff", "dtype": "int16", "count": 1, "height": 2, "width": 2, "crs": "EPSG:32612"}
    with rasterio.open(
        tmp_path / "mdt.tif", "w", **profile, transform=Affine(1000, 0, 5e5, 0, -1000, 35e5)
    ) as out:
        out.write(np.full((1, 2, 2), 1200, dtype="int16"))
    toml = tmp_path / "corridors.toml"
    toml.write_text('[data]\nelevation = "mdt.tif"\n', encoding="utf-8")
    inputs = load_inputs(read_config(toml), DATA)
    assert inputs.elevation == tmp_path / "mdt.tif"
    assert load_inputs(read_config(None), DATA).elevation is None
    mine = next(source for source in inputs.sources if source.id == "elevation")
    assert (mine.file, len(mine.sha256)) == ("mdt.tif", 64)
    assert check_file(tmp_path / "mdt.tif", "elevation", DATA).kept == 1


def test_the_page_of_sources_names_the_states_a_file_is_of(tmp_path: Path) -> None:
    header = "FECHA,ESTADO,MUNICIPIO,ARMAS LARGAS,ARMAS CORTAS"
    rows = "2024-03-05,SONORA,NOGALES,2,1\n2024-03-05,SINALOA,CULIACAN,5,1"
    (tmp_path / "two.csv").write_text(f"{header}\n{rows}\n", encoding="utf-8")
    toml = tmp_path / "corridors.toml"
    toml.write_text('[data]\nmine = { file = "two.csv", format = "sedena" }\n', encoding="utf-8")
    page = render_sources(source_rows(load_inputs(read_config(toml), DATA), date(2026, 11, 24)))
    assert "2 of 32 states (only Sinaloa, Sonora)" in page


def test_events_freight_and_bridges_of_ones_own_stand_in_place_of_the_shipped(tmp_path: Path) -> None:
    """Files in three formats, by the TOML alone: the tables, their sources, and that a run goes on with them."""
    rows = [test_freight.row(value=5), test_freight.row("AZ", "2604", mx_state="NA", value=7)]
    (tmp_path / "April2024.zip").write_bytes(zipped({"dot1_0424.csv": test_freight.text(rows)}))
    test_dated_seizures.put(tmp_path / "events.csv", [test_dated_seizures.row()])
    test_bridge_counts.put(
        tmp_path / "bridges.csv", [["TX-LB2", "2024-06", 250000, ""]], ["cruce", "mes", "sur", "norte"]
    )
    toml = tmp_path / "corridors.toml"
    toml.write_text(
        '[data]\nfreight = { file = "April2024.zip", format = "transborder" }\n'
        'events = { file = "events.csv", format = "dated_seizures" }\n'
        'bridges = { file = "bridges.csv", format = "bridge_counts", '
        'columns = { url = "https://example.org/bridges" } }\n',
        encoding="utf-8",
    )
    inputs = load_inputs(read_config(toml))
    assert inputs.tables["freight_flows"]["value_usd"].tolist() == [7, 5]
    assert inputs.tables["seizure_events"]["cvegeo"].tolist() == ["26043"]
    assert inputs.tables["southbound_factors"]["poe_id"].tolist() == ["TX-LB2"]
    assert set(inputs.tables["freight_flows"]["source_id"]) == {"April2024.zip"}
    sources = {source.id: source for source in inputs.sources}
    names = {
        "freight_flows": "April2024.zip",
        "seizure_events": "events.csv",
        "southbound_factors": "bridges.csv",
    }
    assert {table_id: sources[table_id].file for table_id in names} == names
    assert sources["freight_flows"].period == "2024-04"
    assert sources["freight_flows"].publisher.endswith("Bureau of Transportation Statistics")
    assert "estimated from whole years" in sources["southbound_factors"].note
    assert sources["port_events"].file == "port_events.csv"
    ports = current_ports(inputs.tables).set_index("poe_id")
    known = ports["southbound_factor"].dropna()
    assert known.index.tolist() == ["TX-LB2"]
    assert float(ports["factor_spread"].to_dict()["TX-LB2"]) == pytest.approx(0.35, abs=0.001)
    prepare_run(inputs, Config())


def test_a_format_is_guessed_where_the_suffix_is_no_tables_own(tmp_path: Path) -> None:
    atf_list(tmp_path / "0126-ffl-list.txt")
    read = load_inputs(Config(data={"dealers": DataFile(file=tmp_path / "0126-ffl-list.txt")}))
    assert read.reports[0].format == "atf_list"
    assert "dealers_zip" in read.tables
    with pytest.raises(InputError) as caught:
        load_inputs(Config(data={"nics": DataFile(file=tmp_path / "0126-ffl-list.txt")}))
    assert "expected a file for the table 'nics', found one for dealers_zip" in str(caught.value)
