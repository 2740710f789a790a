"""The command line: options declared once, short commands, exit codes."""

from corridors.cli.interrupts import INTERRUPTED, end_at_once, stopped_soon

__all__ = ["main"]


def main() -> None:
    """Run the command line; a signal to stop ends it at any moment, also while it is still being imported."""
    said: list[bool] = []

    def say() -> None:
        if not said:
            said.append(True)
            from corridors.cli.language import say_interrupted  # noqa: PLC0415 - as below

            say_interrupted()

    try:
        with stopped_soon(say):
            from corridors.cli.app import main as run  # noqa: PLC0415 - takes a second, with signals heeded

            run(say)
    except KeyboardInterrupt:
        say()
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
    else:
        return
    end_at_once()
