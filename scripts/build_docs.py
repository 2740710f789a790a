"""Write the pages of docs/ that are made from the code: docs/parameters.md."""

from pathlib import Path

from corridors.config import parameters_page

page = Path(__file__).resolve().parents[1] / "docs/parameters.md"
page.write_text(parameters_page(), encoding="utf-8", newline="\n")
print(page.name)
