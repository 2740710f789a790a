"""What the published figures add to each quantity, as a table for files and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.results import InformationGain

DECIMALS = 5


def information_table(
    information: Sequence[InformationGain], port_names: Sequence[str], mx_states: Mapping[str, str]
) -> pd.DataFrame:
    """Return one row a quantity: its 90 % band before and after the figures, and the variance that each block removed.

    Parameters
    ----------
    information
        As the inference finds it.
    port_names
        Names of the ports, in the order of the network.
    mx_states
        Names of the Mexican states by code.

    Returns
    -------
    DataFrame
        `kind us_state about prior_lo90 prior_median prior_hi90 lo90 median hi90`, and a column `told_...` for each block:
        the fraction of the prior variance it removed.
    """
    rows = []
    for one in information:
        kind, state, about = one.kind, "", one.key
        if kind == "state":
            state, about = one.key, ""
        elif kind == "pair":
            state, code = one.key.split(">")
            about = mx_states.get(code, code)
        elif kind == "port":
            about = port_names[int(one.key)]
        elif kind == "parameter":
            kind, about = one.key, ""
        figures = (*one.prior, *one.posterior)
        names = ("prior_lo90", "prior_median", "prior_hi90", "lo90", "median", "hi90")
        rows.append(
            {"kind": kind, "us_state": state, "about": about}
            | {name: round(value, DECIMALS) for name, value in zip(names, figures, strict=True)}
            | {f"told_{block}": round(removed, DECIMALS) for block, removed in one.variance_reduction.items()}
        )
    return pd.DataFrame(rows)
