"""Test vectors that Python and the pages' scripts share: what our functions write, for JavaScript to read.

`python -m tests.outputs.vectors` writes tests/vectors/pages.json anew; a test checks that it is in step, and
corridors/outputs/web/test/ reads it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.core.scenario import ClosureModel
from corridors.outputs.layers.closure_model import closure_model_payload
from corridors.outputs.layers.encoding import SCALE, encode
from corridors.outputs.layers.packing import LEVELS, pack, pack_counts, pack_shares
from corridors.outputs.text import LANGUAGES, load_translations
from corridors.outputs.text.translations import SHARE_DECIMALS, SMALLEST_SHARE
from corridors.outputs.web.folium_page import dictionary_encoded
from tests.outputs.toy import toy_results

if TYPE_CHECKING:
    from corridors.core.types import FloatArray
    from corridors.outputs.layers.payloads import ClosureModelIsland

FILE = Path(__file__).parents[1] / "vectors" / "pages.json"
LINES = (
    [[-106.485, 31.761], [-106.49, 31.7], [-99.5, 27.5]],
    [[-117.029, 32.543], [-117.029, 32.543], [0.0, 0.0], [0.001, -0.001]],
)
FRACTIONS = ([1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 0.0], [0.001, 0.999, 0.0])
SHARES = ([0.0, 1e-7, 1e-6, 1e-4], [0.01234, 0.5, 0.99, 1.0])
COUNTS = ([0, 5, 63], [64, 4095, 9999])
COLUMNS = {
    "state": ["TX", "TX", "TX", "AZ", "TX", "TX"],
    "share": [0.125, 0.25, None, 0.5, 0.75, 1.0],
    "same": [[0.5, "a"]] * 6,
}
WRITTEN = (0.0, 0.00001, 0.00012, 0.0042, 0.00995, 0.0345, 0.072, 0.0995, 0.15, 0.42, 0.995, 1.0)
BANDS = ((0.01, 0.2), (0.00001, 0.00002), (0.3, 0.301))
NUMBERS = ((0, 0), (7, 0), (1234567.5, 1), (12.25, 1), (0.125, 2), (999.5, 0))
DAYS = ("2019-03-02", "1999-07", "2004", "2026-12-31")
EDITS: tuple[tuple[list[int], dict[int, float]], ...] = (
    ([], {}),
    ([0], {}),
    ([1, 2], {}),
    ([], {0: 1.0, 1: -1.0}),
)


def toy_closure_model() -> ClosureModel:
    """Return a closure model of two draws, three groups of origins in two states, and the toy's three ports."""
    rng = np.random.default_rng(15)
    joint = rng.dirichlet(np.ones(9), 2).reshape(2, 3, 3)
    return ClosureModel(
        group_port_base=joint,
        destination_weight=rng.uniform(0.2, 1, (2, 2, 3)),
        state=np.array([0, 0, 1]),
        power=np.array([0.4, 0.6]),
        law=np.array([-0.3, -0.1]),
        us_states=("NM", "TX"),
    )


def unpack_shares(code: str) -> FloatArray:
    """Return the shares of a text of two signs a share."""
    levels = (np.frombuffer(code.encode(), np.uint8).astype(np.int64) - LEVELS).reshape(-1, 2) @ [64, 1]
    return np.where(levels > 0, 10.0 ** ((levels - 1) / 4094 * 6 - 6), 0.0)


def port_shares(model: ClosureModelIsland, draw: int, closed: list[int], laws: dict[int, float]) -> Any:
    """Return ports' shares at a draw of a packed closure model, by the formula that the page's model documents."""
    one, ports = model["draws"][draw], model["ports"]
    base = unpack_shares(one["group_port_base"]).reshape(-1, ports)
    weight = unpack_shares(one["destination_weight"]).reshape(-1, ports)
    state = np.array(model["state"])
    kept = 1 - base[:, closed].sum(axis=1) / base.sum(axis=1)
    law = np.exp([laws.get(int(home), 0.0) * one["law"] for home in state])
    flow = (base * (kept ** -one["power"] * law)[:, None] * weight[state]).sum(axis=0)
    flow[closed] = 0
    return np.round(flow / flow.sum(), 12).tolist()


def vectors() -> dict[str, Any]:
    """Return the vectors, by what they test."""
    model = closure_model_payload(replace(toy_results(), closure_model=toy_closure_model()))
    assert model is not None
    keys = ("label.tiny", "label.band")
    return {
        "polylines": [
            {"code": encode(np.array(line)), "scale": SCALE, "points": [[lat, lon] for lon, lat in line]}
            for line in LINES
        ],
        "fractions": [
            {"code": code, "values": list(values)}
            for code, values in zip(pack(np.array(FRACTIONS)), FRACTIONS, strict=True)
        ],
        "shares": [
            {"code": code, "values": list(values)}
            for code, values in zip(pack_shares(np.array(SHARES)), SHARES, strict=True)
        ],
        "counts": [
            {"code": code, "values": np.minimum(values, 4095).tolist()}
            for code, values in zip(pack_counts(np.array(COUNTS)), COUNTS, strict=True)
        ],
        "columns": {"packed": dictionary_encoded({"columns": COLUMNS})["columns"], "plain": COLUMNS},
        "closure_model": {
            "model": model,
            "cases": [
                {
                    "draw": draw,
                    "closed": closed,
                    "laws": {str(home): sd for home, sd in laws.items()},
                    "shares": port_shares(model, draw, closed, laws),
                }
                for draw in range(2)
                for closed, laws in EDITS
            ],
        },
        "numbers": {
            "rules": {"decimals": SHARE_DECIMALS, "smallest": SMALLEST_SHARE},
            "languages": {
                language: {
                    "words": {key: words.texts[key] for key in keys},
                    "shares": [[value, words.share(value)] for value in WRITTEN],
                    "bands": [[low, high, words.band(low, high)] for low, high in BANDS],
                    "decimals": [[value, digits, words.number(value, digits)] for value, digits in NUMBERS],
                    "days": [[day, words.day(day)] for day in DAYS],
                }
                for language in LANGUAGES
                for words in [load_translations(language)]
            },
        },
    }


def written() -> str:
    """Return the vectors as the file holds them."""
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8", newline="\n")
