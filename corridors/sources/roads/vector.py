"""Read roads from any vector file of lines, with a column map.

The user's map names the columns of a vector file, from the name below to the file's own, e.g.
``{"ref": "RUTA", "kmh": "VELOCIDAD"}``; a column with that name needs no entry.

===========  ==========================================================================================
road_class   a class of the schema, or a `highway` value of OpenStreetMap; secondary where there is none
ref          road number
kmh          km/h, or a text such as "65 mph"; missing, or 0, means the speed of the class
toll         true, false, yes, no, sí, cuota, libre, 1, 0
oneway       the same; -1 for against the line; F, T and B as Geofabrik writes them
access ...   access, vehicle, motor_vehicle, motorcar, junction, area: as in OpenStreetMap
tolerance_m  not a column but a number: ends of lines within so many meters meet; exact without it
layer        not a column but the only layer to read; every layer of roads without it
===========  ==========================================================================================

Without an entry columns are found by these names and by those of OpenStreetMap (`highway`, `maxspeed`), Geofabrik
(`fclass`) and TIGER (`MTFCC`, `RTTYP`), in any case. Lines without any such column may be rivers or boundaries: they
are refused until the map names a column. `interpret.py` says what the cells mean.

Lines meet at their ends, or where one's end is a vertex of another; lines that merely cross do not. The country of
a road follows from its coordinates, never from a column. Connectors and ports of entry in a file are dropped, since
they are built anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.sources.roads.layers import VECTOR, read_features
from corridors.sources.roads.lines import Lines, load_lines
from corridors.sources.roads.road_columns import also_read, check_map, columns_of, roads_of, unwanted
from corridors.sources.schemas.formats import Format

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas.formats import Context, Loaded


def read_road_table(path: Path, context: Context) -> Loaded:
    """Return the road tables of a vector file of lines: `layers.VECTOR` lists its endings.

    Raises
    ------
    SchemaError
        The file is absent or damaged, the map names absent columns, or a cell cannot be read.
    """
    given = context.columns
    tolerance, layer = check_map(str(path), given)
    features = read_features(path, lambda names: unwanted(names, given), layer)
    table = features.table
    names = [str(name) for name in table.columns if name != "geometry"]
    columns = columns_of(names, given)
    roads = roads_of(str(path), features, columns)
    shown = columns | also_read(names, columns)
    notes = [*features.notes]
    if "kmh" not in columns:
        notes.append("no column of speeds: each road has the usual speed of its class")
    lines = Lines(
        roads,
        table.geometry.to_numpy(),
        "features",
        features.place,
        tuple(notes),
        tolerance,
        shown,
        tuple(name for name in names if name not in shown.values()),
    )
    return load_lines("road_table", path, context, lines)


FORMATS: tuple[Format, ...] = (
    Format(
        id="road_table",
        title="Lines of roads in a vector file, with a column map",
        publisher="the user",
        tables=("road_nodes", "road_edges"),
        suffixes=VECTOR,
        signature=frozenset(),
        read=read_road_table,
    ),
)
