"""Values and tables on standard output: what files hold is shown as text, never obeyed and never taken for markup."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from corridors.core.signs import UNSAFE, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_ID = 30
"""Longest id that a table keeps on one line, so that it can be copied."""


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output."""
    unicode = (getattr(sys.stdout, "encoding", "") or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not unicode)
    typer.echo(re.sub(f"[{UNSAFE}]", lambda sign: f"\\u{ord(sign[0]):04x}", text))


def print_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows as a table that fits the terminal."""
    table = Table(title=title)
    for n, column in enumerate(columns):
        short = n == 0 and max((len(row[0]) for row in rows), default=0) <= MAX_ID
        table.add_column(column, overflow="fold", no_wrap=short)
    for row in rows:
        table.add_row(*map(Text, map(printable, row)))
    Console().print(table)
