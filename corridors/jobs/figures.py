"""The page of published figures: those of the paper beside the newest ones found. Needs no run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.jobs.brief_tables import indexed
from corridors.jobs.inputs import load_inputs
from corridors.outputs.briefs.figures_page import FIGURES, PARTS, parts_of, render_narrative
from corridors.outputs.files import atomic_folder, write_csv

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.config import Config


def make_narrative(config: Config, out: Path, *, data: Path | None = None) -> None:
    """Write `narrative.html` and the shares computed for it, `parts.csv`; it needs no run.

    Parameters
    ----------
    config
        Settings; `config.data` names the user's own files.
    out
        Folder of the page.
    data
        Folder of the default tables; those of the package by default.
    """
    figures = load_inputs(config, data).tables["figures"]
    parts = parts_of(figures)
    tables = {FIGURES: indexed(figures, ["id"]), PARTS: indexed(parts, ["part"])}
    with atomic_folder(out) as tmp:
        write_csv(parts, tmp / PARTS)
        (tmp / "narrative.html").write_text(render_narrative(tables), encoding="utf-8")
