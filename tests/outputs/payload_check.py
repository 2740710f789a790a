"""Check of a page's data against its description, exact: no key that is not described, none missing."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from corridors.outputs.layers import closure_payloads, payloads, table_payloads
from corridors.outputs.layers.packing import FIRST_SIGN, LEVELS
from corridors.outputs.web import islands

LAYERS = get_type_hints(payloads.MapLayers)
ISLANDS: Mapping[str, Any] = {
    "words": islands.WordsIsland,
    "links": islands.LinksIsland,
    "findings": islands.FindingIsland,
    "run": islands.RunIsland,
    "tables": table_payloads.TablesIsland,
    "partners": table_payloads.PartnersIsland,
    "closure_model": closure_payloads.ClosureModelIsland | None,
    "whatif": islands.WhatifIsland,
    "sources_data": islands.SourcesIsland,
}


def page_faults(data: Mapping[str, Any]) -> list[str]:
    """Return what in a page's islands is not as described."""
    found = []
    for name, value in data.items():
        layer = name.removeprefix("compact_layer_").removesuffix("_data")
        if name in ISLANDS:
            found += faults(value, ISLANDS[name], name)
        elif layer in LAYERS:
            found += faults(_expanded(value), LAYERS[layer], layer)
        elif layer.startswith(("gain_", "loss_")):
            found += faults(_expanded(value), payloads.CorridorLayer, layer)
        else:
            found.append(f"{name}: not described")
    return found


def faults(value: Any, hint: Any, path: str) -> list[str]:
    """Return what in a JSON value is not of a type, with its path."""
    origin, given = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        return _dict_faults(value, hint, path)
    if origin in {Union, types.UnionType}:
        return min((faults(value, one, path) for one in given), key=len)
    if origin in {Sequence, tuple}:
        return _list_faults(value, given, path, fixed=origin is tuple)
    if origin is Mapping:
        pairs = value.items() if isinstance(value, dict) else [("", value)]
        return [fault for key, one in pairs for fault in faults(one, given[1], f"{path}.{key}")]
    return [] if _is_plain(value, hint) else [f"{path}: {value!r} is not {getattr(hint, '__name__', hint)}"]


def _is_plain(value: Any, hint: Any) -> bool:
    """Return whether a value is one of a literal's, or of a plain type; true and false are no numbers."""
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    kinds = (int, float) if hint is float else (hint,)
    return hint is object or (isinstance(value, kinds) and (hint is bool) == isinstance(value, bool))


def _list_faults(value: Any, given: Sequence[Any], path: str, *, fixed: bool) -> list[str]:
    """Return what in a list is not of its type, or of its types where each place has one."""
    if not isinstance(value, list) or (fixed and len(value) != len(given)):
        return [f"{path}: not {len(given)} values" if fixed else f"{path}: not a list"]
    hints = given if fixed else [given[0]] * len(value)
    return [
        fault
        for n, (one, hint) in enumerate(zip(value, hints, strict=True))
        for fault in faults(one, hint, f"{path}[{n}]")
    ]


def _dict_faults(value: Any, hint: Any, path: str) -> list[str]:
    """Return what in an object is not as its TypedDict says."""
    if not isinstance(value, dict):
        return [f"{path}: not an object"]
    hints = get_type_hints(hint, include_extras=True)
    optional = {
        name for name, one in hints.items() if get_origin(one) is NotRequired
    } | hint.__optional_keys__
    found = [f"{path}.{key}: not described" for key in value if key not in hints]
    found += [f"{path}.{key}: missing" for key in hints if key not in value and key not in optional]
    for key, one in hints.items():
        if key in value:
            inner = get_args(one)[0] if get_origin(one) is NotRequired else one
            found += faults(value[key], inner, f"{path}.{key}")
    return found


def values_of(column: Mapping[str, Any]) -> list[Any]:
    """Return the values of a packed column."""
    signs = [ord(sign) - FIRST_SIGN for sign in column["at"]]
    if len(column["of"]) > LEVELS + 1:
        signs = [(LEVELS + 1) * high + low for high, low in zip(signs[::2], signs[1::2], strict=True)]
    return [column["of"][n] for n in signs]


def _expanded(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer's payload, its columns as the script expands them."""
    columns = {
        name: values_of(column) if isinstance(column, dict) else column
        for name, column in payload.get("columns", {}).items()
    }
    return {**payload, "columns": columns} if columns else dict(payload)
