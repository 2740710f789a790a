"""What the figures told of each quantity, as a table for files and for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridors.core.results import InformationGain

DECIMALS = 5


def known_table(
    known: Sequence[InformationGain], port_names: Sequence[str], mx_states: Mapping[str, str]
) -> pd.DataFrame:
    """Return a row a quantity: what it is, its bands before and after, and what each block of figures told.

    Parameters
    ----------
    known
        As the inference found it.
    port_names
        Names of the ports, in the order of the network.
    mx_states
        Names of the Mexican states by code.
    """
    rows = []
    for one in known:
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
            | {f"told_{block}": round(part, DECIMALS) for block, part in one.variance_reduction.items()}
        )
    return pd.DataFrame(rows)
