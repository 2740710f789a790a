"""Find the columns of a table of shows, in English or Spanish, also as Outlook writes a calendar and Google takes one.

Titles may stand above the header, and the header may take two rows under merged cells. The calendars of Outlook and
Google have the date and the time of day in two columns, a location as free text, and a subject; none has a column of
states. Times are those of the place. The organizer of a meeting, the description and the street are not kept.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from corridors.core.errors import Fault, LayoutError, SchemaError
from corridors.sources.agencies.gun_show_location import location_parts
from corridors.sources.agencies.gun_show_versions import says_cancelled
from corridors.sources.agencies.row_report import shorten_list
from corridors.sources.reading.delimited import TextTable, folded_column, pick, read_text_table
from corridors.sources.reading.spreadsheet import read_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from corridors.sources.agencies.gun_show_places import Atlas

TIMES = {"start": "start_time", "end": "end_time"}
LOCATION = "location"
EXPORTED = frozenset({"subject", "start_date", LOCATION})
"""Folded names that identify the table of Outlook and of Google Calendar."""
_STARTS = (
    *("inicio", "fecha_inicio", "fecha_de_inicio", "fecha_inicial", "inicia", "fecha", "fechas"),
    *("fecha_del_evento", "fecha_de_la_feria", "fecha_s", "desde", "del", "dia", "dias", "cuando"),
)
_WANTED: Mapping[str, tuple[str, ...]] = {
    "promoter": (
        "promoter",
        "promoters",
        "organizer",
        "promotor",
        "promotora",
        "organizador",
        "organizadora",
    ),
    "venue": (
        *("venue", "location", "venue_name", "facility", "place", "site"),
        *("recinto", "sede", "lugar", "salon", "inmueble", "nombre_del_recinto"),
    ),
    "city": ("city", "town", "ciudad", "localidad", "poblacion"),
    "state": ("state", "us_state", "st", "estado", "entidad", "entidad_federativa"),
    "start": (
        *("start", "start_date", "begin", "begins", "date", "dates", "date_s", "event_date", "event_dates"),
        *("show_date", "show_dates", "first_day", "from", "when", *_STARTS),
    ),
    "end": (
        *(
            "end",
            "end_date",
            "ends",
            "last_day",
            "to",
            "until",
            "through",
            "fin",
            "fecha_fin",
            "fecha_de_fin",
        ),
        *("fecha_final", "final", "termino", "fecha_termino", "fecha_de_termino", "termina", "hasta", "al"),
    ),
    "start_time": ("start_time", "hora_inicio", "hora_de_inicio", "hora_inicial"),
    "end_time": ("end_time", "hora_fin", "hora_de_fin", "hora_de_termino", "hora_final"),
    "hours": ("hours", "times", "time", "horario", "horarios", "horas"),
    "recurrence": ("recurrence", "rrule", "repeats", "recurrencia", "repeticion", "frecuencia"),
    "size": ("size", "tables", "mesas", "numero_de_mesas", "tamano"),
    "cancelled": ("cancelled", "canceled", "cancelada", "cancelado"),
    "occurrence": ("occurrence", "status", "estatus", "situacion"),
    "url": (
        *("url", "link", "source", "website", "enlace", "liga", "vinculo", "fuente"),
        *("sitio_web", "pagina_web", "pagina"),
    ),
    "confidence": ("confidence",),
    "note": ("note", "notes", "nota", "notas", "observaciones", "comentarios"),
    "subject": (
        *("subject", "event_subject", "event", "event_name", "show", "show_name", "title", "name"),
        *("asunto", "evento", "nombre", "nombre_del_evento", "feria", "nombre_de_la_feria", "titulo"),
    ),
    LOCATION: (
        *(LOCATION, "address", "venue_address", "city_state", "where", "ubicacion", "direccion", "domicilio"),
        *("ciudad_y_estado", "ciudad_estado", "donde"),
    ),
}
COLUMNS = tuple(name for name in _WANTED if name not in {*TIMES.values(), "subject", LOCATION})
"""Columns of a show, as a loader of one gives them."""
_SPANISH = frozenset({"fecha", "fechas", "inicio", "inicia", "desde", "del", "dia", "dias", "cuando"})
_ABOUT = {
    "start": "or 'date', 'fecha', 'inicio': the first day",
    "venue": "or 'city', 'location', 'recinto', 'ciudad': the place",
    "state": "or 'estado', or a location that ends with the state, as in 'Hall, Mesa, AZ'",
}
_NEEDED = (frozenset({"start"}), frozenset({"venue", "city", LOCATION}))
_PLACE = ("venue", LOCATION, "city")


def read_shows(path: Path, columns: Mapping[str, str], places: Atlas) -> tuple[TextTable, pd.DataFrame, str]:
    """Return a table of shows as read, its `COLUMNS` with `start_time` and `end_time`, and a note.

    Where the table has no column of states, venue, city and state are taken from its location, as from an iCalendar
    event's. A subject is the note where there is none, and may say that the show is cancelled.

    Parameters
    ----------
    path
        Delimited text or a workbook.
    columns
        The user's column map.
    places
        Venues and cities.

    Raises
    ------
    SchemaError
        When a column is absent, or no location names a state.
    """
    read = _best(path, columns)
    stated = _has(read, columns, "state")
    absent = [name for name in ("start",) if not _has(read, columns, name)]
    absent += [] if any(_has(read, columns, name) for name in _PLACE) else ["venue"]
    if not stated and not _has(read, columns, LOCATION) and not _names_states(read, columns, places):
        absent.append("state")
    if absent:
        raise LayoutError([_absent(read, name, path) for name in absent])
    wanted = {name: (name, *names, "") for name, names in _WANTED.items()}
    table = pick(read, wanted, path=path, columns=columns)
    subject, location = table.pop("subject"), table.pop(LOCATION)
    table["note"] = table["note"].where(table["note"].ne(""), subject)
    table["cancelled"] = table["cancelled"].mask(subject.map(says_cancelled).astype(bool), "yes")
    if stated:
        return read, table, ""
    return read, *_placed(table, location, read, path, places)


def is_spanish(read: TextTable) -> bool:
    """Return whether the column of first days has a Spanish name."""
    return not _SPANISH.isdisjoint(folded_column(read.taken.get("start", "")).split("_"))


def _has(read: TextTable, columns: Mapping[str, str], name: str) -> bool:
    """Return whether a table has a column of shows, by its names or the user's column map."""
    return name in columns or not {name, *_WANTED[name]}.isdisjoint(read.table)


