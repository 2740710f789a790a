"""Results as files that others can open, written atomically.

The names are imported when first used: every command knows the folders of runs, and few write tables and rasters.
"""

from typing import TYPE_CHECKING

from corridors.core.lazy import lazy_names

if TYPE_CHECKING:
    from corridors.outputs.files.atomic import atomic_folder, atomic_write, reserved_folder
    from corridors.outputs.files.changes import write_changes
    from corridors.outputs.files.tables import write_csv, write_tables
    from corridors.outputs.files.work import KeptWork, open_work

__all__ = [
    "KeptWork",
    "atomic_folder",
    "atomic_write",
    "open_work",
    "reserved_folder",
    "write_changes",
    "write_csv",
    "write_tables",
]

if not TYPE_CHECKING:  # a type checker sees the imports above, and no `__getattr__` that answers to any name
    __getattr__, __dir__ = lazy_names(
        __name__,
        {
            **dict.fromkeys(("atomic_folder", "atomic_write", "reserved_folder"), "atomic"),
            **dict.fromkeys(("KeptWork", "open_work"), "work"),
            "write_changes": "changes",
            "write_csv": "tables",
            "write_tables": "tables",
        },
    )
