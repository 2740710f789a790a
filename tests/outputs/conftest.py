"""Fixtures: the toy world, its page, and a real browser to look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.outputs.pages import render_map
from tests.outputs.toy import toy_base, toy_results, toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap


@pytest.fixture(scope="session")
def toy() -> tuple[Results, Run, BaseMap]:
    return toy_results(), toy_run(), toy_base()


@pytest.fixture(scope="session")
def page_text(toy: tuple[Results, Run, BaseMap]) -> str:
    return render_map(*toy)


@pytest.fixture(scope="session")
def page_file(page_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("map") / "map.html"
    file.write_text(page_text, encoding="utf-8")
    return file
