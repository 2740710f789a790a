"""Pages for consulates: briefs, the calendar of gun shows, the page of cited figures."""
