"""Hours of crossings as CBP's wait-time feed writes them, and the port of entry of each number of the feed."""

from __future__ import annotations

import re

# Crossing in the feed to port of entry; freight at Otay Mesa (250602) and repeats (l24501, 230103) have none.
PORT_OF = {
    "250201": "CA-AND",
    "250301": "CA-CXE",
    "250302": "CA-CXW",
    "250401": "CA-SYS",
    "250407": "CA-PDW",
    "250409": "CA-CBX",
    "250501": "CA-TEC",
    "250601": "CA-OTM",
    "260101": "AZ-DOU",
    "260201": "AZ-LUK",
    "260301": "AZ-NAC",
    "260401": "AZ-DEC",
    "260402": "AZ-MAR",
    "260403": "AZ-MOR",
    "260801": "AZ-SL1",
    "260802": "AZ-SL2",
    "240601": "NM-COL",
    "240801": "NM-STE",
    "240201": "TX-BOT",
    "240202": "TX-PDN",
    "240203": "TX-YSL",
    "240204": "TX-STN",
    "240301": "TX-PRE",
    "240401": "TX-TOR",
    "240403": "TX-FTH",
    "230201": "TX-DRI",
    "230301": "TX-EP1",
    "230302": "TX-EP2",
    "230401": "TX-LB1",
    "230402": "TX-LB2",
    "230403": "TX-LCO",
    "230404": "TX-LWT",
    "230501": "TX-HID",
    "230502": "TX-PHA",
    "230503": "TX-ANZ",
    "230701": "TX-RGC",
    "230901": "TX-PRO",
    "230902": "TX-DON",
    "231001": "TX-ROM",
    "535501": "TX-BMX",
    "535502": "TX-VET",
    "535503": "TX-LIN",
    "535504": "TX-GAT",
}
_SPAN = re.compile(r"(?i)(?P<start>[\w: ]+?)\s*(?:-|to)\s*(?P<end>[\w: ]+)")
_CLOCK = re.compile(r"(?i)(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\.?")


def hours_a_day(text: str) -> float | None:
    """Return hours per day from the text of the feed, None where it states none.

    Examples
    --------
    >>> hours_a_day("24 hrs/day"), hours_a_day("6 am-Midnight"), hours_a_day("10 am-6 pm"), hours_a_day("call")
    (24.0, 18.0, 8.0, None)
    """
    plain = text.strip().lower()
    if re.match(r"24\s*h", plain):
        return 24.0
    span = _SPAN.fullmatch(plain)
    if span is None:
        return None
    start, end = _clock(span["start"]), _clock(span["end"])
    if start is None or end is None:
        return None
    return round((end - start) % 24 or 24.0, 2)


def _clock(text: str) -> float | None:
    """Return a time of day in hours."""
    plain = text.strip().lower()
    if plain in {"midnight", "noon"}:
        return 0.0 if plain == "midnight" else 12.0
    found = _CLOCK.fullmatch(plain)
    if found is None or not 1 <= int(found["hour"]) <= 12:
        return None
    return int(found["hour"]) % 12 + 12 * (found["half"] == "p") + int(found["minute"] or 0) / 60
