"""The command line: options declared once, short commands, exit codes."""

from corridors.cli.app import main

__all__ = ["main"]
