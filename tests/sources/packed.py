"""What is packed in a file, and the file with one packed part changed: zip, gzip, and OpenStreetMap's PBF.

Damage to the file itself is nearly always met by the checksum of what is packed; a decoder behind it sees none of it.
PBF is taken apart by hand: no installed library reads or writes its blobs one by one. Its frame is that of
https://wiki.openstreetmap.org/wiki/PBF_Format: length, BlobHeader (1 type, 3 size), Blob (1 raw, 3 zlib).
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ZIP, GZIP, PBF = b"PK", b"\x1f\x8b", b"\n\tOSMHeader"
_RAW, _SIZE, _ZLIB = 1, 3, 3


def packed_parts(content: bytes) -> list[bytes]:
    """Return what is packed in a file, in its order; nothing where it is none of the three."""
    if content.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [archive.read(name) for name in archive.namelist()]
    if content.startswith(GZIP):
        return [gzip.decompress(content)]
    return [data for _, data in _blobs(content)] if content[4:].startswith(PBF) else []


def with_part(content: bytes, at: int, data: bytes) -> bytes:
    """Return a file of which one packed part is other bytes."""
    parts = packed_parts(content)
    parts[at] = data
    if content.startswith(GZIP):
        return gzip.compress(data)
    if content.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return zipped(dict(zip(archive.namelist(), parts, strict=True)))
    return b"".join(_blob(kind, part) for (kind, _), part in zip(_blobs(content), parts, strict=True))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of some files, by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _blobs(content: bytes) -> list[tuple[bytes, bytes]]:
    """Return type and unpacked bytes of every blob of a PBF file."""
    found, at = [], 0
    while at < len(content):
        start = at + 4 + int.from_bytes(content[at : at + 4], "big")
        header = _fields(content[at + 4 : start])
        at = start + int.from_bytes(header[_SIZE], "little")
        blob = _fields(content[start:at])
        found.append((header[1], blob[_RAW] if _RAW in blob else zlib.decompress(blob[_ZLIB])))
    return found


def _blob(kind: bytes, data: bytes) -> bytes:
    """Return a blob that holds bytes as they are, with its header."""
    blob = b"\x0a" + _varint(len(data)) + data
    header = b"\x0a" + _varint(len(kind)) + kind + b"\x18" + _varint(len(blob))
    return len(header).to_bytes(4, "big") + header + blob


def _fields(message: bytes) -> dict[int, bytes]:
    """Return the fields of a protobuf message of numbers and bytes; numbers as eight little-endian bytes."""
    fields, at = {}, 0
    while at < len(message):
        key, at = _number(message, at)
        value, at = _number(message, at)
        packed = key & 7 == 2
        fields[key >> 3] = message[at : at + value] if packed else value.to_bytes(8, "little")
        at += value if packed else 0
    return fields


def _number(message: bytes, at: int) -> tuple[int, int]:
    """Return a varint, and where it ends."""
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | message[at] << shift, at + 1


def _varint(value: int) -> bytes:
    """Return a number as a varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])
