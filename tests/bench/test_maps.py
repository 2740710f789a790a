from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from corridors.bench import maps
from corridors.core.errors import ConfigError
from tests.outputs.toy import toy_base, toy_results, toy_run


def test_maps_are_compared_in_a_browser() -> None:
    # in a thread of its own: playwright allows one browser a thread, and the other tests hold theirs
    with ThreadPoolExecutor(1) as other:
        toy = (toy_results(), toy_run(), toy_base())
        found = other.submit(maps.compare_maps, *toy, peers=["folium"], rounds=1).result()
    assert set(found) == {
        "megabytes",
        "s_to_ready_at_1x",
        "s_to_ready_at_4x",
        "frames_a_second_pan",
        "frames_a_second_zoom",
        "heap_megabytes",
    }
    for one in found.values():
        assert set(one.rows) == {"corridors", "folium"}
        assert all(value > 0 for value in one.rows.values())
    assert found["heap_megabytes"].facts["corridors, requests and errors"] == "0, 0"


def test_a_plain_map_of_every_setting_has_its_layers_again() -> None:
    alone, again = (maps.plain_map(toy_results(), toy_base(), 0.0, settings=each) for each in (False, True))
    for name in ("zones", "municipalities", "corridors", "ports"):
        label = f'"{name}, demand homicides"'
        assert label in again
        assert label not in alone
    year = '"zones, 2004"'
    assert year in again
    assert year not in alone


def test_without_a_browser_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "installed", lambda _: False)
    with pytest.raises(ConfigError, match="scripts/setup"):
        maps.compare_maps(toy_results(), toy_run(), toy_base(), rounds=1)
