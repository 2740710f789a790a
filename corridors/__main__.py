"""`python -m corridors`."""

from corridors.cli.app import main

main()
