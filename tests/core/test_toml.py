"""TOML as editors and shells write it."""

from __future__ import annotations

import codecs
import os
import threading
from pathlib import Path

import pytest

from corridors.core.errors import ConfigError
from corridors.core.toml import MAX_BYTES, read_toml

TEXT = '[run]\r\nseed = 2\r\nname = "Peñón"\r\nlong = """\r\none\r\ntwo"""\r\n'
VALUE = {"run": {"seed": 2, "name": "Peñón", "long": "one\ntwo"}}


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.replace("\r", "").encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-32"),
    ],
    ids=["UTF-8", "plain lines", "byte-order mark", "UTF-16", "UTF-16 BE", "UTF-16 unmarked", "UTF-32"],
)
def test_every_unicode_encoding_is_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    assert read_toml(path, remedy="Check it.") == VALUE


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (TEXT.encode("cp1252"), "invalid continuation byte"),
        (b"seed = ", "Invalid value"),
        (b"\xff\xfea", "truncated data"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, found: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=f"expected TOML in UTF-8, found .*{found}"):
        read_toml(path, remedy="Check it.")


def test_a_folder_or_nothing_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a TOML file, found a folder"):
        read_toml(tmp_path, remedy="Check it.")
    with pytest.raises(ConfigError, match="expected a TOML file, found none"):
        read_toml(tmp_path / "none.toml", remedy="Check it.")


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"")
    assert read_toml(path, remedy="Check it.") == {}


def test_a_pipe_of_the_shell_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(TEXT.encode(),))
    writer.start()
    assert read_toml(pipe, remedy="Check it.") == VALUE
    writer.join()


def test_no_more_than_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_bytes(b"#" * (MAX_BYTES + 1))
    for path, found in ((tmp_path / "large.toml", "1,048,577 bytes"), (Path("/dev/zero"), "a longer one")):
        with pytest.raises(ConfigError, match=f"a TOML file of at most 1,048,576 bytes, found {found}"):
            read_toml(path, remedy="Check it.")
