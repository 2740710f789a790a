"""Reasons live in the repository: what code and docs cite exists, and nothing cites a document outside."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CITING = {".py", ".md", ".toml", ".js", ".mjs", ".css", ".html", ".bib"}
FOLDERS = ("corridors", "tests", "docs", "benchmarks", "scripts", "data", "maps")
FILES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("*.toml"),
        *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*")),
    )
    if path.is_file()
    and path.suffix in CITING
    and path != Path(__file__)
    and not {"node_modules", "__pycache__"} & set(path.parts)
    and (path.parent != ROOT / "maps" or path.name == "README.md")
    and (ROOT / "maps" not in path.parents[1:])
)
PAGES = [path for path in FILES if path.suffix == ".md"]
BIBLIOGRAPHY = ROOT / "docs/references.bib"
NUMBERS = r"\d+(?:\.\d+)*(?:(?:, | and | to )\d+(?:\.\d+)*)*"
DOCUMENT = re.compile(
    rf"(?<![\w/.-])((?:\.\./)*(?:[\w-]+/)*[\w-]+\.md)(?:[ \n#]+(?:sections? )?({NUMBERS})\b(?! ?%))?"
)
"""A page, and the numbers of its sections where they follow."""
METHOD = re.compile(rf"\b[Mm]ethod ({NUMBERS})\b")
"""How pages beside docs/method.md cite it."""
KEY = re.compile(r"\[([A-Z][A-Za-z]+\d{4}(?:, [A-Z][A-Za-z]+\d{4})*)\]")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
STEP = re.compile(r"^\| `([\w/]+\.(?:py|js))` \| (`[\w`, ]+`) \|", flags=re.MULTILINE)
"""A step of a journey: a file, and the functions and classes in it."""
OWN_FILE = re.compile(r"(?<![\w/.:-])((?:corridors|tests|scripts|benchmarks|docs|data)(?:/[\w.-]+)+)")
DATA = re.compile(r"^data/|/_data\b")
"""In code, the data/ of an output's folder, or of the wheel."""
BUILT = re.compile(r"^data/(edges|ports|finding|flows|trip_corridors|events|sources|state_pairs|zone_port|port_municipality|corridors|density|density_classes|"
                   r"rank_changes|run_changes|district_crossing|district_port|district_state|district_road|identifiability|changes|notice|scenarios|distinguishable|expected_signs|public_\w+)\.\w+$")  # fmt: skip
"""Files of a run's folder, which has a data/ of its own."""


@cache
def sections(page: Path) -> frozenset[str]:
    """Return the numbers of a page's headings."""
    text = page.read_text(encoding="utf-8")
    return frozenset(re.findall(r"^#+ (\d+(?:\.\d+)*)\.? ", text, flags=re.MULTILINE))


