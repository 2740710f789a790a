"""What the page of records to ask for promises: files of the columns it names are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridors.outputs.pages.ask import REQUESTS, Request
from corridors.sources import FORMATS, Context, load_as
from corridors.sources.schemas import SCHEMAS

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.jobs.inputs import Inputs

ROWS = {
    "southbound": [
        "San Ysidro,2024-01,1000,900,https://example.org",
        "Otay Mesa,2024-01,800,700,https://example.org",
    ],
    "sedena": ["2024-05-02,Sonora,Hermosillo,3,1", "2024-06-09,Sinaloa,Culiacán,2,5"],
    "shows": ["2027-01-16,Arizona,Phoenix,Arizona State Fairgrounds", "2027-02-20,Texas,Laredo,Sames Arena"],
}


@pytest.mark.parametrize(
    "request_", [one for one in REQUESTS if one.format and one.columns], ids=lambda one: one.key
)
def test_an_answer_in_the_columns_of_a_request_is_read(
    request_: Request, shipped: Inputs, tmp_path: Path
) -> None:
    path = tmp_path / "answer-2024.csv"
    path.write_text("\n".join([",".join(request_.columns), *ROWS[request_.key]]) + "\n", encoding="utf-8")
    loaded = load_as(path, request_.format, Context(shipped.tables, {}))
    assert request_.table in loaded.tables
    assert loaded.report.kept == len(ROWS[request_.key]), loaded.report


def test_every_request_names_a_table_and_a_format_that_gives_it() -> None:
    for one in REQUESTS:
        if one.format:
            assert {one.table, f"{one.table}_zip"} & set(FORMATS[one.format].tables), one.key
        elif one.columns:
            assert set(one.columns) <= set(SCHEMAS[one.table].columns), one.key
        assert one.table in SCHEMAS, one.key
