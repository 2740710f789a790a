"""A folder for compiled kernels where neither the package nor the user's home can be written."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "NUMBA_CACHE_DIR"


def provide_kernel_cache() -> None:
    """Give numba a temporary folder where it could write none of its own; call it before numba is imported.

    Numba refuses to define a cached kernel otherwise: in a read-only install without a home nothing would run. The folder
    is new and private, since numba executes what it finds there, and is removed at the end.
    """
    if os.environ.get(VARIABLE) or is_writable(Path(__file__).parents[1] / "inference" / "__pycache__"):
        return
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - Path raises without a home
    if is_writable(Path(home) / "numba"):
        return
    try:
        folder = tempfile.mkdtemp(prefix="corridors-kernels-")
    except OSError:  # numba's own words then
        return
    os.environ[VARIABLE] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def is_writable(folder: Path) -> bool:
    """Return whether files can be written in a folder, or the folder be made."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), None)
    return existing is not None and existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
