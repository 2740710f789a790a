"""Downloads that are checksummed and resumable."""
