"""The separator of a text is that of most of its lines, whatever one note or title holds."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, strategies as st

from corridors.sources.reading.separators import SEPARATORS, separator

WORDS = st.text("abcñ 1.,;|", max_size=12)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a,b,c\n1,2,3\n1,2,x;y;z;w;v;u\n", ","),
        ('a,b,c\n1,2,"x;y;z;w;v;u"\n', ","),
        ("Armas aseguradas, por estado, 2019, 2020\nestado;largas;cortas\nSonora;1,5;2,5\nOaxaca;1;2\n", ";"),
        ("a\tb\nNogales, Sonora\t1\nMexicali, B.C.\t2\n", "\t"),
        ("number\n1\n2\n", ","),
        ("", ","),
    ],
)
def test_the_separator_is_that_of_most_lines(text: str, mark: str) -> None:
    assert separator(text) == mark


@given(
    st.sampled_from(SEPARATORS),
    st.lists(st.tuples(WORDS, WORDS, WORDS), min_size=2, max_size=12),
    st.text(";,|", max_size=30),
)
def test_any_table_with_quotes_is_split_as_it_was_written(
    mark: str, rows: list[tuple[str, str, str]], note: str
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=mark, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b", "c"), *rows, (note, "", "")])
    assert separator(stream.getvalue()) == mark
