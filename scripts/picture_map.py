"""Take the pictures of the map in docs/img from a run: `python scripts/picture_map.py maps/southwest`."""

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

DESKTOP, PHONE, PAPER = (1280, 800), (390, 844), (979, 726)
LAREDO = "#6/28.5/-101/see=port.TX-LB2"
PICTURES = {
    "mapa": ("es", DESKTOP, ""),
    "map": ("en", DESKTOP, ""),
    "mapa-puerto": ("es", DESKTOP, LAREDO),
    "map-assumption": ("en", DESKTOP, "#5/27/-104/with=lens.one_year"),
    "mapa-consulado": ("es", DESKTOP, "#5.5/30/-104/see=consulate.Dallas"),
    "map-dark": ("en", DESKTOP, "#theme=dark"),
    "mapa-telefono": ("es", PHONE, ""),
    "map-phone": ("en", PHONE, LAREDO),
    "mapa-impresa": ("es", PAPER, ""),
    "map-printed": ("en", PAPER, ""),
}
COLOURS = 255

page_file = (Path(sys.argv[1]) / "map.html").resolve()
folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parents[1] / "docs/img"
with sync_playwright() as playwright:
    chromium = os.environ.get("CORRIDORS_CHROMIUM") or shutil.which("chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
    for name, (language, (width, height), address) in PICTURES.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(f"{page_file.as_uri()}?lang={language}{address}")
        page.wait_for_selector("html[data-ready=true]", state="attached")
        if (width, height) == PAPER:
            page.emulate_media(media="print")
            page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
        page.evaluate(
            "() => { const box = document.getElementById('variants'); box.open = Boolean(corridors.inner.state.variant); }"
        )
        page.wait_for_timeout(1500)
        picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
        small = picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
        target = folder / f"{name}.png"
        small.save(target, optimize=True)
        print(target.name, target.stat().st_size)
        page.close()
    browser.close()
