"""Measurements of the engine and the map beside what people would otherwise use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
    from corridors.bench.comparisons import compare

__all__ = ["compare"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazy_names(__name__, {"compare": "comparisons"})
