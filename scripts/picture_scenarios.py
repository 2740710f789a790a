"""Take the pictures of docs/scenarios.md from an output of `corridors whatif`: `python scripts/picture_scenarios.py maps/whatif`."""

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

CASES = {"close-san-ysidro": "en", "inspect-laredo": "es", "law-texas": "en"}
COLOURS = 255

page_file = (Path(sys.argv[1]) / "whatif.html").resolve()
folder = Path(__file__).resolve().parents[1] / "docs/img"
with sync_playwright() as playwright:
    chromium = os.environ.get("CORRIDORS_CHROMIUM") or shutil.which("chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
    for case, language in CASES.items():
        page = browser.new_page(viewport={"width": 1100, "height": 640})
        page.goto(f"{page_file.as_uri()}#lang={language}/scenario={case}")
        page.wait_for_timeout(1500)
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        small = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        target = folder / f"whatif-{case}.png"
        small.save(target, optimize=True)
        print(target.name, target.stat().st_size)
        page.close()
    browser.close()
