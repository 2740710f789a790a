"""Download of an ArcGIS layer: page by page, to one GeoJSON without shapes.

A layer returns a limited number of rows and sets `exceededTransferLimit` when there are more; errors come inside HTTP 200.
Only the rows and columns asked for are sent: of the licensees' layer no name, street, telephone or place.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

from corridors.core.errors import CatalogError, Fault
from corridors.sources.download.downloads import manual_instructions
from corridors.sources.download.http import RetryableError, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.sources.download.downloads import Download
    from corridors.sources.download.http import Get, Response

_BUSY = frozenset({429, 500, 502, 503, 504})
_PAGE = 2000
MAX_ANSWER = 64 << 20
"""Maximum bytes of one answer."""
MAX_ROWS = 1_000_000
"""Maximum number of rows of a layer; the largest of the list has some 80,000."""
_PAUSE_REMEDY = "The layer changed while it was read. Run it again."


class Wait(Protocol):
    """Retries an action."""

    def __call__(self, act: Callable[[], Any], /) -> Any:
        """Return the result of the action."""


def fetch_layer(
    download: Download, get: Get, wait: Wait, progress: Callable[[int, int | None], None] | None
) -> bytes:
    """Return the rows of a layer as a GeoJSON, in the order of their ids.

    Parameters
    ----------
    download
        `url` is the layer; `where` and `fields` select rows and columns.
    get, wait
        HTTP client; retries a request.
    progress
        Called with the rows so far and their number.

    Raises
    ------
    CatalogError
        When the layer answers with an error, or its rows are not as many as it says.
    """

    def ask_for(path: str, **values: object) -> Any:
        url = f"{download.url}{path}?{urlencode(values)}"
        return wait(partial(_answer, get, url, download))

    about = ask_for("", f="json")
    order = str(about.get("objectIdField") or "OBJECTID")
    most = about.get("maxRecordCount")
    size = min(_PAGE, most) if isinstance(most, int) and most > 0 else _PAGE
    rows = {"where": download.where, "f": "json", "returnCountOnly": "true"}
    expected = ask_for("/query", **rows).get("count")
    if not isinstance(expected, int):
        raise CatalogError([Fault(download.url, "a number of rows", "none", manual_instructions(download))])
    if not 0 <= expected <= MAX_ROWS:
        found, remedy = f"{expected:,}", manual_instructions(download)
        raise CatalogError([Fault(download.url, f"at most {MAX_ROWS:,} rows", found, remedy)])
    features: list[Any] = []
    more = True
    while more:
        page = ask_for("/query", **_page_query(download, order, len(features), size))
        features += _features(page, download)
        if progress is not None:
            progress(len(features), expected)
        more = bool(page["features"]) and (_has_more(page) or len(features) < expected)
        more = more and len(features) <= expected  # a server that ignores the offset would go on for ever
    _check(features, expected, download)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _page_query(download: Download, order: str, offset: int, size: int) -> dict[str, object]:
    """Return the query of one page; the order must be fixed, or pages may overlap."""
    return {
        "where": download.where,
        "outFields": ",".join((*download.fields, order)),
        "returnGeometry": "false",
        "orderByFields": order,
        "resultOffset": offset,
        "resultRecordCount": size,
        "f": "geojson",
    }


def _answer(get: Get, url: str, download: Download) -> dict[str, Any]:
    """Return one response of the layer; raise the error it may hold."""
    response = request(get, url, {"Accept-Encoding": "identity"}, download)
    try:
        body = _body(response, url, download)
    except (ConnectionError, TimeoutError) as error:
        raise RetryableError("the connection lost") from error
    finally:
        response.close()
    try:
        value = json.loads(body)
    except RecursionError as error:
        found, remedy = "values nested too deeply", manual_instructions(download)
        raise CatalogError([Fault(url, "an answer of a layer", found, remedy)]) from error
    except ValueError as error:
        if body.lstrip().startswith(b"<"):
            found = "a web page: the server may refuse programs"
            raise CatalogError([Fault(url, "data", found, manual_instructions(download))]) from error
        raise RetryableError("an answer that is not JSON") from error
    if not isinstance(value, dict):
        raise CatalogError(
            [Fault(url, "an answer of a layer", type(value).__name__, manual_instructions(download))]
        )
    if value.get("error"):
        _refuse(value["error"], url, download)
    return value


def _body(response: Response, url: str, download: Download) -> bytes:
    """Return the body of one answer, at most `MAX_ANSWER` bytes."""
    pieces, size = [], 0
    for piece in response.chunks():
        size += len(piece)
        if size > MAX_ANSWER:
            expected = f"an answer of at most {MAX_ANSWER:,} bytes"
            raise CatalogError([Fault(url, expected, "more", manual_instructions(download))])
        pieces.append(piece)
    return b"".join(pieces)


def _refuse(error: Any, url: str, download: Download) -> None:
    """Raise the error inside a response with status 200."""
    known = error if isinstance(error, dict) else {}
    found = f"error {known.get('code', '')} inside HTTP 200: {str(known.get('message', ''))[:200]!r}"
    if known.get("code") in _BUSY:
        raise RetryableError(found)
    raise CatalogError([Fault(url, "rows of the layer", found, manual_instructions(download))])


def _features(page: dict[str, Any], download: Download) -> list[Any]:
    """Return the features of a page."""
    features = page.get("features")
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise CatalogError(
            [Fault(download.url, "a page of features", "something else", manual_instructions(download))]
        )
    return features


def _has_more(page: dict[str, Any]) -> bool:
    """Return whether a page says that it is not the last, in either of the two places."""
    properties = page.get("properties")
    flags = (page, properties if isinstance(properties, dict) else {})
    return any(flag.get("exceededTransferLimit") is True for flag in flags)


def _check(features: list[Any], expected: int, download: Download) -> None:
    """Check that the rows are as many as the layer states, each once."""
    ids = [one["id"] for one in features if one.get("id") is not None]
    if len(features) != expected:
        found = f"{len(features)} rows"
        raise CatalogError([Fault(download.url, f"{expected} rows", found, _PAUSE_REMEDY)])
    if len(set(ids)) != len(ids):
        found = f"{len(ids) - len(set(ids))} given twice"
        raise CatalogError([Fault(download.url, "each row once", found, _PAUSE_REMEDY)])
