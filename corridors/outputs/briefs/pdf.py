"""A page as PDF, one a language, by whichever browser of Chromium's kind the machine has: none is a dependency.

Windows comes with Edge, so that a locked-down machine needs nothing installed; elsewhere the command tells how to print a page.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from corridors.core.browser import find_browser
from corridors.outputs.text.translations import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SECONDS = 60
AT_ONCE = 2


def print_pages(pages: Iterable[Path], browser: str | None = None) -> tuple[str, list[Path]]:
    """Print each page to a PDF a language beside it, as `pdf_path` names them.

    Parameters
    ----------
    pages
        HTML files.
    browser
        Path of the browser; by default one that `find_browser` finds.

    Returns
    -------
    browser, unprinted
        The browser, "" where there is none, and the pages that could not be printed in every language.
    """
    files = list(pages)
    found = browser or find_browser() or ""
    if not found:
        return "", files
    both = [(page, language) for page in files for language in LANGUAGES]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = list(pool.map(lambda one: _print(found, *one), both))
    failed = {page for (page, _), printed in zip(both, done, strict=True) if not printed}
    return found, [page for page in files if page in failed]


def pdf_path(page: Path, language: str) -> Path:
    """Return the PDF of a page in a language.

    Examples
    --------
    >>> pdf_path(Path("tucson.html"), "es").name, pdf_path(Path("tucson.html"), "en").name
    ('tucson.pdf', 'tucson-en.pdf')
    """
    suffix = "" if language == LANGUAGES[0] else f"-{language}"
    return page.with_name(f"{page.stem}{suffix}.pdf")


def _print(browser: str, page: Path, language: str) -> bool:
    """Print one page in a language; return whether a PDF was made."""
    pdf = pdf_path(page, language)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            *(browser, "--headless", "--disable-gpu", "--no-pdf-header-footer", "--disable-extensions"),
            *("--disable-background-networking", "--disable-component-update", "--no-first-run"),
            *(f"--user-data-dir={profile}", f"--print-to-pdf={pdf.resolve()}"),
            page.resolve().as_uri() + f"?lang={language}",
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # as root, in a container, a browser has no other way
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)  # noqa: S603 - our own command
        except (OSError, subprocess.SubprocessError):
            return False
    return pdf.is_file()
