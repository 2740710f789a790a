"""The frame around every door: any exception of a library is a fault of the file, ours pass, and nobody's Ctrl-C is caught."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from corridors.core.errors import ConfigError, Fault, InputError, SchemaError
from corridors.core.signs import has_unsafe, printable
from corridors.core.unreadable import MAX_LETTERS, UnreadableError, readable

FILE = Path("a.csv")


@pytest.mark.parametrize(
    ("cause", "expected", "found"),
    [
        (KeyError("at"), "a file that can be read", "KeyError: 'at'"),
        (MemoryError(), "a file that fits in the memory of this computer", "more than it has"),
        (RecursionError(), "values nested a few hundred deep at most", "values nested too deeply"),
        (PermissionError(13, "Permission denied"), "a file that can be read", "Permission denied"),
        (OSError("Couldn't deserialize thrift"), "a file that can be read", "OSError: Couldn't"),
        (
            RuntimeError("\x1b]0;x\x07" + "y" * 999),
            "a file that can be read",
            "RuntimeError: \\x1b]0;x\\x07yy",
        ),
    ],
)
def test_what_a_library_raises_is_a_fault_of_the_file(cause: Exception, expected: str, found: str) -> None:
    with pytest.raises(UnreadableError) as raised, readable(FILE):
        raise cause
    (fault,) = raised.value.faults
    assert (fault.file, fault.expected) == ("a.csv", expected)
    assert fault.found.startswith(found)
    assert len(fault.found) <= MAX_LETTERS
    assert raised.value.__cause__ is cause


def test_the_error_and_the_remedy_are_those_asked_for() -> None:
    with pytest.raises(ConfigError, match=r"Run again\.$"), readable(FILE, ConfigError, "Run again."):
        raise TypeError("x")


@pytest.mark.parametrize(
    "own", [SchemaError([Fault("a", "b", "c", "d.")]), KeyboardInterrupt(), SystemExit(3)]
)
def test_our_own_errors_and_interruptions_pass(own: BaseException) -> None:
    with pytest.raises(type(own)) as raised, readable(FILE):
        raise own
    assert raised.value is own


@given(st.text())
def test_no_sign_that_a_terminal_obeys_is_printed(text: str) -> None:
    fault = Fault(f"{text}.csv", text, text, text, column=text)
    shown = str(InputError([fault]))
    assert not has_unsafe(shown)
    assert printable(shown) == shown
    assert not has_unsafe("".join(traceback.format_exception_only(InputError([fault]))))
