"""Build data/ from the raw files, or check that it can be built again byte for byte.

Raw files are looked for in $CORRIDORS_RAW, else in ../shared/raw beside the project.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from corridors.default_data.build import build_data, differences

ROOT = Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--raw", type=Path, default=os.environ.get("CORRIDORS_RAW", ROOT.parent / "shared/raw"))
parser.add_argument("--out", type=Path, default=ROOT / "data")
parser.add_argument("--check", action="store_true", help="build twice elsewhere and compare with --out")
options = parser.parse_args()
if not options.check:
    build_data(options.raw, options.out)
    sys.exit(0)
with tempfile.TemporaryDirectory() as folder:
    first, second = Path(folder, "1"), Path(folder, "2")
    build_data(options.raw, first)
    build_data(options.raw, second)
    found = [*differences(first, second), *differences(first, options.out)]
print("differs: " + ", ".join(found) if found else "the same, byte for byte")
sys.exit(1 if found else 0)
