"""What the default tables say in English is known in Spanish, and nothing else is."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pandas as pd

from corridors.jobs.inputs import default_data
from corridors.outputs.briefs.figures import LINES
from corridors.outputs.pages.ask import REQUESTS
from corridors.outputs.text import load_translations


def credited() -> set[str]:
    """Return the tables whose shipped source a text names."""
    texts = load_translations("en").texts
    shown = " ".join(text for key, text in texts.items() if not key.startswith("own_"))
    return set(re.findall(r"{(\w+)_credit}", shown)) | {one.table for one in REQUESTS}


def words_in_english() -> set[str]:
    """Return the English texts of the default tables that pages show."""
    found: set[str] = set()
    for file, columns in (
        ("catalog.csv", ["title", "not_what", "period", "attribution"]),
        ("figures.csv", ["target", "source", "period"]),
        ("gun_show_policy.csv", ["place", "event", "effect"]),
    ):
        table = pd.read_csv(default_data() / file, dtype=str)
        if file == "catalog.csv":
            table["attribution"] = table["attribution"].where(table["id"].isin(credited()), "")
        if file == "figures.csv":
            table = table[table["id"].isin({one for line in LINES for one in (*line.then, *line.now)})]
            read_at = table["read_at"].dropna()
            found |= set(read_at[~read_at.str.startswith("http")])
        found |= {text for column in columns for text in table[column]}
    return {text for text in found if re.search("[A-Za-z]", text)}


def test_what_default_tables_say_in_english_is_known_in_spanish_and_nothing_else_is() -> None:
    shown = files("corridors.outputs.text").joinpath("words", "published.toml").read_text("utf-8")
    known = [english for section in tomllib.loads(shown).values() for english in section]
    assert set(known) == words_in_english()
