"""Results as files that others can open, written atomically."""

from corridors.outputs.files.atomic import MANIFEST_NAME, atomic_folder, atomic_write, read_manifest
from corridors.outputs.files.changes import write_changes
from corridors.outputs.files.tables import write_csv, write_tables

__all__ = [
    "MANIFEST_NAME",
    "atomic_folder",
    "atomic_write",
    "read_manifest",
    "write_changes",
    "write_csv",
    "write_tables",
]
