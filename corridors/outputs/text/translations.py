"""Every text that people read, in Spanish and English, and numbers as each language writes them."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from corridors.core.errors import ConfigError, Fault
from corridors.core.results import COUNTIES_OF_STATE
from corridors.outputs.text.source_words import with_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from corridors.core.results import Run
    from corridors.core.types import Source

LANGUAGES = ("es", "en")
# es_MX writes 1,234.5 and 7.2%, as Mexican readers expect; plain "es" would write 1.234,5 and 7,2 %.
_LOCALES = {"es": "es_MX", "en": "en_US"}
# (below this share, decimals of the percentage): about two significant digits everywhere.
SHARE_DECIMALS = ((0.01, 2), (0.1, 1))
SMALLEST_SHARE = 0.0001
PART_TITLES = (
    *("page.title", "home.title", "whatif.title", "validation.title", "sensitivity.title"),
    *("brief.title", "brief.title_general", "brief.index_title", "calendar.title"),
    *("embed.title", "download.title", "changed.title"),
)
PART_NOTICES = (
    *("page.notice", "whatif.notice", "validation.intro", "sensitivity.intro"),
    *("embed.largest_cities", "download.intro", "ask.intro"),
    *("changed.none", "changed.cities_caption"),
)
PART_SENTENCES = ("finding.lead", "finding.lead_bare")
"""Texts that say so where a run is of a part of the region: titles, what stands first on each page and export, and the finding,
which begins with it in a few words, for a notice that says of what part stands on the same screen."""
CITED_WORK = "cite.work"
"""Title by which a run is cited, away from every notice: it says itself of what part the shares are."""


@dataclass(frozen=True, slots=True)
class Translations:
    """One language.

    Parameters
    ----------
    language
        "es" or "en".
    locale
        Locale of its numbers.
    texts
        Text by key "section.name"; placeholders are named, in braces.
    """

    language: str
    locale: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: str) -> str:
        """Return the text of a key with its placeholders filled.

        Parameters
        ----------
        key
            "section.name".
        **values
            A text for each placeholder. Values are not read for placeholders themselves.

        Raises
        ------
        KeyError
            If the key, or the value of a placeholder, is missing.
        """
        return self.texts[key].format(**values) if values else self.texts[key]

    def name(self, family: str, value: str) -> str:
        """Return the text of a coded value such as ("grade", "A"), or the value itself where it has none."""
        return self.texts.get(f"{family}.{value}", value)

    def plural(self, key: str, count: float) -> str:
        """Return the key of the form of a text that agrees with a count, by the plural rules of CLDR.

        Parameters
        ----------
        key
            Key whose forms end in "_one" and "_other", and where a language needs one in another category.
        count
            Number that the text names.

        Examples
        --------
        >>> load_translations("es").plural("brief.lead", 1), load_translations("en").plural("brief.lead", 2)
        ('brief.lead_one', 'brief.lead_other')
        """
        form = f"{key}_{Locale.parse(self.locale).plural_form(count)}"
        return form if form in self.texts else f"{key}_other"

    def published(self, text: str) -> str:
        """Return an English publisher's words in this language, "" where they are not translated."""
        return text if self.language == "en" else _published().get(text, "")

    def share(self, value: float) -> str:
        """Return a share as a percentage with about two significant digits, a dash where there is none."""
        if math.isnan(value):
            return "\N{EN DASH}"
        if 0 < value < SMALLEST_SHARE:
            return self("label.tiny", share=self._percent(SMALLEST_SHARE, 2))
        return self._percent(value, _share_decimals(value))

    def bound(self, value: float) -> str:
        """Return the bound of a class as a percentage with as few digits as it needs."""
        hundredths = round(value * 10_000)
        return self._percent(value, 0 if hundredths % 100 == 0 else 1 if hundredths % 10 == 0 else 2)

    def band(self, low: float, high: float) -> str:
        """Return two bounds of a share as a range, or as one figure where both read the same."""
        start, end = self.share(low), self.share(high)
        return start if start == end else self("label.band", low=start, high=end)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number with its thousands grouped and exactly so many decimals."""
        return str(
            format_decimal(_round(value, decimals), format="#,##0" + _point(decimals), locale=self.locale)
        )

    def date(self, iso: str) -> str:
        """Return a day "2026-11-24" in words."""
        return str(format_date(date.fromisoformat(iso), format="long", locale=self.locale))

    def day(self, iso: str) -> str:
        """Return "2026-11-24", "2026-11" or "2026" in words, as precise as it is given."""
        if len(iso) == 7:
            return str(format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"), locale=self.locale))
        return self.date(iso) if len(iso) == 10 else iso

    def _percent(self, value: float, decimals: int) -> str:
        return str(
            format_percent(
                _round(value, decimals + 2), format=f"#,##0{_point(decimals)}%", locale=self.locale
            )
        )


@cache
def load_translations(language: str) -> Translations:
    """Return the texts of a language.

    Parameters
    ----------
    language
        "es" or "en".

    Raises
    ------
    ConfigError
        If the language is neither.
    """
    if language not in LANGUAGES:
        remedy = "Choose one of these languages."
        raise ConfigError([Fault("language", " or ".join(LANGUAGES), repr(language), remedy)])
    texts = {
        f"{section}.{name}": text
        for section, entries in _read(language).items()
        for name, text in entries.items()
    }
    return Translations(language, _LOCALES[language], MappingProxyType(texts))


def page_languages(opening: str) -> tuple[str, ...]:
    """Return the languages of a page, the one it opens in first.

    Examples
    --------
    >>> page_languages("en")
    ('en', 'es')
    """
    return (opening, *(language for language in LANGUAGES if language != opening))


def run_translations(language: str, run: Run) -> Translations:
    """Return the texts of a language as they are true of a run: of its sources, and of the part of the region it covers."""
    t = source_translations(language, run.sources)
    if not run.part:
        return t
    facts = _part_facts(run.part, t)
    of, fitted = t("part.of", **facts), bool(run.part["fitted"])
    notice = t("part.notice", of=of) + ("" if fitted else f" {t('part.unfitted')}")
    said = dict(t.texts)
    for section in ("part_",) if fitted else ("part_", "unfitted_"):
        own = {key.removeprefix(section): text for key, text in t.texts.items() if key.startswith(section)}
        said |= {key: text.replace("{of}", of) for key, text in own.items()}
    said |= {key: f"{said[key]} ({t('part.title')})" for key in PART_TITLES}
    said |= {key: f"{said[key]} {notice}" for key in PART_NOTICES}
    said |= {key: f"{t('part.finding')} {said[key]}" for key in PART_SENTENCES}
    said["part.notice"] = notice
    said[CITED_WORK] = f"{said[CITED_WORK]} ({t('part.cited', **facts)})"
    return replace(t, texts=said)


def _part_facts(part: Mapping[str, int], t: Translations) -> dict[str, str]:
    """Return what a run covers as texts name it: counts, people in percent, and the states whose counties are counted."""
    facts = {name: t.number(count) for name, count in part.items()}
    for name in ("people_us", "people_mx"):
        facts[name] = t.bound(part[name] / 100) if part[name] else t("label.tiny", share=t.bound(0.01))
    held = [name.removeprefix(COUNTIES_OF_STATE) for name in part if name.startswith(COUNTIES_OF_STATE)]
    return facts | {"states": ", ".join(t.name("us_state", state) for state in held)}


def source_translations(language: str, sources: Iterable[Source]) -> Translations:
    """Return the texts of a language as they are true of these sources: their own publishers, years and limits."""
    t = load_translations(language)
    texts = with_sources(t.texts, sources, undated=t("data.no_age"), published=t.published)
    return replace(t, texts=texts)


def in_spanish(source: Source) -> dict[str, str]:
    """Return the Spanish of a source's title, period and cautions, of those that are translated."""
    t = load_translations("es")
    if source.own:
        return {"title": t.name("table", source.id)}
    texts = {"title": source.title, "period": source.period, "not_what": source.not_what}
    return {name: known for name, text in texts.items() if (known := t.published(text))}


