"""What a PDF of Chromium's shows: the text of each page, and the colors that it is painted in."""

from __future__ import annotations

import re
import zlib

Color = tuple[int, int, int]


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page in the order it was painted, without spaces: fonts often leave them out."""
    objects = _objects(pdf)
    pages = [body for body in objects.values() if re.search(rb"/Type /Page\b", body)]
    texts = []
    for body in pages:
        contents = re.search(rb"/Contents (\d+) 0 R", body)
        assert contents
        text = _text(objects, body, _stream(objects[int(contents[1])]))
        texts.append(squeezed(text))
    return texts


def _text(objects: dict[int, bytes], owner: bytes, painted: bytes) -> str:
    """Return the text of a page or of a form, and of the forms that it paints in their place."""
    head = owner.partition(b"stream")[0]
    named = {name: int(number) for name, number in re.findall(rb"/([FX]\d+) (\d+) 0 R", head)}
    glyphs: dict[int, str] = {}
    text = ""
    for font, form, shown in re.findall(rb"/(F\d+) \S+ Tf|/(X\d+) Do|<([0-9A-Fa-f]+)>", painted):
        if font:
            found = re.search(rb"/ToUnicode (\d+) 0 R", objects[named[font]])
            glyphs = _glyphs(_stream(objects[int(found[1])])) if found else {}
        elif form and b"/Subtype /Form" in objects[named[form]][:2000]:
            text += _text(objects, objects[named[form]], _stream(objects[named[form]]))
        text += "".join(glyphs.get(int(shown[i : i + 4], 16), "") for i in range(0, len(shown), 4))
    return text


def squeezed(text: str) -> str:
    """Return a text without its spaces, as `page_texts` does."""
    return re.sub(r"\s", "", text)


def colors(pdf: bytes) -> set[Color]:
    """Return the colors of all fills and lines, of 0 to 255; fail where a mask takes away again what was painted."""
    assert b"/S /Alpha" not in pdf, (
        "a canvas clears what lies below it: see .leaflet-map-pane canvas in map.css"
    )
    found = set()
    for body in _objects(pdf).values():
        if b"/Filter /FlateDecode" in body[:2000] and b"/Subtype /Image" not in body[:2000]:
            for values in re.findall(rb"([\d.]+ [\d.]+ [\d.]+) (?:rg|RG)\n", _stream(body)):
                red, green, blue = (round(255 * float(value)) for value in values.split())
                found.add((red, green, blue))
    return found


def color(code: str) -> Color:
    """Return a color written as in CSS, "#dfe8ec"."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _objects(pdf: bytes) -> dict[int, bytes]:
    """Return the bodies of objects by number, in the order of the file."""
    found = re.finditer(rb"(?:^|\n)(\d+) 0 obj\s*(.*?)\nendobj", pdf, re.DOTALL)
    return {int(one[1]): one[2] for one in found}


def _stream(body: bytes) -> bytes:
    """Return the stream of an object, unpacked."""
    head, _, rest = body.partition(b"stream")
    data = rest.removeprefix(b"\r").removeprefix(b"\n")
    return zlib.decompressobj().decompress(data) if b"/FlateDecode" in head else data


def _glyphs(cmap: bytes) -> dict[int, str]:
    """Return the text of each glyph of a ToUnicode table."""
    glyphs = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, text in re.findall(rb"<([0-9A-Fa-f]+)> <([0-9A-Fa-f]+)>", block):
            glyphs[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, text in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            for n in range(int(high, 16) - int(low, 16) + 1):
                glyphs[int(low, 16) + n] = chr(int(text, 16) + n)
    return glyphs
