"""Where a free federal highway and a toll road are one road: whether the toll is due there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from corridors.core.types import BoolArray, FloatArray

FREE_PIECE_KM = 15.0
"""Shared pieces shorter than this are junctions and bridges; the longest is 13.4 km, the next 22 km."""


def free_pieces(u: ArrayLike, v: ArrayLike, km: FloatArray, shared: BoolArray) -> BoolArray:
    """Return which roads are short pieces that a free federal highway shares with a toll road, where no toll is due.

    Between two of its own stretches the free highway uses the carriageway of the toll road for a few kilometers. Were
    those under toll, the highway would lead nowhere: MEX-15 from Mazatlán to Tepic had no way of less than 1,300 km. Where
    both are one for longer, the toll is taken on the highway itself, as on MEX-15 in Sonora.

    Parameters
    ----------
    u, v
        Ends of each road.
    km
        (roads,) lengths.
    shared
        (roads,) whether a road bears the numbers of both.
    """
    _, place = np.unique(np.concatenate([np.asarray(u), np.asarray(v)]), return_inverse=True)
    low, high = place[: len(km)], place[len(km) :]
    size = int(place.max(initial=0)) + 1
    graph = coo_array((np.ones(int(shared.sum())), (low[shared], high[shared])), shape=(size, size))
    _, piece = connected_components(graph, directed=False)
    length = np.bincount(piece[low], np.where(shared, km, 0.0), minlength=size)
    return np.asarray(shared & (length[piece[low]] < FREE_PIECE_KM))
