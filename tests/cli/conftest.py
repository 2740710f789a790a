"""What tests of the command line share with those of the jobs it runs."""

from tests.jobs.conftest import finished, shipped

__all__ = ["finished", "shipped"]
