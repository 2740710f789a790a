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
USES = 25
"""Tests after which a tab is closed, whatever it may have gathered."""
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


@dataclass
class Tab:
    """A page of the browser that one test after another uses, with what happens in it during the present one."""

    page: Page
    log: Log
    uses: int = 0


class Reader:
    """Opens pages from file:// in a browser whose every other request is aborted and noted."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._idle: dict[str, list[Tab]] = {}

    @contextmanager
    def open(
        self,
        file: Path,
        address: str = "",
        *,
        size: tuple[int, int] = (1280, 800),
        wait: bool = True,
        alone: bool = False,
        **options: Any,
    ) -> Iterator[tuple[Page, Log]]:
        """Open a page, wait until it is ready, leave it again.

        Tests with the same size and options use one tab after another, as the pages keep nothing in a browser: a tab of its own
        takes a second more. `alone` is for a test that changes the tab itself (its routes, its scripts), which is closed then.
        """
        kind = repr((size, sorted(options.items())))
        idle = self._idle.setdefault(kind, [])
        tab = idle.pop() if idle and not alone else self._tab(size, options)
        tab.log, tab.uses = Log(), tab.uses + 1
        page, kept = tab.page, False
        try:
            page.goto(file.as_uri() + address)
            if wait:
                until(page, READY)
            yield page, tab.log
            kept = not alone and tab.uses < USES and page.context.pages == [page]
        finally:
            if kept:
                page.emulate_media(media="null")
                page.mouse.move(0, 0)
                page.goto("about:blank")
                idle.append(tab)
            else:
                page.context.close()

    def _tab(self, size: tuple[int, int], options: dict[str, Any]) -> Tab:
        """Return a new tab in a context of its own."""
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        context.set_default_timeout(20_000)
        tab = Tab(context.new_page(), Log())

        def only_files(route: Route) -> None:
            if route.request.url.startswith(("file:", "data:")):
                route.continue_()
            else:
                tab.log.requests.append(route.request.url)
                route.abort()

        context.route("**/*", only_files)
        tab.page.add_init_script(WATCH)
        tab.page.on("console", lambda message: tab.log.messages.append(f"{message.type}: {message.text}"))
        tab.page.on("pageerror", lambda error: tab.log.messages.append(f"error: {error}"))
        return tab


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
