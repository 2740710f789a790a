"""Numbers as text: marks of thousands, decimals that are zero, blanks, and what cannot be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from corridors.sources.reading.numbers import THOUSAND_OR_ONE, blank, read_code, read_counts

if TYPE_CHECKING:
    from collections.abc import Callable

WRONG = "not a whole number"
WRITERS: dict[str, Callable[[int], str]] = {
    "plain": str,
    "comma": "{:,}".format,
    "point": lambda number: f"{number:,}".replace(",", "."),
    "space": lambda number: f"{number:,}".replace(",", " "),
    "no-break space": lambda number: f"{number:,}".replace(",", "\u00a0"),
    "narrow space": lambda number: f"{number:,}".replace(",", "\u202f"),
    "apostrophe": lambda number: f"{number:,}".replace(",", "'"),
    "float": "{:.1f}".format,
    "English": "{:,.2f}".format,
    "Spanish": lambda number: f"{number:,.2f}".translate(str.maketrans(",.", ".,")),
}


@pytest.mark.parametrize("writer", WRITERS)
@given(numbers=st.lists(st.integers(0, 5_000_000), min_size=1))
def test_a_column_of_one_writer_is_read_back_or_refused(writer: str, numbers: list[int]) -> None:
    cells = {WRITERS[writer](number): number for number in numbers}
    for cell, found in read_counts(cells).items():
        assert found == cells[cell] or (found == THOUSAND_OR_ONE and cell.endswith(".000"))


@given(
    decimals=st.lists(st.decimals(0, 9999, places=1).filter(lambda number: number % 1 != 0), min_size=1),
    mark=st.sampled_from(",."),
)
def test_a_number_with_decimals_is_no_count(decimals: list[object], mark: str) -> None:
    cells = [str(number).replace(".", mark) for number in decimals]
    assert set(read_counts(cells).values()) == {WRONG}


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        (["1.000"], [THOUSAND_OR_ONE]),
        (["1.000", "12"], [THOUSAND_OR_ONE, 12]),
        (["1.000", "1.250"], [1000, 1250]),
        (["1.000", "12.5"], [1, WRONG]),
        (["1.000", "1,5"], [1000, WRONG]),
        (["1.000", "3.0"], [1, 3]),
        (["1.000", "0.000"], [1, 0]),
        (["1.250", "3.5"], [THOUSAND_OR_ONE, WRONG]),
        (["1,000", "1,5"], [THOUSAND_OR_ONE, WRONG]),
        (["1,234", "1.234,00", "1,234.00"], [THOUSAND_OR_ONE, 1234, 1234]),
        (["1.234,5", "12 34", "1,23,456", "12345 678"], [WRONG] * 4),
        (["5%", "True", "VERDADERO", "#N/A", "#REF!", "-3", "1e3", "3 a 5", "½"], [WRONG] * 9),
    ],
)
def test_the_other_cells_decide(cells: list[str], wanted: list[object]) -> None:
    assert list(read_counts(cells).values()) == wanted


@pytest.mark.parametrize(
    "cell", ["", " ", "-", "--", "—", "n.d.", "N. D.", "S/D", "s.d.", "N/A", "Sin dato", "nd"]
)
def test_a_blank_is_missing_and_not_zero(cell: str) -> None:
    assert blank(cell)
    assert read_counts([cell]) == {cell: None}


@pytest.mark.parametrize("cell", ["0", "#N/A", "#REF!", "0.0", "no", "sonora"])
def test_other_cells_are_not_blank(cell: str) -> None:
    assert not blank(cell)


def test_codes_lose_decimals_only() -> None:
    assert [read_code(cell) for cell in ("2004", "02004.0", " 7. ", "2.000", "1.5", "B-1")] == [
        "2004",
        "02004",
        "7",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize("cell", ["1000000000000", "1,000,000,000,000", "1000000000000.0", "9" * 5_000])
def test_a_trillion_or_more_is_no_count(cell: str) -> None:
    assert read_counts([cell]) == {cell: "a trillion or more"}


def test_zeros_before_a_count_are_no_digits_of_it() -> None:
    assert read_counts(["0" * 5_000 + "7", "999999999999"]) == {
        "0" * 5_000 + "7": 7,
        "999999999999": 10**12 - 1,
    }
