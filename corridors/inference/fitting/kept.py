"""What was sampled is kept as it is finished, so that a run that was interrupted goes on from there.

Parameters are kept, a few kilobytes a cost world; the flow is computed from them again, by the same functions in the same
order, so that results are the same to the byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

CHAINS, WORLDS = "chains at median costs", "cost worlds"


class Kept(Protocol):
    """Arrays by name, of one run and of no other."""

    def read(self, name: str) -> Mapping[str, NDArray[Any]] | None:
        """Return the arrays kept under a name; None where there are none, or none that are whole."""

    def keep(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep arrays under a name."""

    def tell(self, what: str, found: int, total: int) -> None:
        """Tell a person how many of what is computed next were kept, of how many."""


def found(kept: Kept | None, what: str, names: Sequence[str]) -> dict[int, Mapping[str, NDArray[Any]]]:
    """Return the arrays that are kept, by the position of their name among `names`, and tell how many of `what` there are."""
    if kept is None:
        return {}
    read = {n: arrays for n, name in enumerate(names) if (arrays := kept.read(name)) is not None}
    if read:
        kept.tell(what, len(read), len(names))
    return read
