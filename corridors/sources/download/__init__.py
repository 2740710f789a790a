"""Downloads that are checksummed and resumable."""

from corridors.sources.download.downloads import Download, read_downloads
from corridors.sources.download.resumable import Fetched, fetch

__all__ = ["Download", "Fetched", "fetch", "read_downloads"]
