"""Write the pages of docs/ that are made from the code: docs/commands.md and docs/parameters.md."""

from pathlib import Path

from corridors.cli.reference import commands_page
from corridors.config import parameters_page

folder = Path(__file__).resolve().parents[1] / "docs"
for name, page in (("commands.md", commands_page()), ("parameters.md", parameters_page())):
    (folder / name).write_text(page, encoding="utf-8", newline="\n")
    print(name)
