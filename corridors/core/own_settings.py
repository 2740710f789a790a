"""The sections of the settings about what the user brings: files, and a background from a server."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads it
from typing import Self

from pydantic import Field, field_validator, model_validator

from corridors.core.settings import Section
from corridors.core.signs import has_unsafe

_TILES = r"^(https://[a-z0-9][a-z0-9.-]*|http://(127\.0\.0\.1|localhost))(:\d+)?/[\w./~@%&=?+{}-]*$|^$"


class TileSettings(Section):
    """An online background, requested from a server once the reader switches it on; none by default."""

    url: str = Field(
        "",
        pattern=_TILES,
        description=(
            "Address of the tiles, with {z}, {x} and {y}; https, or http on this machine. The server learns where the reader "
            "looks. Read its terms of use: OpenStreetMap's own server, for example, refuses a page opened as a file."
        ),
    )
    credit: str = Field("", description="The credit that the server requires; needed with an address.")

    @model_validator(mode="after")
    def _credited(self) -> Self:
        """Reject an address without {z}, {x} and {y}, and tiles without their credit."""
        if self.url and not all(sign in self.url for sign in ("{z}", "{x}", "{y}")):
            raise ValueError("an address with {z}, {x} and {y} in it")
        if self.url and not self.credit.strip():
            raise ValueError("a credit beside the address: say whose the tiles are")
        return self


class DataFile(Section):
    """A file of the user, in an agency's format or in this project's own columns."""

    @field_validator("file", "publisher", "caveat", mode="after")
    @classmethod
    def _without_control(cls, value: Path | str) -> Path | str:
        """Reject a text, which every page prints, with signs that a terminal obeys or a file of XML cannot hold."""
        if has_unsafe(str(value)):
            raise ValueError("text without control characters")
        return value

    file: Path = Field(description="Path, relative to the folder of the TOML file.")
    format: str = Field(
        "", description="Id of a format (`corridors formats`); empty for the table's own columns."
    )
    columns: dict[str, str] = Field(
        default_factory=dict, description="Column map: the wanted name to the name in your file."
    )
    publisher: str = Field(
        "",
        max_length=200,
        description="Who published the file, as every output names its source; by default the publisher of its format.",
    )
    period: str = Field(
        "",
        pattern=r"^(\d{4}(-\d{2}){0,2}(\.\.\d{4}(-\d{2}){0,2})?)?$",
        description=(
            'Time the file covers, "2026-11" or "2023..2025"; by default that of its dates or of its name. One that does not '
            "meet these is an error."
        ),
    )
    caveat: str = Field(
        "", max_length=600, description="What the file must not be taken for, printed beside its source."
    )