def _absent(read: TextTable, name: str, path: Path) -> Fault:
    """Return the fault of a column that is absent."""
    found = f"columns {', '.join(read.columns or tuple(read.names.values()))}"
    remedy = f"Name the column that holds {name!r} in the column map."
    return Fault(str(path), f"a column {name!r} ({_ABOUT[name]})", found, remedy, column=name)


def _best(path: Path, columns: Mapping[str, str]) -> TextTable:
    """Return the table by the header that gives most columns: of one row, or of two under merged cells.

    Raises
    ------
    SchemaError
        When there is no table.
    """
    stacked: TextTable | None = None
    with contextlib.suppress(SchemaError):
        stacked = read_sheet(path, _WANTED, needed=_NEEDED, columns=columns, counts=frozenset({"size"}))
    try:
        plain = read_text_table(path, sheet=columns.get("sheet"))
    except SchemaError:
        if stacked is None:
            raise
        return stacked
    better = stacked is not None and len(stacked.taken) > len(_columns_of(plain, columns))
    return stacked if stacked is not None and better else plain


def _columns_of(read: TextTable, columns: Mapping[str, str]) -> set[str]:
    """Return the columns of a table that hold something of a show."""
    known = {name for names in _WANTED.values() for name in names} | set(map(folded_column, columns.values()))
    return known & set(read.table)


def _names_states(read: TextTable, columns: Mapping[str, str], places: Atlas) -> bool:
    """Return whether the venue or city of some row ends with a state ("Mesa, AZ")."""
    names = {folded_column(columns[name]) for name in _PLACE if name in columns}
    names |= {one for name in _PLACE for one in (name, *_WANTED[name])}
    cells = [cell for name in read.table if name in names for cell in read.table[name].unique()]
    return any(location_parts(cell, places)[2] for cell in cells)


def _placed(
    table: pd.DataFrame, location: pd.Series[str], read: TextTable, path: Path, places: Atlas
) -> tuple[pd.DataFrame, str]:
    """Return the rows with venue, city and state from their locations, and a note on locations without a state."""
    cells = {"venue": table["venue"], LOCATION: location, "city": table["city"]}
    parts: dict[str, pd.Series[str]] = {}
    for name in _PLACE:
        if name in read.taken:
            parts.setdefault(read.taken[name], cells[name])
    texts = [", ".join(dict.fromkeys(filter(None, row))) for row in zip(*parts.values(), strict=True)]
    found = [location_parts(text, places) for text in texts]
    states = [state for *_, state in found]
    without = [text for text, state in zip(texts, states, strict=True) if text and not state]
    quotes = shorten_list(map(repr, dict.fromkeys(without)))
    if found and not any(states):
        remedy = "Add the state, as in 'Hall, Tucson, AZ', or give the columns venue, city and state."
        words = f"no state in any location: {quotes}" if quotes else "no location in any row"
        raise SchemaError([Fault(str(path), "a city and a state", words, remedy, column=LOCATION)])
    cities = [city or own for own, (_, city, _) in zip(table["city"], found, strict=True)]
    placed = table.assign(venue=[venue for venue, *_ in found], city=cities, state=states)
    return placed, f"no state in the location: {quotes}" if quotes else ""