@cache
def keys() -> frozenset[str]:
    """Return the keys of the bibliography."""
    return frozenset(
        re.findall(r"^@\w+\{(\w+),", BIBLIOGRAPHY.read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


def page_of(name: str, where: Path) -> Path | None:
    """Return the page that a text in `where` cites, None where there is none.

    A bare name, of a file that a command writes or a test makes, may be that of any page of the repository.
    """
    candidates = [ROOT / name, where.parent / name]
    if not name.startswith(".."):
        candidates += [page for page in PAGES if page.name == name.rpartition("/")[2]]
    return next((path.resolve() for path in candidates if path.is_file() and is_ours(path)), None)


def is_ours(path: Path) -> bool:
    """Return whether a path lies in the repository."""
    return path.resolve().is_relative_to(ROOT)


def missing(page: Path, numbers: str) -> list[str]:
    """Return those of the numbers that no section of a numbered page has."""
    own = sections(page)
    return [one for one in re.findall(r"\d+(?:\.\d+)*", numbers) if own and one not in own]


def citation_faults(text: str, where: Path) -> list[str]:
    """Return the citations of a text that lead nowhere."""
    found = []
    for name, numbers in DOCUMENT.findall(text):
        page = page_of(name, where)
        gone = ["of that name"] if page is None else missing(page, numbers)
        found += [f"no section {one} in {name}" for one in gone]
    paths = [path for path in OWN_FILE.findall(text) if where.suffix == ".md" or not DATA.search(path)]
    found += [f"no file {path}" for path in paths if not exists(path)]
    if where.suffix == ".md":
        method = ROOT / "docs/method.md"
        found += [
            f"no section {one} in the method"
            for some in METHOD.findall(text)
            for one in missing(method, some)
        ]
        found += [
            f"no {name} in {path}" for path, names in STEP.findall(text) for name in undefined(path, names)
        ]
        found += [f"no file {link}" for link in LINK.findall(text) if not is_there(link, where)]
    found += [
        f"no reference {key}" for some in KEY.findall(text) for key in some.split(", ") if key not in keys()
    ]
    return found


def undefined(path: str, names: str) -> list[str]:
    """Return those names between backticks that a file does not define."""
    file = ROOT / path
    source = file.read_text(encoding="utf-8") if file.is_file() else ""
    return [
        name
        for name in re.findall(r"`(\w+)`", names)
        if not re.search(rf"^(?:export )?(?:def|class|function) {name}\b", source, flags=re.MULTILINE)
    ]


def is_there(link: str, where: Path) -> bool:
    """Return whether a link of a page leads to a file, or out of the repository."""
    target = link.partition("#")[0]
    path = where.parent / target
    return "://" in link or not target or (path.exists() and is_ours(path))


def exists(path: str) -> bool:
    """Return whether a path that a page names is in the repository, or in the folder of a run."""
    name = path.rstrip(".")
    return bool(BUILT.match(name)) or any(ROOT.glob(name)) or (ROOT / "corridors" / name).exists()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_cited_exists(path: Path) -> None:
    assert citation_faults(path.read_text(encoding="utf-8"), path) == []


def test_every_reference_is_cited() -> None:
    texts = "\n".join(path.read_text(encoding="utf-8") for path in FILES if path != BIBLIOGRAPHY)
    cited = {key for some in KEY.findall(texts) for key in some.split(", ")}
    assert keys() - cited == set()


def test_every_page_of_docs_is_linked() -> None:
    """A reader reaches each page from README.md."""
    reached, fresh = set(), {ROOT / "README.md"}
    while fresh:
        page = fresh.pop()
        reached.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        targets = {(page.parent / link.partition("#")[0]).resolve() for link in links if "://" not in link}
        fresh |= {one for one in targets if one.suffix == ".md" and one.is_file()} - reached
    assert {path for path in PAGES if path.parent == ROOT / "docs"} - reached == set()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("the priors of methods.md 4.1", "corridors/module.py"),
        ("as docs/method.md 99.1 says", "corridors/module.py"),
        ("as docs/method.md section 99 says", "docs/page.md"),
        ("docs/method.md 3.2 and 99.1", "corridors/module.py"),
        ("as `../shared/design/engine.md` says", "corridors/module.py"),
        ("(method 99.1)", "docs/page.md"),
        ("the sweeps of [Nobody1999]", "corridors/module.py"),
        ("[Dell2015, Nobody1999]", "docs/page.md"),
        ("[the page](nowhere.html)", "docs/page.md"),
        ("Code: `corridors/nowhere/module.py`.", "docs/page.md"),
        ("as corridors/nowhere/module.py does", "corridors/module.py"),
        ("| `corridors/core/types.py` | `Network`, `Nowhere` | a step |", "docs/page.md"),
    ],
)
def test_a_citation_that_leads_nowhere_is_found(text: str, where: str) -> None:
    assert citation_faults(text, ROOT / where)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("docs/method.md 3.2 and [Dell2015]", "corridors/module.py"),
        (
            "[the method](method.md), method 3.2, `corridors/core/types.py`, https://example.org/a.html",
            "docs/page.md",
        ),
    ],
)
def test_a_citation_that_leads_somewhere_passes(text: str, where: str) -> None:
    assert citation_faults(text, ROOT / where) == []
