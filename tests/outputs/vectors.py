"""Test vectors that Python and the pages' scripts share: what our functions write, for JavaScript to read.

`python -m tests.outputs.vectors` writes tests/vectors/pages.json anew; a test checks that it is in step, and
corridors/outputs/web/test/ reads it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.core.closures import PortClosureModel, TripClosureModel
from corridors.outputs.layers.closure_model import closure_model_payload
from corridors.outputs.layers.encoding import SCALE, encode
from corridors.outputs.layers.packing import LEVELS, pack, pack_counts, pack_numbers, pack_shares
from corridors.outputs.text import LANGUAGES, load_translations
from corridors.outputs.text.translations import SHARE_DECIMALS, SMALLEST_SHARE
from corridors.outputs.web.folium_page import dictionary_encoded
from tests.core.trip_closures import port_shares as trip_port_shares
from tests.outputs.toy import toy_results

if TYPE_CHECKING:
    from corridors.core.types import FloatArray
    from corridors.outputs.layers.closure_payloads import PackedNumbers, PortClosureIsland, TripClosureIsland

FILE = Path(__file__).parents[1] / "vectors" / "pages.json"
LINES = (
    [[-106.485, 31.761], [-106.49, 31.7], [-99.5, 27.5]],
    [[-117.029, 32.543], [-117.029, 32.543], [0.0, 0.0], [0.001, -0.001]],
)
FRACTIONS = ([1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 0.0], [0.001, 0.999, 0.0])
SHARES = ([0.0, 1e-7, 1e-6, 1e-4], [0.01234, 0.5, 0.99, 1.0])
PLAIN_NUMBERS = ([0.25, -12.5, 80.0, 80.0], [-np.inf, 1.0, 2.0], [3.0], [1000.001, 1000.0])
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


def toy_closure_model() -> PortClosureModel:
    """Return a closure model of the structure "port": two draws, three groups of origins in two states, and the toy's three ports."""
    rng = np.random.default_rng(15)
    joint = rng.dirichlet(np.ones(9), 2).reshape(2, 3, 3)
    return PortClosureModel(
        group_port_base=joint,
        destination_weight=rng.uniform(0.2, 1, (2, 2, 3)),
        state=np.array([0, 0, 1]),
        power=np.array([0.4, 0.6]),
        law=np.array([-0.3, -0.1]),
        us_states=("NM", "TX"),
    )


def toy_trip_closure_model() -> TripClosureModel:
    """Return a closure model of the structure "trip": two draws, three groups of origins in two states, four of destinations.

    Two of the toy's three ports are bridges of one city.
    """
    rng = np.random.default_rng(18)
    return TripClosureModel(
        us=rng.uniform(0.02, 9, (3, 3)),
        mx=rng.uniform(0.2, 20, (3, 4)),
        us_state=np.array([0, 0, 1]),
        mx_state=np.array([0, 1, 1, 1]),
        port_city=np.array([1, 0, 1]),
        nest_scale=0.5,
        min_hours=0.1,
        theta=np.array([0.9, 0.3]),
        us_weight=np.array([1.7, 2.4]),
        beta=np.array([1.0, 0.6]),
        power=np.array([0.45, 0.6]),
        kappa=np.array([0.5, 0.2]),
        nu=np.array([0.7, 0.3]),
        law=np.array([-0.3, -0.1]),
        attraction=rng.normal(7, 1, (2, 3)),
        supply=rng.normal(3, 1, (2, 3)),
        demand=rng.normal(2, 2, (2, 4)),
        affinity=rng.normal(0, 0.7, (2, 2, 2)),
        us_states=("NM", "TX"),
    )


def unpack_numbers(packed: PackedNumbers) -> FloatArray:
    """Return the numbers of a text of two signs a number."""
    signs = np.frombuffer(packed["levels"].encode(), np.uint8).astype(np.int64) - LEVELS
    levels = signs.reshape(-1, 2) @ [64, 1]
    return np.where(levels > 0, packed["low"] + (levels - 1) * packed["step"], -np.inf)


def unpack_trip(packed: TripClosureIsland) -> TripClosureModel:
    """Return a packed closure model of the structure "trip", its ports in the page's order."""
    draws, ports = packed["draws"], packed["ports"]
    scalars: dict[str, Any] = {
        name: np.array([one[name] for one in draws])
        for name in ("theta", "us_weight", "beta", "power", "kappa", "nu", "law")
    }
    logs: dict[str, Any] = {
        name: np.stack([unpack_numbers(one[name]) for one in draws])
        for name in ("attraction", "supply", "demand")
    }
    affinity = np.stack([unpack_numbers(one["affinity"]) for one in draws])
    return TripClosureModel(
        us=unpack_numbers(packed["us"]).reshape(-1, ports),
        mx=unpack_numbers(packed["mx"]).reshape(-1, ports).T,
        us_state=np.array(packed["us_state"]),
        mx_state=np.array(packed["mx_state"]),
        port_city=np.array(packed["city"]),
        nest_scale=packed["nest_scale"],
        min_hours=packed["min_hours"],
        affinity=affinity.reshape(len(draws), -1, packed["mx_states"]),
        us_states=tuple(packed["us_states"]),
        **scalars,
        **logs,
    )


def unpack_shares(code: str) -> FloatArray:
    """Return the shares of a text of two signs a share."""
    levels = (np.frombuffer(code.encode(), np.uint8).astype(np.int64) - LEVELS).reshape(-1, 2) @ [64, 1]
    return np.where(levels > 0, 10.0 ** ((levels - 1) / 4094 * 6 - 6), 0.0)


def port_shares(model: PortClosureIsland, draw: int, closed: list[int], laws: dict[int, float]) -> Any:
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


def rounded_trip_shares(model: TripClosureModel, draw: int, closed: list[int], laws: dict[int, float]) -> Any:
    """Return ports' shares at a draw of a closure model of the structure "trip"."""
    return np.round(trip_port_shares(model, draw, closed, laws), 12).tolist()


def closure_cases() -> list[dict[str, Any]]:
    """Return a packed closure model of each structure, with ports' shares under edits."""
    port, trip = (
        closure_model_payload(replace(toy_results(), closure_model=model))
        for model in (toy_closure_model(), toy_trip_closure_model())
    )
    assert port is not None
    assert port["structure"] == "port"
    assert trip is not None
    assert trip["structure"] == "trip"
    return [
        {
            "model": model,
            "cases": [
                {
                    "closed": closed,
                    "laws": {str(home): sd for home, sd in laws.items()},
                    "shares": [shares(draw, closed, laws) for draw in range(2)],
                }
                for closed, laws in EDITS
            ],
        }
        for model, shares in (
            (port, partial(port_shares, port)),
            (trip, partial(rounded_trip_shares, unpack_trip(trip))),
        )
    ]


def vectors() -> dict[str, Any]:
    """Return the vectors, by what they test."""
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
        "numbers_packed": [
            {
                "packed": pack_numbers(np.array(values)),
                "values": [v if np.isfinite(v) else None for v in values],
            }
            for values in PLAIN_NUMBERS
        ],
        "columns": {"packed": dictionary_encoded({"columns": COLUMNS})["columns"], "plain": COLUMNS},
        "closure_models": closure_cases(),
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
