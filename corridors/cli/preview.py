"""The report of a checked file as text, in either language: what was understood, what was left out, and the first rows."""

from __future__ import annotations

from dataclasses import asdict, replace
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from corridors.cli.messages import error_text, said, sentence
from corridors.core.signs import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corridors.sources import Report

WIDTH = 80


def check_text(file: Path, report: Report, language: str = "en") -> str:
    """Return the report of a checked file, in lines of at most 80 columns where its words allow it.

    Parameters
    ----------
    file
        As the user named it.
    report
        What was understood of it.
    language
        "es" or "en".
    """
    return printable("\n".join(_lines(file, report, language)))


def check_record(report: Report) -> dict[str, Any]:
    """Return the report of a checked file without faults, for a program."""
    record = asdict(replace(report, stopped_by=None))
    del record["stopped_by"]
    return {**record, "stops_run": report.stops_run, "faults": []}


def left_out_text(report: Report, language: str = "en") -> str:
    """Return how many rows of a file were read, why the others were not, and its notes, in lines."""
    unit = sentence(report.unit, "unit", language)
    head = said("read", language, file=report.file, kept=report.kept, rows=report.rows, unit=unit)
    return printable("\n".join([f"  {head}", *_left_out(report, language)]))


def _left_out(report: Report, language: str) -> Iterator[str]:
    """Yield a line for each reason of rows left out, and for each note."""
    for reason, count in report.dropped.items():
        why = sentence(reason, "reason", language)
        yield from _wrapped(said("left_out", language, count=count, reason=why))
    for note in report.notes:
        yield from _wrapped(said("note", language, note=sentence(note, "note", language)))


def _lines(file: Path, report: Report, language: str) -> Iterator[str]:
    """Yield the lines of a report."""
    numbers = {"format": report.format, "kept": report.kept, "rows": report.rows}
    head = said("kept", language, file=file, unit=sentence(report.unit, "unit", language), **numbers)
    yield head + (f", {report.period}" if report.period else "")
    yield from _left_out(report, language)
    renamed = [
        said("renamed", language, ours=ours, own=own) for ours, own in report.columns.items() if ours != own
    ]
    same = [ours for ours, own in report.columns.items() if ours == own]
    if report.columns:
        yield from _wrapped(said("columns", language, names=", ".join([*renamed, *same])))
    if report.unused:
        yield from _wrapped(said("unused", language, names=", ".join(report.unused)))
    for table in report.tables:
        during = f", {table.period}" if table.period else ""
        yield from _wrapped(said("table", language, id=table.id, rows=table.rows) + during)
        if table.unread:
            yield from _wrapped(said("unread", language, names=", ".join(table.unread)))
        if table.sums:
            sums = ", ".join(f"{name} {total:,}" for name, total in table.sums.items())
            yield from _wrapped(said("sums", language, sums=sums), 4)
        for row in table.first:
            cells = ", ".join(
                f"{name} {_cell(value)}" for name, value in row.items() if value not in {None, ""}
            )
            yield from _wrapped(said("row", language, cells=cells), 4)
    if report.stopped_by is not None:
        yield f"  {said('stops_run', language, why=error_text(report.stopped_by, language))}"


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
