"""The page of published figures: those of the paper beside the newest ones found. Needs no run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.jobs.folders import listed_folder
from corridors.jobs.inputs import load_inputs
from corridors.outputs.briefs import render_figures
from corridors.outputs.files import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from corridors.config import Config


@dataclass(frozen=True, slots=True, eq=False)
class FiguresResult:
    """The page of published figures. Nothing is written before `write`.

    Parameters
    ----------
    page
        HTML.
    shares
        The shares computed for it: `part figure whole share`.
    """

    page: str
    shares: pd.DataFrame

    def write(self, out: Path) -> None:
        """Write `narrative.html` and `parts.csv`; earlier ones are replaced only by complete ones.

        Raises
        ------
        OutputError
            The folder cannot be written to.
        """
        with listed_folder(out, "narrative") as tmp:
            write_csv(self.shares, tmp / "parts.csv")
            (tmp / "narrative.html").write_text(self.page, encoding="utf-8")


def figures(config: Config, *, data: Path | None = None) -> FiguresResult:
    """Return the page of published figures. Writes nothing.

    Parameters
    ----------
    config
        Settings; `config.data` names the user's own files.
    data
        Folder of the default tables; those of the package by default.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    inputs = load_inputs(config, data)
    return FiguresResult(*render_figures(inputs.tables["figures"], inputs.sources, config.run.language))
