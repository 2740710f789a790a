"""Numbers that can be followed: each stands in a `data` element that names the file, row and column it was read from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from markupsafe import Markup, escape

from corridors.outputs.briefs.subscription import UNSPECIFIED
from corridors.outputs.layers.encoding import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.outputs.text.translations import Translations

EMPTY = "\u2013"
_HOST = re.compile(r"https?://(?:www\.)?([^/?#]+)")
AS_PRINTED = " (as printed)"
"""After a venue's name that the tables hold as its source has it, and that may be a slip."""
SIGN = "#"
"""Between file, row and columns of an id; a row's key is its cells joined by "|"."""


@dataclass(frozen=True, slots=True, eq=False)
class CitedNumbers:
    """The texts of a page in one language, with numbers read from tables.

    Parameters
    ----------
    translations
        The language.
    tables
        File, as the manifest beside the page names it, to its table, indexed by its key.
    """

    translations: Translations
    tables: Mapping[str, pd.DataFrame]

    def t(self, key: str, **values: Any) -> Markup:
        """Return the text of a key as HTML; values that are no cited numbers are escaped."""
        text_ = Markup(escape(self.translations(key)))  # noqa: S704 - escaped
        return text_.format(**values) if values else text_

    def plural(self, key: str, count: Any, /, **values: Any) -> Markup:
        """Return the form of a text that agrees with a count; a missing one is of several."""
        return self.t(self.translations.plural(key, 0 if pd.isna(count) else float(count)), **values)

    def share(self, file: str, column: str, *key: str) -> Markup:
        """Return a share as a percentage."""
        return self._element(file, (column,), key, self.translations.share)

    def band(self, file: str, low: str, high: str, *key: str) -> Markup:
        """Return a band of two columns."""
        return self._element(file, (low, high), key, self.translations.band)

    def number(self, file: str, column: str, *key: str, decimals: int = 0) -> Markup:
        """Return a number, or that it is under five where a count was withheld."""
        value = self.cell(file, column, *key)
        if pd.isna(value):
            return self.t("label.few", count="5")
        return self._element(
            file, (column,), key, lambda cell: self.translations.number(float(cell), decimals)
        )

    def text(self, file: str, column: str, *key: str) -> Markup:
        """Return a cell as it is: a year, a name, words of a source; a dash where it is empty."""
        return self._element(file, (column,), key, lambda cell: text(cell) or EMPTY)

    def published(self, file: str, column: str, *key: str) -> Markup:
        """Return a publisher's English words in the page's language where `published.toml` has them, else as they are."""
        found = text(self.cell(file, column, *key))
        own = self.translations.published(found)
        shown = self._element(file, (column,), key, lambda _: own or found or EMPTY)
        english = not own and any(sign.isalpha() for sign in found)
        return Markup('<span lang="en">{}</span>').format(shown) if english else shown

    def venue(self, file: str, column: str, *key: str) -> Markup:
        """Return a venue of gun shows: that it has no name where the source gives none, and the source's own doubt in words."""
        found = text(self.cell(file, column, *key))
        if found == UNSPECIFIED:
            return self.t("brief.venue_unnamed")
        name, doubt, _ = found.partition(AS_PRINTED)
        said = f"{name} ({self.translations('calendar.as_printed')})" if doubt else found
        return self._element(file, (column,), key, lambda _: said or EMPTY)

    def place(self, file: str, column: str, *key: str) -> Markup:
        """Return where a figure was read: the host of an address, or the name of a work in the page's language."""
        found = text(self.cell(file, column, *key))
        host = _HOST.match(found)
        shown = host[1] if host else self.translations.published(found) or found
        return self._element(file, (column,), key, lambda _: shown)

    def day(self, file: str, column: str, *key: str) -> Markup:
        """Return a day, month or year as the language writes it, or that there is no date."""
        if not self.cell(file, column, *key):
            return self.t("data.no_age")
        return self._element(file, (column,), key, self.translations.day)

    def cell(self, file: str, column: str, *key: str) -> Any:
        """Return the bare value."""
        table = self.tables[file]
        return table.at[key if table.index.nlevels > 1 else key[0], column]  # noqa: PD008 - one cell of a unique row

    def has(self, file: str, *key: str) -> bool:
        """Return whether a table has a row."""
        return (key if len(key) > 1 else key[0]) in self.tables[file].index

    def _element(self, file: str, columns: tuple[str, ...], key: tuple[str, ...], form: Any) -> Markup:
        """Return the element of one or two cells."""
        values = [self.cell(file, column, *key) for column in columns]
        name = SIGN.join((file, "|".join(key), "+".join(columns)))
        plain = " ".join(text(value) for value in values)
        shown = (_no_address(part) for part in (plain, name, str(form(*values))))
        return Markup('<data value="{}" data-id="{}">{}</data>').format(*shown)


def _no_address(value: str) -> str:
    """Return text in which no web address is one: a page names no host that it does not need."""
    return value.replace("://", ":\u200b//")
