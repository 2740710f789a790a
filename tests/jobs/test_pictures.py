"""A brief, the list of briefs, the calendar and the page of figures look as they did, in both languages and sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pictures import SIZES, check_picture

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser import Reader

VIEWS = {
    "brief": "briefs/tucson.html",
    "briefs": "briefs/index.html",
    "calendar": "calendar/calendar.html",
    "narrative": "narrative/narrative.html",
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["es", "en"])
def test_a_page_for_consulates_looks_as_it_did(
    reader: Reader, outreach: Path, view: str, size: str, language: str
) -> None:
    with reader.open(
        outreach / VIEWS[view], f"?lang={language}", size=SIZES[size], reduced_motion="reduce"
    ) as (page, log):
        check_picture(page, f"{view}-{language}-{size}")
        assert log.quiet, log