@cache
def _published() -> Mapping[str, str]:
    """Return the Spanish of publishers' English words in the default tables."""
    return {
        english: spanish for entries in _read("published").values() for english, spanish in entries.items()
    }


def _read(name: str) -> dict[str, dict[str, str]]:
    """Return a word file, by section."""
    return tomllib.loads(files("corridors.outputs.text").joinpath("words", f"{name}.toml").read_text("utf-8"))


def slug(name: str) -> str:
    """Return a place name as the stem of a file name.

    Examples
    --------
    >>> slug("San Antonio")
    'san-antonio'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def reads_alike(one: float, other: float) -> bool:
    """Return whether two shares are written the same, in every language."""
    if min(one, other) < SMALLEST_SHARE:
        return (0 < one < SMALLEST_SHARE) == (0 < other < SMALLEST_SHARE) and (one == 0) == (other == 0)
    decimals = _share_decimals(one)
    return decimals == _share_decimals(other) and _round(one, decimals + 2) == _round(other, decimals + 2)


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces in a text."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def _share_decimals(value: float) -> int:
    """Return the decimals that the percentage of a share has."""
    return next((digits for limit, digits in SHARE_DECIMALS if value < limit), 0) if value else 0


def _round(value: float, decimals: int) -> Decimal:
    """Return the number as written, rounded half up, as browsers do; Babel alone would round half to even."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _point(decimals: int) -> str:
    """Return the decimal digits of a number pattern."""
    return "." + "0" * decimals if decimals else ""
