"""Fetching, against a real server on loopback that breaks in the ways servers break."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from corridors.core.errors import CatalogError, OutputError
from corridors.sources import FORMATS
from corridors.sources.agencies import atf
from corridors.sources.download import Download, Fetched, arcgis, fetch, http, read_downloads, resumable
from corridors.sources.download.downloads import manual_instructions, parse_downloads
from corridors.sources.download.http import get_https
from tests.sources.loopback import BODY, DATE, ETAG, Answer, Handler, Server, layer, reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DIGEST = hashlib.sha256(BODY).hexdigest()
BLOCKED = b"\n<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>no</BODY></HTML>\n"
FIELDS = ("USER_LIC_CNTY", "USER_LIC_TYPE")


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.answers, made.asked = [Answer()], []
    thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def loopback(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1"


def entry(server: Server, **values: Any) -> Download:
    made = Download("some", "Some file", "bts", "some.bin", "https://example.org/page", "none", server.url)
    return replace(made, **values)


def bring(download: Download, folder: Path, **values: Any) -> tuple[Fetched, list[float]]:
    waits: list[float] = []
    given: dict[str, Any] = {"get": partial(get_https, allowed=loopback), "sleep": waits.append}
    return fetch(download, folder, **given | values), waits


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_brought_and_nothing_else_is_left(server: Server, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    got, waits = bring(
        entry(server), tmp_path / "new", progress=lambda done, total: told.append((done, total))
    )
    assert got == Fetched(tmp_path / "new" / "some.bin", len(BODY), DIGEST)
    assert got.path.read_bytes() == BODY
    assert names(tmp_path / "new") == ["some.bin"]
    assert told[-1] == (len(BODY), len(BODY))
    assert waits == []


def test_a_dropped_connection_is_taken_up_where_it_stopped(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(cut=300_000), Answer(cut=200_000), Answer()]
    got, waits = bring(entry(server, sha256=DIGEST), tmp_path)
    assert got.resumed
    assert got.path.read_bytes() == BODY
    assert waits == [2, 4]
    assert server.ranges() == [None, "bytes=262144-", "bytes=458752-"]
    assert server.asked[1][1]["if-range"] == ETAG
    assert names(tmp_path) == ["some.bin"]


def test_an_unfinished_file_waits_for_the_next_run(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(cut=300_000)]
    with pytest.raises(
        CatalogError, match=r"lost after 262144 of 1024000 bytes, 1 of 1 tries.*goes on from there"
    ):
        bring(entry(server), tmp_path, tries=1)
    assert names(tmp_path) == ["some.bin.part", "some.bin.part.json"]
    server.answers = [Answer()]
    got, _ = bring(entry(server), tmp_path)
    assert got.resumed
    assert got.sha256 == DIGEST


@pytest.mark.parametrize(
    "second",
    [
        Answer(ranges=False),
        Answer(headers={"ETag": '"two"', "Last-Modified": DATE}),
        Answer(headers={"ETag": '"two"', "Last-Modified": DATE}, minds_if_range=False),
        Answer(
            headers={"ETag": ETAG, "Last-Modified": "Tue, 02 Jun 2026 10:00:00 GMT"}, minds_if_range=False
        ),
        Answer(body=BODY + b"more", minds_if_range=False),
        Answer(body=BODY[:1000], minds_if_range=False),
    ],
)
def test_another_version_starts_over(server: Server, tmp_path: Path, second: Answer) -> None:
    second = replace(second, body=second.body[::-1])
    server.answers = [Answer(cut=300_000), second]
    got, _ = bring(entry(server), tmp_path)
    assert not got.resumed
    assert got.path.read_bytes() == second.body


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}])
def test_without_a_firm_version_nothing_is_taken_up(
    server: Server, tmp_path: Path, headers: dict[str, str]
) -> None:
    server.answers = [Answer(cut=300_000, headers=headers), Answer(headers=headers)]
    got, _ = bring(entry(server), tmp_path)
    assert server.ranges() == [None, None]
    assert got.path.read_bytes() == BODY


def test_the_part_of_another_address_or_a_torn_note_is_not_used(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(cut=300_000), Answer()]
    with pytest.raises(CatalogError):
        bring(entry(server), tmp_path, tries=1)
    bring(entry(server, url=f"{server.url}/other"), tmp_path)
    (tmp_path / "some.bin.part").write_bytes(b"torn")
    (tmp_path / "some.bin.part.json").write_text('{"url": "ht', encoding="utf-8")
    got, _ = bring(entry(server), tmp_path)
    assert server.ranges() == [None] * 3
    assert got.sha256 == DIGEST


def test_a_part_that_is_whole_already_is_taken(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(cut=300_000), Answer()]
    with pytest.raises(CatalogError):
        bring(entry(server), tmp_path, tries=1)
    (tmp_path / "some.bin.part").write_bytes(BODY)
    got, _ = bring(entry(server), tmp_path)
    assert server.ranges() == [None, f"bytes={len(BODY)}-"]
    assert got.sha256 == DIGEST


def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    busy = [
        Answer(status=503),
        Answer(status=429, headers={"Retry-After": "7"}),
        Answer(status=500, headers={"Retry-After": soon}),
    ]
    server.answers = [*busy, Answer()]
    got, waits = bring(entry(server), tmp_path)
    assert got.sha256 == DIGEST
    assert waits[:2] == [2, 7]
    assert 45 < waits[2] <= 50


def test_a_server_that_asks_for_an_hour_is_left_alone(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(status=503, headers={"Retry-After": "3600"})]
    with pytest.raises(CatalogError, match=r"wait 3600 seconds\. Run it again later"):
        bring(entry(server), tmp_path)
    assert len(server.asked) == 1


def test_tries_end(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(status=502)]
    waits: list[float] = []
    with pytest.raises(CatalogError, match="HTTP 502, 4 of 4 tries"):
        bring(entry(server), tmp_path, sleep=waits.append)
    assert waits == [2, 4, 8]


def test_no_server_is_told_so(server: Server, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(CatalogError, match=r"no connection \(ConnectionError\), 2 of 2"):
            bring(entry(server, url=url), tmp_path, tries=2)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refusal_says_what_a_person_can_do(server: Server, tmp_path: Path, status: int) -> None:
    server.answers = [Answer(status=status, body=BLOCKED)]
    download = entry(server, pick="the newest file")
    with pytest.raises(CatalogError) as error:
        bring(download, tmp_path)
    assert f"HTTP {status}" in str(error.value)
    told = "by hand from https://example.org/page (the newest file), then `corridors check FILE --as bts`."
    assert told in str(error.value)
    assert len(server.asked) == 1
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(body=b"another file"), hashlib.sha256(b"another file").hexdigest()),
        (Answer(body=BLOCKED), "a web page"),
        (Answer(body=b"\xef\xbb\xbf<!DOCTYPE html>\n<p>moved"), "a web page"),
        (Answer(body=b'<?xml version="1.0"?><html xmlns="x"/>'), "a web page"),
        (Answer(body=b""), "an empty one"),
    ],
)
def test_a_wrong_file_never_takes_the_place_of_a_good_one(
    server: Server, tmp_path: Path, answer: Answer, found: str
) -> None:
    (tmp_path / "some.bin").write_bytes(b"the good one")
    server.answers = [answer]
    with pytest.raises(CatalogError, match=found):
        bring(entry(server, sha256=DIGEST), tmp_path)
    assert names(tmp_path) == ["some.bin"]
    assert (tmp_path / "some.bin").read_bytes() == b"the good one"


def test_data_that_only_looks_like_a_page_is_data(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(body=b'<?xml version="1.0"?><osm version="0.6"></osm>')]
    got, _ = bring(entry(server), tmp_path)
    assert got.bytes == 46


def test_an_older_file_is_replaced_by_the_new_one(server: Server, tmp_path: Path) -> None:
    (tmp_path / "some.bin").write_bytes(b"last month")
    got, _ = bring(entry(server), tmp_path)
    assert got.path.read_bytes() == BODY


def test_the_right_file_is_not_brought_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "some.bin").write_bytes(BODY)
    got, _ = bring(entry(server, sha256=DIGEST), tmp_path)
    assert got == Fetched(tmp_path / "some.bin", len(BODY), DIGEST, skipped=True)
    assert server.asked == []


def test_a_compressed_answer_is_kept_open(server: Server, tmp_path: Path) -> None:
    headers = {"Content-Encoding": "gzip", "ETag": ETAG}
    server.answers = [Answer(body=gzip.compress(BODY), headers=headers)]
    got, _ = bring(entry(server), tmp_path)
    assert got.sha256 == DIGEST
    assert server.asked[0][1]["accept-encoding"] == "identity"


def test_what_a_person_must_fetch_is_not_asked_for(server: Server, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"Download by hand from https://example\.org/page"):
        bring(entry(server, by_hand=True), tmp_path)
    assert server.asked == []


def test_a_folder_that_cannot_be_written_is_an_output_error(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="expected a folder to write in"):
        bring(entry(server), tmp_path / "file")


def test_only_https_is_asked_by_default(server: Server, tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="expected an https address"):
        fetch(entry(server), tmp_path)
    assert server.asked == []


def test_redirects_are_followed_but_not_out_of_what_is_allowed(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(status=302, headers={"Location": "/next"}), Answer()]
    got, _ = bring(entry(server), tmp_path)
    assert got.sha256 == DIGEST
    assert [path for path, _ in server.asked] == ["/", "/next"]
    server.answers = [Answer(status=302, headers={"Location": "http://example.org/x"})]
    with pytest.raises(CatalogError, match=r"http://example.org/x: expected an https address"):
        bring(entry(server), tmp_path)
    server.answers = [Answer(status=302, headers={"Location": "/again"})]
    with pytest.raises(CatalogError, match="6 redirects"):
        bring(entry(server), tmp_path)


@pytest.mark.parametrize("place", ["properties", "top", "nowhere"])
@pytest.mark.parametrize("rows", [0, 3, 4, 11, 12])
def test_a_layer_is_read_page_by_page(server: Server, tmp_path: Path, rows: int, place: str) -> None:
    server.answers = [layer(rows, place=place)]
    got, _ = bring(entry(server, fields=FIELDS, where="A IN ('x')"), tmp_path)
    value = json.loads(got.path.read_bytes())
    assert [one["properties"]["USER_LIC_CNTY"] for one in value["features"]] == list(range(rows))
    assert "exceededTransferLimit" not in got.path.read_text("utf-8")
    query = parse_qs(urlsplit(server.asked[-1][0]).query)
    assert query["outFields"] == ["USER_LIC_CNTY,USER_LIC_TYPE,FID"]
    assert (query["where"], query["orderByFields"]) == (["A IN ('x')"], ["FID"])
    assert query["returnGeometry"] == ["false"]


def test_a_layer_is_asked_again_when_it_is_busy(server: Server, tmp_path: Path) -> None:
    whole = layer(6)
    busy = reply({"error": {"code": 503, "message": "busy"}})
    server.answers = [busy, whole, Answer(cut=3), whole, Answer(body=b"{"), whole]
    got, waits = bring(entry(server, fields=FIELDS), tmp_path)
    assert waits == [2, 2, 2]
    assert len(json.loads(got.path.read_bytes())["features"]) == 6


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (
            reply({"error": {"code": 400, "message": "Invalid query"}}),
            "error 400 inside HTTP 200: 'Invalid query'",
        ),
        (Answer(body=BLOCKED), "a web page"),
        (reply([1]), "found list"),
        (reply({}), "a number of rows, found none"),
        (layer(11, count=13), "expected 13 rows, found 11 rows"),
        (layer(11, count=9), "expected 9 rows, found 11 rows"),
        (layer(8, place="nowhere", forgets=True), "expected each row once, found 4 given twice"),
        (layer(11, forgets=True), "expected 11 rows, found 12 rows"),
    ],
)
def test_a_layer_that_is_not_whole_is_refused(
    server: Server, tmp_path: Path, answer: Answer | Callable[[str], Answer], found: str
) -> None:
    server.answers = [answer]
    with pytest.raises(CatalogError, match=re.escape(found)):
        bring(entry(server, fields=FIELDS), tmp_path)
    assert names(tmp_path) == []


def test_the_shipped_list_names_formats_that_exist() -> None:
    suffixes = {one.id: one.suffixes for one in FORMATS.values()}
    listed = read_downloads()
    assert {one.format for one in listed.values()} - {""} <= set(suffixes)
    assert all(one.file.endswith(tuple(suffixes[one.format])) for one in listed.values() if one.format)
    assert not any(one.checked for one in listed.values())
    assert {"atf_list", "atf_arcgis", "bts", "cbp_weapons", "cbp_wait", "osm_mexico"} <= set(listed)
    for name in ("transborder", "bridge_counts", "dated_seizures"):
        entry = listed[name]
        assert entry.by_hand
        assert f"corridors check FILE --as {name}" in manual_instructions(entry)
    assert "no bridge system keeps a file at a fixed address: ask" in listed["bridge_counts"].pick


def test_the_layer_of_licensees_is_asked_for_no_person_and_no_place() -> None:
    download = read_downloads()["atf_arcgis"]
    assert not [one for one in download.fields if re.search("NAME|STREET|PHONE|MAIL|CITY", one)]
    assert {one.lower() for one in download.fields} == set(atf._LAYER_SIGNATURE)


def test_a_list_with_faults_says_them_all() -> None:
    text = """
    [[download]]
    id = "a"
    title = "A"
    format = "bts"
    file = "../a.csv"
    page = "http://example.org"
    colour = "red"
    [[download]]
    id = "a"
    """
    with pytest.raises(CatalogError) as error:
        parse_downloads(text)
    told = str(error.value)
    for said in (
        "a key licence",
        "a known key, found unknown key 'colour'",
        "by_hand = true, found neither",
        "an https address, found 'http://example.org'",
        "a plain file name, found '../a.csv'",
        "each id once, found 'a'",
    ):
        assert said in told


@pytest.mark.parametrize("total", ["²", "٣", "9" * 5000, "-1", "1e3"])
def test_odd_digits_of_a_length_are_no_length(total: str) -> None:
    found = resumable._version("u", Odd({"content-length": total, "etag": ETAG}))
    assert found.total is None
    assert http._retry_after({"retry-after": total}) in {None, float("9" * 9)}


class Odd:
    """A response of headers alone."""

    status = 200

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers

    def chunks(self) -> Iterator[bytes]:
        """Yield nothing."""
        yield from ()

    def close(self) -> None:
        """Do nothing."""


def test_a_cut_file_is_not_whole_because_a_server_says_so(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(cut=300_000)]
    with pytest.raises(CatalogError):
        bring(entry(server), tmp_path, tries=1)
    have = (tmp_path / "some.bin.part").stat().st_size
    lie = Answer(body=b"", status=416, headers={"Content-Range": f"bytes */{have}", "ETag": ETAG})
    server.answers = [lie, Answer()]
    got, _ = bring(entry(server), tmp_path)
    assert got.path.read_bytes() == BODY


@pytest.mark.parametrize("headers", [{}, {"Content-Length": str(10**12)}])
def test_more_than_any_file_of_the_kind_is_refused(
    headers: dict[str, str], server: Server, tmp_path: Path
) -> None:
    server.answers = [Answer(body=b"x" * 3_000_000, headers={"ETag": ETAG, **headers})]
    with pytest.raises(CatalogError, match="at most 1,000,000 bytes"):
        bring(entry(server, max_mb=1), tmp_path)
    assert names(tmp_path) == []


def test_a_body_that_trickles_is_given_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SLOW_SECONDS", 0.3)
    server.answers = [Answer(cut=300_000, stall=3.0), Answer()]
    got, waits = bring(entry(server), tmp_path)
    assert got.resumed
    assert got.path.read_bytes() == BODY
    assert waits == [2]


def test_a_web_page_after_blanks_is_still_a_web_page(server: Server, tmp_path: Path) -> None:
    server.answers = [Answer(body=b" \n" * 5000 + b"<!DOCTYPE html><html></html>")]
    with pytest.raises(CatalogError, match="a web page"):
        bring(entry(server), tmp_path)


@pytest.mark.parametrize(
    "answers",
    [
        [reply({"objectIdField": "FID"}), reply({"count": 10**9})],
        [reply({"objectIdField": "FID"}), reply({"count": -1})],
        [Answer(body=b"[" * 200_000)],
        [Answer(body=b" " * 3_000_000)],
    ],
)
def test_a_layer_that_never_ends_is_refused(
    answers: list[Answer], server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arcgis, "MAX_ANSWER", 2_000_000)
    server.answers = [*answers]
    with pytest.raises(CatalogError, match=r"at most|nested too deeply"):
        bring(entry(server, fields=("FID",), file="some.geojson"), tmp_path)
    assert len(server.asked) <= 2
