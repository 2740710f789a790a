"""HTTP requests for a file: the response, the default client, and retries.

urllib3's `Retry` is not used: it repeats a request only before its body is read, where here a lost body is resumed by
another request (Range, If-Range); it sleeps as long as a server asks, where here `MAX_WAIT_S` ends the attempt.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import urljoin

import requests

from corridors.core.errors import CatalogError, Fault
from corridors.sources.download.downloads import is_secure, manual_instructions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from corridors.sources.download.downloads import Download

T = TypeVar("T")
TIMEOUT = (20, 90)  # seconds: to connect, and between two chunks
CHUNK_BYTES = 1 << 16  # an incomplete chunk is discarded
SLOW_SECONDS = 60.0  # in which at least one chunk must come
MAX_SECONDS = 4 * 3600.0  # of one answer; the next attempt goes on from what arrived
MAX_REDIRECTS = 6
MAX_WAIT_S = 300.0  # a server that asks for more is left for another run
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
RANGE_NOT_SATISFIABLE = 416


class Response(Protocol):
    """A response whose body has not been read yet."""

    @property
    def status(self) -> int:
        """HTTP status, redirects already followed."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers by lower-case name."""

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in chunks. Raise ConnectionError or TimeoutError where the connection is lost."""

    def close(self) -> None:
        """Close the connection."""


class Get(Protocol):
    """Client. Raises ConnectionError or TimeoutError where there is no response."""

    def __call__(self, url: str, headers: Mapping[str, str], /) -> Response:
        """Return the response to a GET."""


class RetryableError(Exception):
    """Raised when an attempt failed and another may succeed.

    Parameters
    ----------
    found
        What was found, for the message.
    wait
        Seconds the server asks to wait, None when it does not say.
    """

    def __init__(self, found: str, wait: float | None = None) -> None:
        super().__init__(found)
        self.found = found
        self.wait = wait


class Streamed:
    """A response of `requests`, its errors turned into those of this module."""

    def __init__(self, response: requests.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers = {name.lower(): value for name, value in response.headers.items()}

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it arrives; raise TimeoutError where it comes slower than any connection, or for too long."""
        with _translated_errors(), _watched(self._response) as seen:
            for piece in self._response.iter_content(CHUNK_BYTES):
                seen.append(len(piece))
                yield piece

    def close(self) -> None:
        """Close the connection."""
        self._response.close()


@contextmanager
def _watched(response: requests.Response) -> Iterator[list[int]]:
    """Yield a list to note pieces of a body in; end the connection where too few come, and raise TimeoutError.

    A connection that brings a byte now and then never times out by itself, since each byte starts the time anew.
    """
    seen: list[int] = []
    ended, slow = Event(), Event()

    def watch() -> None:
        before, begun = 0, time.monotonic()
        while not ended.wait(SLOW_SECONDS):
            if len(seen) == before or time.monotonic() - begun > MAX_SECONDS:
                slow.set()
                getattr(response.raw, "shutdown", response.raw.close)()  # urllib3 before 2.3 only closes
                return
            before = len(seen)

    Thread(target=watch, daemon=True).start()
    try:
        yield seen
    except requests.exceptions.RequestException:
        if not slow.is_set():
            raise
    finally:
        ended.set()
    if slow.is_set():
        raise TimeoutError(f"less than {CHUNK_BYTES:,} bytes in {SLOW_SECONDS:.0f} seconds")


def get_https(
    url: str, headers: Mapping[str, str], /, *, allowed: Callable[[str], bool] = is_secure
) -> Response:
    """Return the response to a GET; certificates are verified, and only allowed redirects are followed.

    Parameters
    ----------
    url, headers
        Address and request headers.
    allowed
        Whether an address may be requested; only https by default.

    Raises
    ------
    ConnectionError, TimeoutError
        Where there is no response.
    CatalogError
        Where an address is not allowed, a certificate is not valid, or redirects do not end.
    """
    for _ in range(MAX_REDIRECTS):
        if not allowed(url):
            remedy = "Download it by hand if you trust the address."
            raise CatalogError([Fault(url, "an https address", "another", remedy)])
        with _translated_errors():
            response = requests.get(
                url, headers=dict(headers), stream=True, timeout=TIMEOUT, allow_redirects=False
            )
        if response.status_code not in _REDIRECTS or "location" not in response.headers:
            return Streamed(response)
        url = urljoin(url, response.headers["location"])
        response.close()
    raise CatalogError([Fault(url, "a file", f"{MAX_REDIRECTS} redirects", "Download it by hand.")])


def request(get: Get, url: str, headers: Mapping[str, str], download: Download) -> Response:
    """Return a response whose body is to be read (2xx, or 416 to a range request).

    Raises
    ------
    RetryableError
        When the server is busy or the connection was lost.
    CatalogError
        When the server refuses.
    """
    try:
        response = get(url, headers)
    except (ConnectionError, TimeoutError) as error:
        raise RetryableError(f"no connection ({type(error).__name__})") from error
    status = response.status
    if 200 <= status < 300 or (status == RANGE_NOT_SATISFIABLE and "Range" in headers):
        return response
    response.close()
    if status in _BUSY:
        raise RetryableError(f"HTTP {status}", _retry_after(response.headers))
    found = f"HTTP {status}" + (": the server refuses programs" if status in {401, 403} else "")
    raise CatalogError([Fault(url, "the file", found, manual_instructions(download))])


def retry(
    act: Callable[[], T], download: Download, *, sleep: Callable[[float], None], tries: int, kept: str = ""
) -> T:
    """Return the result of an action; retry after 2, 4, 8 ... seconds, or after as many as the server asks.

    Parameters
    ----------
    act
        Raises RetryableError where a retry may succeed.
    download
        Named in the fault.
    sleep, tries
        Sleeps some seconds; maximum number of attempts.
    kept
        Added to the remedy: what the next run starts from.

    Raises
    ------
    CatalogError
        When every attempt failed, or the server asks to wait longer than `MAX_WAIT_S`.
    """
    for attempt in range(1, tries + 1):
        try:
            return act()
        except RetryableError as error:
            wait = 2.0**attempt if error.wait is None else max(error.wait, 1.0)
            found = f"{error.found}, {attempt} of {tries} tries"
            if wait > MAX_WAIT_S:
                found += f"; the server asks to wait {wait:.0f} seconds"
            if attempt == tries or wait > MAX_WAIT_S:
                remedy = f"Run it again later.{kept} Or: {manual_instructions(download)}"
                raise CatalogError([Fault(download.url, "the file", found, remedy)]) from error
        sleep(wait)
    msg = f"tries: expected at least 1, found {tries}"
    raise ValueError(msg)


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Turn errors of `requests` into built-in ones; a bad certificate or address into a fault, since no retry helps."""
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
    """Return the seconds of a Retry-After header, given as seconds or as a date; None where there is none."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])  # more than any wait that is borne
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
