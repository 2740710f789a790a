"""A server on loopback that breaks in the ways servers break."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

BODY = bytes(range(256)) * 4000
ETAG, DATE = '"one"', "Mon, 01 Jun 2026 10:00:00 GMT"


@dataclass(frozen=True)
class Answer:
    """What the server does with one request."""

    body: bytes = BODY
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": ETAG, "Last-Modified": DATE})
    cut: int | None = None  # bytes after which the connection drops
    stall: float = 0.0  # seconds to wait before it drops
    ranges: bool = True
    minds_if_range: bool = True


class Server(ThreadingHTTPServer):
    """Gives each request the next answer, and the last one for ever."""

    daemon_threads = True
    answers: list[Answer | Callable[[str], Answer]]
    asked: list[tuple[str, dict[str, str]]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def ranges(self) -> list[str | None]:
        return [headers.get("range") for _, headers in self.asked]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        self.give(answer if isinstance(answer, Answer) else answer(self.path))

    def give(self, answer: Answer) -> None:
        status, body, headers = answer.status, answer.body, dict(answer.headers)
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range") in {headers.get("ETag"), headers.get("Last-Modified")}
        if asked and answer.ranges and status == 200 and (same or not answer.minds_if_range):
            first = int(asked[1])
            status, total = (206, len(body)) if first < len(body) else (416, len(body))
            span = f"{first}-{total - 1}" if status == 206 else "*"
            headers["Content-Range"] = f"bytes {span}/{total}"
            body = body[first:]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a client that has had enough
            self.wfile.write(body[: answer.cut])
        if answer.cut is not None:
            self.wfile.flush()
            time.sleep(answer.stall)
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


def layer(rows: int, *, most: int = 4, place: str = "properties", **wrong: Any) -> Callable[[str], Answer]:
    """Return the answers of a layer of so many rows, `most` at once."""

    def answer(address: str) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        if "returnCountOnly" in asked:
            return reply({"count": wrong.get("count", rows)})
        if "resultOffset" not in asked:
            return reply({"objectIdField": "FID", "maxRecordCount": most})
        first = 0 if wrong.get("forgets") else int(asked["resultOffset"])
        ids = range(first, min(first + int(asked["resultRecordCount"]), rows))
        page: dict[str, Any] = {"type": "FeatureCollection", "features": [feature(one) for one in ids]}
        more = first + len(ids) < rows
        page |= {"properties": {"exceededTransferLimit": more}} if place == "properties" else {}
        page |= {"exceededTransferLimit": more} if place == "top" else {}
        return reply(page)

    return answer


def feature(row: int) -> dict[str, Any]:
    values = {"USER_LIC_CNTY": row, "USER_LIC_TYPE": "01", "FID": row}
    return {"type": "Feature", "id": row, "geometry": None, "properties": values}


def reply(value: object) -> Answer:
    return Answer(body=json.dumps(value).encode())
