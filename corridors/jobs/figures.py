"""The page of published figures: those of the paper beside the newest ones found. Needs no run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridors.jobs.folders import listed_folder, site_beside
from corridors.jobs.inputs import load_inputs
from corridors.outputs.briefs import render_figures
from corridors.outputs.files import write_csv
from corridors.outputs.web import Site

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from corridors.config import Config
    from corridors.core.results import Run
    from corridors.jobs.inputs import Inputs


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


def figures(config: Config, *, data: Path | None = None, out: Path | None = None) -> FiguresResult:
    """Return the page of published figures. Writes nothing.

    Parameters
    ----------
    config
        Settings; `config.data` names the user's own files.
    data
        Folder of the default tables; those of the package by default.
    out
        Folder that it will be written to: where it is beside a run's pages, these can be opened from it.

    Raises
    ------
    InputError
        With every fault of every file.
    """
    return figures_of(
        load_inputs(config, data), config.run.language, site=None if out is None else site_beside(out)
    )


def figures_of(
    inputs: Inputs, language: str, *, run: Run | None = None, site: Site | None = None
) -> FiguresResult:
    """Return the page of published figures of tables that are at hand.

    Parameters
    ----------
    inputs
        The tables.
    language
        Language the page opens in where it is of no run.
    run, site
        The run that the page's footer names, and the pages that can be opened from it.
    """
    return FiguresResult(
        *render_figures(
            inputs.tables["figures"],
            inputs.sources,
            language,
            run=run,
            site=(site or Site()).beside("narrative.html"),
        )
    )
