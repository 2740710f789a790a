"""A real browser that opens pages from disk, without any network."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Frame, Page, Route

CALM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
READY = "() => document.documentElement.dataset.ready === 'true'"
WATCH = "addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective));"


@dataclass
class Log:
    """What a page did that it should not have done."""

    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        return not self.requests and not self.messages


class Reader:
    """Opens pages from file:// in a browser whose every other request is aborted and noted."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    @contextmanager
    def open(
        self,
        file: Path,
        address: str = "",
        *,
        size: tuple[int, int] = (1280, 800),
        wait: bool = True,
        **options: Any,
    ) -> Iterator[tuple[Page, Log]]:
        """Open a page, wait until it is ready, close it again."""
        log = Log()
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        context.set_default_timeout(20_000)

        def only_files(route: Route) -> None:
            if route.request.url.startswith(("file:", "data:")):
                route.continue_()
            else:
                log.requests.append(route.request.url)
                route.abort()

        context.route("**/*", only_files)
        page = context.new_page()
        page.add_init_script(WATCH)
        page.on("console", lambda message: log.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: log.messages.append(f"error: {error}"))
        page.goto(file.as_uri() + address)
        if wait:
            until(page, READY)
        try:
            yield page, log
        finally:
            context.close()


def until(page: Page | Frame, condition: str, seconds: float = 20) -> None:
    """Wait for a condition; the page's policy forbids playwright's own way, which evaluates text."""
    end = time.monotonic() + seconds
    while not page.evaluate(condition):
        if time.monotonic() > end:
            pytest.fail(f"never true in the page: {condition}")
        time.sleep(0.02)


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    chromium = os.environ.get("CORRIDORS_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        pytest.fail("no Chromium: install the package chromium, or set CORRIDORS_CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CALM)
        yield Reader(browser)
        browser.close()
