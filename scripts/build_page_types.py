"""Write corridors/outputs/web/src/payloads.d.ts: the pages' data as TypeScript reads it, from its Python description."""

import inspect
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from corridors.outputs.layers import closure_payloads, payloads, table_payloads
from corridors.outputs.web import islands

HEAD = "// Written by scripts/build_page_types.py from outputs/layers/{payloads,table_payloads,closure_payloads}.py and outputs/web/islands.py; do not edit.\n"
PLAIN = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    object: "unknown",
}
ISLANDS = {
    "PartnersIsland": (
        table_payloads.PartnersIsland,
        "Partners by choice, `port.ID` and the like, then by kind.",
    ),
    "ClosureModelIsland": (
        closure_payloads.ClosureModelIsland,
        "What the panel of closures computes with, by the run's structure.",
    ),
    "WordsIsland": (islands.WordsIsland, "Texts by language and key."),
    "FindingIsland": (islands.FindingIsland, "Sentences of the finding by language."),
    "LinksIsland": (islands.LinksIsland, "Addresses by the key of an event."),
}


def declarations() -> str:
    """Return the declarations of every payload and island, in the order of their modules."""
    found = [
        _declared(value)
        for module in (payloads, table_payloads, closure_payloads, islands)
        for value in vars(module).values()
        if is_typeddict(value) and value.__module__ == module.__name__
    ]
    named = [
        f"/** {note} */\nexport type {name} = {_type(hint)};\n" for name, (hint, note) in ISLANDS.items()
    ]
    return "\n".join([HEAD, *found, *named])


def _declared(shape: Any) -> str:
    """Return one TypedDict as a type alias."""
    note = (inspect.getdoc(shape) or "").partition("\n")[0]
    note = "" if note.startswith("dict(") else f"/** {note} */\n"
    lines = []
    optional = shape.__optional_keys__
    for name, hint in get_type_hints(shape, include_extras=True).items():
        needed = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        mark = "?" if name in optional or needed is not hint else ""
        lines.append(f"  {name}{mark}: {_type(needed)};")
    return "\n".join([f"{note}export type {shape.__name__} = {{", *lines, "};\n"])


def _type(hint: Any) -> str:
    """Return a Python type as TypeScript writes it."""
    origin, given = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in given)
    if origin in {Union, types.UnionType}:
        return " | ".join(map(_type, given))
    if origin is tuple:
        return f"[{', '.join(map(_type, given))}]"
    if origin in {list, Sequence}:
        inner = _type(given[0])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if origin in {dict, Mapping}:
        return f"Record<{_type(given[0])}, {_type(given[1])}>"
    return hint.__name__ if is_typeddict(hint) else PLAIN[hint]


if __name__ == "__main__":
    page = Path(__file__).resolve().parents[1] / "corridors/outputs/web/src/payloads.d.ts"
    page.write_text(declarations(), encoding="utf-8", newline="\n")
    print(page.name)
