"""A vector file or raster is what its suffix says; no server is asked, and no other file read, whatever its content."""

from __future__ import annotations

import contextlib
import json
import threading
import warnings
import zipfile
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest
from shapely import LineString

from corridors.core.errors import InputError, SchemaError
from corridors.sources.agencies.inegi import read_outlines
from corridors.sources.reading.plain import read_table
from corridors.sources.reading.vector_files import asking_nobody, refuse_disguised
from corridors.sources.registry import guess_format, load_as
from corridors.sources.roads.layers import OGR, read_features
from corridors.sources.schemas import Context
from corridors.sources.tables import load_raster
from tests.sources.loopback import Answer, Handler, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="roads"><SrcDataSource>{source}</SrcDataSource>'
    "<SrcLayer>roads</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
)
POINTS = [[-111, 31], [-110, 32]]
LINE = {"type": "LineString", "coordinates": POINTS}


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a server that notes whatever is asked."""
    one = Server(("127.0.0.1", 0), Handler)
    one.answers, one.asked = [Answer(b"{}")], []
    thread = threading.Thread(target=one.serve_forever, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


def geojson(**more: object) -> str:
    """Return one road as GeoJSON."""
    feature = {"type": "Feature", "properties": {"highway": "primary"}, "geometry": LINE}
    return json.dumps({"type": "FeatureCollection", **more, "features": [feature]})


def disguises(url: str) -> dict[str, str]:
    """Return name to text of files that GDAL would follow to an address."""
    remote = f"/vsicurl/{url}/r.geojson"
    schema = (
        f"http://a.b/c {url}/w?SERVICE=WFS&amp;VERSION=1.1.0&amp;REQUEST=DescribeFeatureType&amp;TYPENAME=r"
    )
    gml = (
        '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs" xmlns:gml="http://www.opengis.net/gml" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{schema}"><gml:featureMember><r>'
        "<gml:lineStringProperty><gml:LineString><gml:coordinates>-110,31 -110,32</gml:coordinates></gml:LineString>"
        "</gml:lineStringProperty></r></gml:featureMember></wfs:FeatureCollection>"
    )
    pipeline = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {remote}"}
    return {
        **{f"vrt{suffix}": VRT.format(source=remote) for suffix in OGR if suffix != ".gdb"},
        "both.kml": f"<kml></kml>{VRT.format(source=remote)}",
        "far.kml": f"<kml>{' ' * 2_000_000}</kml>{VRT.format(source=remote)}",
        "service.gml": f"<OGRWFSDataSource><URL>{url}/wfs</URL></OGRWFSDataSource>",
        "schema.gml": gml,
        "pipeline.json": json.dumps(pipeline),
        "pipeline.geojson": json.dumps(pipeline),
        "crs.geojson": geojson(crs={"type": "link", "properties": {"href": f"{url}/crs", "type": "ogcwkt"}}),
        "crs_last.geojson": geojson(
            crs={"properties": {"type": "ogcwkt", "href": f"{url}/crs"}, "type": "link"}
        ),
        "name.geojson": f"{url}/r.geojson",
    }


NAMES = sorted(disguises(""))


@pytest.mark.parametrize("name", NAMES)
def test_no_server_is_asked(name: str, tmp_path: Path, server: Server, context: Context) -> None:
    text = disguises(server.url)[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    packed = tmp_path / f"{path.stem}-{path.suffix[1:]}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
        archive.writestr("00mun.shp", text)
    for file in (path, packed):
        for read in (
            lambda file: read_features(file, lambda _: ""),
            lambda file: read_table(file, "roads"),
            lambda file: read_outlines(file, context),
            lambda file: guess_format(file, context),
        ):
            try:
                read(file)
            except InputError:
                continue
            assert name == "schema.gml"  # its own lines are read, its schema is not asked for
    assert server.asked == []


def test_even_what_is_not_recognized_reaches_nobody(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corridors.sources.roads.layers.refuse_disguised", lambda *_: None)
    for name, text in disguises(server.url).items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with contextlib.suppress(InputError), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of GDAL, which looks for an address that it cannot reach
            read_features(path, lambda _: "")
    assert server.asked == []


def test_another_file_is_not_read_in_disguise(tmp_path: Path) -> None:
    other = tmp_path / "other.geojson"
    other.write_text(geojson(), encoding="utf-8")
    path = tmp_path / "roads.geojson"
    path.write_text(VRT.format(source=other).replace("<SrcLayer>roads</SrcLayer>", ""), encoding="utf-8")
    with pytest.raises(SchemaError, match="as its name says"):
        read_features(path, lambda _: "")
    (tmp_path / "roads.gdb").mkdir()
    with pytest.raises(SchemaError, match="a file geodatabase"):
        read_features(tmp_path / "roads.gdb", lambda _: "")
    other.rename(tmp_path / "other.gdb")
    with pytest.raises(SchemaError, match="a file geodatabase"):
        read_features(tmp_path / "other.gdb", lambda _: "")


@pytest.mark.parametrize(
    ("suffix", "driver"), [(".gpkg", "GPKG"), (".fgb", "FlatGeobuf"), (".shp", "ESRI Shapefile")]
)
@pytest.mark.parametrize("other", [".gpkg", ".geojson", ".fgb", ".kml"])
def test_a_file_under_another_suffix_is_refused(suffix: str, driver: str, other: str, tmp_path: Path) -> None:
    line = gpd.GeoDataFrame({"ref": ["15"]}, geometry=[LineString(POINTS)], crs=4326)
    path = tmp_path / f"a{suffix}"
    line.to_file(path, driver=driver)
    refuse_disguised(path)
    if other != suffix:
        with pytest.raises(SchemaError, match=f"a {other} file, as its name says"):
            refuse_disguised(path.rename(tmp_path / f"a{other}"))


def test_an_ordinary_link_in_a_property_is_no_reference(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    text = geojson(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}})
    path.write_text(
        "\ufeff \n" + text.replace('"primary"', '"primary", "url": "https://example.org/vsi"'),
        encoding="utf-8",
    )
    refuse_disguised(path)


def test_the_settings_of_gdal_are_given_back() -> None:
    before = pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY")
    with contextlib.suppress(KeyError), asking_nobody():
        assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") != before
        raise KeyError
    assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") == before


@pytest.mark.parametrize("table", ["population", "elevation"])
def test_a_raster_asks_no_server(table: str, tmp_path: Path, server: Server, data: Path) -> None:
    texts = (
        (
            '<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
            f"<SourceFilename>/vsicurl/{server.url}/e.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
        ),
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{server.url}/${{z}}.png</ServerUrl></Service></GDAL_WMS>',
    )
    path = tmp_path / "a.tif"
    for text in texts:
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SchemaError, match="a GeoTIFF"):
            load_raster(table, path, data=data)
    assert server.asked == []


def test_a_guess_asks_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(
        "corridors.sources.roads.osm_city.query_overpass", lambda *box, **_: asked.append(box)
    )
    path = tmp_path / "request.toml"
    path.write_text("rate_limit = false\nbbox = [[-111.05, 31.25, -110.85, 31.45]]\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="--as overpass"):
        guess_format(path, Context({}))
    assert asked == []
    with pytest.raises(SchemaError):
        load_as(path, "overpass", Context({}))
    assert asked
