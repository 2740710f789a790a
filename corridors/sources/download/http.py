"""Asking a server for a file: what an answer is, who asks by default, and how often to ask again."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urljoin

import requests

from corridors.core.errors import CatalogError, Fault
from corridors.sources.download.downloads import is_secure, manual_instructions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from corridors.sources.download.downloads import Download

T = TypeVar("T")
TIMEOUT = (20, 90)  # seconds: to connect, and between two pieces
PIECE = 1 << 16  # bytes; of a piece cut short nothing is kept
MOST_HOPS = 6
MOST_WAIT = 300.0  # seconds; a server that asks for more is asked again another day
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
RANGE_NOT_SATISFIABLE = 416


class Response(Protocol):
    """An answer whose body has not been read yet."""

    @property
    def status(self) -> int:
        """HTTP status, redirects already followed."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers by lower-case name."""

    def pieces(self) -> Iterator[bytes]:
        """Yield the body. Raises ConnectionError or TimeoutError where the connection is lost."""

    def close(self) -> None:
        """Let the connection go."""


class Get(Protocol):
    """Who asks. Raises ConnectionError or TimeoutError where there is no answer."""

    def __call__(self, url: str, headers: Mapping[str, str], /) -> Response:
        """Return the answer to a GET."""


class AgainError(Exception):
    """An attempt failed in a way that may pass.

    Parameters
    ----------
    found
        What was found.
    wait
        Seconds the server asks to wait, None when it does not say.
    """

    def __init__(self, found: str, wait: float | None = None) -> None:
        super().__init__(found)
        self.found = found
        self.wait = wait


class Streamed:
    """An answer of `requests`, its errors turned into those of this module."""

    def __init__(self, answer: requests.Response) -> None:
        self._answer = answer
        self.status = answer.status_code
        self.headers = {name.lower(): value for name, value in answer.headers.items()}

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it arrives."""
        with _lost():
            yield from self._answer.iter_content(PIECE)

    def close(self) -> None:
        """Let the connection go."""
        self._answer.close()


def get_https(
    url: str, headers: Mapping[str, str], /, *, allowed: Callable[[str], bool] = is_secure
) -> Response:
    """Return the answer to a GET, certificates verified, redirects followed while they are allowed.

    Parameters
    ----------
    url, headers
        What to ask.
    allowed
        Which addresses may be asked; only https by default.

    Raises
    ------
    ConnectionError, TimeoutError
        Where there is no answer.
    CatalogError
        Where an address is not allowed, a certificate is not valid, or redirects do not end.
    """
    for _ in range(MOST_HOPS):
        if not allowed(url):
            remedy = "Download it by hand if you trust the address."
            raise CatalogError([Fault(url, "an https address", "another", remedy)])
        with _lost():
            answer = requests.get(
                url, headers=dict(headers), stream=True, timeout=TIMEOUT, allow_redirects=False
            )
        if answer.status_code not in _REDIRECTS or "location" not in answer.headers:
            return Streamed(answer)
        url = urljoin(url, answer.headers["location"])
        answer.close()
    raise CatalogError([Fault(url, "a file", f"{MOST_HOPS} redirects", "Download it by hand.")])


def ask(get: Get, url: str, headers: Mapping[str, str], download: Download) -> Response:
    """Return an answer worth reading (2xx, or 416 to a range).

    Raises
    ------
    AgainError
        When the server is busy or the connection was lost.
    CatalogError
        When the server refuses.
    """
    try:
        response = get(url, headers)
    except (ConnectionError, TimeoutError) as error:
        raise AgainError(f"no connection ({type(error).__name__})") from error
    status = response.status
    if 200 <= status < 300 or (status == RANGE_NOT_SATISFIABLE and "Range" in headers):
        return response
    response.close()
    if status in _BUSY:
        raise AgainError(f"HTTP {status}", _retry_after(response.headers))
    found = f"HTTP {status}" + (": the server refuses programs" if status in {401, 403} else "")
    raise CatalogError([Fault(url, "the file", found, manual_instructions(download))])


def persist(
    act: Callable[[], T], download: Download, *, sleep: Callable[[float], None], tries: int, kept: str = ""
) -> T:
    """Return what an action gives, trying again with twice the wait each time, or as long as the server asks.

    Parameters
    ----------
    act
        Raises AgainError where it may be tried again.
    download
        Named in the fault.
    sleep, tries
        How to wait, and the most attempts.
    kept
        Said in the fault: what the next run starts from.

    Raises
    ------
    CatalogError
        When every attempt failed, or the server asks to wait longer than `MOST_WAIT`.
    """
    for attempt in range(1, tries + 1):
        try:
            return act()
        except AgainError as error:
            wait = 2.0**attempt if error.wait is None else max(error.wait, 1.0)
            found = f"{error.found}, {attempt} of {tries} tries"
            if wait > MOST_WAIT:
                found += f"; the server asks to wait {wait:.0f} seconds"
            if attempt == tries or wait > MOST_WAIT:
                remedy = f"Run it again later.{kept} Or: {manual_instructions(download)}"
                raise CatalogError([Fault(download.url, "the file", found, remedy)]) from error
        sleep(wait)
    msg = f"tries: expected at least 1, found {tries}"
    raise ValueError(msg)


@contextmanager
def _lost() -> Iterator[None]:
    """Turn the errors of `requests` into built-in ones, but for a certificate, which no other try mends."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        url = "" if error.request is None else str(error.request.url)
        remedy = "Check the clock and the proxy of this computer; do not switch verification off."
        raise CatalogError([Fault(url, "a valid certificate", "none", remedy)]) from error
    except requests.exceptions.Timeout as error:
        raise TimeoutError(str(error)) from error
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
        raise CatalogError([Fault("address", "a web address", str(error), "Correct it.")]) from error
    except requests.exceptions.RequestException as error:
        raise ConnectionError(str(error)) from error


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, in either of its forms."""
    text = headers.get("retry-after", "").strip()
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
