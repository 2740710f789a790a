"""The report of a checked file as text: what was understood, what was left out, and the first rows."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

from corridors.core.signs import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corridors.sources import Report

WIDTH = 80


def check_text(file: Path, report: Report) -> str:
    """Return the report of a checked file, in lines of at most 80 columns where its words allow it."""
    return printable("\n".join(_lines(file, report)))


def left_out_text(report: Report) -> str:
    """Return how many rows of a file were read, why the others were not, and its notes, in lines."""
    head = f"  {report.file}: {report.kept} of {report.rows} {report.unit} read"
    return printable("\n".join([head, *_left_out(report)]))


def _left_out(report: Report) -> Iterator[str]:
    """Yield a line for each reason of rows left out, and for each note."""
    for reason, count in report.dropped.items():
        yield from _wrapped(f"{count} left out: {reason}")
    for note in report.notes:
        yield from _wrapped(f"note: {note}")


def _lines(file: Path, report: Report) -> Iterator[str]:
    """Yield the lines of a report."""
    period = f", {report.period}" if report.period else ""
    yield f"{file}: {report.format}, {report.kept} of {report.rows} {report.unit} kept{period}"
    yield from _left_out(report)
    renamed = [f"{ours} from {own!r}" for ours, own in report.columns.items() if ours != own]
    same = [ours for ours, own in report.columns.items() if ours == own]
    if report.columns:
        yield from _wrapped(f"columns read: {', '.join([*renamed, *same])}")
    if report.unused:
        yield from _wrapped(f"columns not used: {', '.join(report.unused)}")
    for table in report.tables:
        during = f", {table.period}" if table.period else ""
        yield from _wrapped(f"table {table.id}: {table.rows:,} rows{during}")
        if table.unread:
            yield from _wrapped(f"layers not read: {', '.join(table.unread)}")
        if table.sums:
            sums = ", ".join(f"{name} {total:,}" for name, total in table.sums.items())
            yield from _wrapped(f"sums: {sums}", 4)
        for row in table.first:
            cells = ", ".join(
                f"{name} {_cell(value)}" for name, value in row.items() if value not in {None, ""}
            )
            yield from _wrapped(f"row: {cells}", 4)
    if report.stops_run:
        yield f"  a run cannot use it: {report.stops_run}"


def _wrapped(text: str, indent: int = 2) -> list[str]:
    """Return a text as indented lines; a word is never cut."""
    first = " " * indent
    return wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _cell(value: Any) -> str:
    """Return a cell of a preview as text, one that is long cut."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
