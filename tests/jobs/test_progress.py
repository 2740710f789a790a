"""A job's progress: steps are timed and logged, and nothing is printed."""

from __future__ import annotations

import logging

import pytest

from corridors.jobs import Progress


def test_steps_are_timed_in_order_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    progress = Progress()
    with caplog.at_level(logging.INFO), progress.step("read", "reading the tables"):
        progress.advance(1, 2)
    with progress.step("network"):
        pass
    assert list(progress.seconds) == ["read", "network"]
    assert all(seconds >= 0 for seconds in progress.seconds.values())
    assert caplog.messages == ["reading the tables"]


def test_a_step_that_fails_is_not_timed() -> None:
    progress = Progress()
    with pytest.raises(ValueError, match="bad"), progress.step("read"):
        raise ValueError("bad")
    assert progress.seconds == {}
