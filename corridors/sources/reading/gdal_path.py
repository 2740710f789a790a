"""Names of local files that GDAL and pyogrio cannot take for addresses, archives or options."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from pathlib import Path

_MARKS = ("!", ";")


def gdal_path(path: Path, member: str = "") -> str:
    """Return a file as pyogrio opens it, whatever characters its name has.

    Pyogrio splits a name at "!", as if it were an archive, and drops what follows ";". GDAL's own names, which begin with
    "/vsi", it leaves as they are.

    Parameters
    ----------
    path
        File or folder.
    member
        File in the zip that `path` is, "" for `path` itself.

    Examples
    --------
    >>> from pathlib import Path
    >>> gdal_path(Path("/data/roads.gpkg")), gdal_path(Path("/data/new! 5%.gpkg"))
    ('/data/roads.gpkg', '/vsicached?file=/data/new%21%205%25.gpkg')
    >>> gdal_path(Path("/data/mun.zip"), "mun.shp")
    '/vsizip/{/data/mun.zip}/mun.shp'
    """
    whole = str(path.resolve())
    if member:
        # Braces end the archive's name whatever its ending, and are left out where its own would end it early.
        archive = whole if {"{", "}"} & set(whole) else f"{{{whole}}}"
        return f"/vsizip/{archive}/{member}"
    return f"/vsicached?file={quote(whole)}" if any(mark in whole for mark in _MARKS) else whole
