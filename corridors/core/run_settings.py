"""The section of the settings about a run: how many draws, of what, fitted to which figures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from corridors.core.settings import Demand, GunShows, Inspection, Language, Lens, Section, Structure


class RunSettings(Section):
    """The run: how many draws, of what, fitted to which figures."""

    name: str = Field(
        "southwest", pattern=r"^[A-Za-z0-9_-]+$", description="Name of the run and of its folder."
    )
    mode: Literal["posterior", "point"] = Field(
        "posterior",
        description="Draws of the posterior, or a quick look at the most probable parameters (point).",
    )
    worlds: int = Field(300, ge=2, le=100_000, description="Cost worlds; 100 or more for a published map.")
    draws: int = Field(
        2400,
        ge=1,
        description=(
            "Minimum number of draws of the parameters, spread evenly over the worlds; of each world's chain two are kept, evenly "
            "spaced."
        ),
    )
    seed: int = Field(1, ge=0, description="Seed of all randomness.")
    jobs: int = Field(2, ge=1, description="Threads or processes. Results do not depend on it.")
    lens: Lens = Field(
        "all",
        description="Which traces the fit uses: `all`, or guns recovered within `one_year` of purchase.",
    )
    demand: Demand = Field(
        "combined",
        description=(
            "What measures municipal demand. Always recovery-weighted: no table of the Mexican states' access to eTrace is "
            "published that would allow rescaling (docs/method.md 4.5). `events` are those that bulletins of 2025 name: "
            "highlights, no census."
        ),
    )
    inspection: Inspection = Field(
        "unknown",
        description=(
            "How seizures by region of ports are read: inspection effort `unknown` (sd 1 of its logarithm) or `equal` "
            "(sd .2); `none` does not use them."
        ),
    )
    structure: Structure = Field(
        "trip",
        description=(
            "How a crossing is chosen: destination first, then the crossing city by the whole `trip` (docs/method.md 3.3); or the "
            "`port` first, which forgets the origin beyond it (3.5)."
        ),
    )
    gun_shows: GunShows = Field(
        "published",
        description="Gun shows at their `published` fraction of supply (`[shows]`), or `none`: licenses alone.",
    )
    variants: int = Field(
        12,
        ge=0,
        description=(
            "Cost worlds in which the run is repeated with each other lens, demand, inspection and gun_shows, at the most "
            "probable parameters, for the map's switch and rank_changes.csv; 0 omits them."
        ),
    )
    grade_worlds: int = Field(
        40,
        ge=0,
        description=(
            "Cost worlds in which the posterior is drawn under the other structure as well, which every grade needs; 0 gives no "
            "grades, as mode `point` does."
        ),
    )
    partial: bool = Field(
        False,  # noqa: FBT003 - pydantic takes the default so
        description=(
            "The tables or roads cover a part of the region, and that is meant: under nine tenths of the people on a side of "
            "the border, a run that is not told so stops. Every title then says what the shares are of."
        ),
    )
    language: Language = Field(
        "es",
        description=(
            "Language in which every page of the run opens: `es` or `en`. The button on the page and `?lang=` in its address "
            "still choose the other; a browser's language does not. Results and fingerprint do not depend on it."
        ),
    )
    floor: float = Field(0.005, ge=0, lt=1, description="Smallest share the map draws as a corridor.")
