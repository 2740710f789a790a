"""A folder for compiled kernels is given only where numba has none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from corridors.core import kernel_cache
from corridors.core.kernel_cache import VARIABLE, is_writable, provide_kernel_cache


@pytest.mark.parametrize(
    ("writable", "given"),
    [((True, True), False), ((False, True), False), ((True, False), False), ((False, False), True)],
)
def test_a_read_only_install_without_a_home_gets_one(
    writable: tuple[bool, bool], *, given: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, home = writable
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(
        kernel_cache, "is_writable", lambda folder: home if folder.name == "numba" else package
    )
    provide_kernel_cache()
    assert (VARIABLE in os.environ) is given
    if given:
        folder = Path(os.environ[VARIABLE])
        assert folder.is_dir()
        assert folder.stat().st_mode & 0o077 == 0
        folder.rmdir()


def test_the_users_own_folder_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "mine")
    monkeypatch.setattr(kernel_cache, "is_writable", lambda _: False)
    provide_kernel_cache()
    assert os.environ[VARIABLE] == "mine"


def test_a_folder_that_could_be_made_is_writable(tmp_path: Path) -> None:
    assert is_writable(tmp_path / "a" / "b")
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert not is_writable(tmp_path / "file" / "b")
