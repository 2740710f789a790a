"""Pages for consulates: briefs, the calendar of gun shows, the page of published figures."""

from corridors.outputs.briefs.calendar import calendar_tables, coming_shows, render_calendar
from corridors.outputs.briefs.figures import render_figures
from corridors.outputs.briefs.pages import BriefData, render_briefs
from corridors.outputs.briefs.pdf import print_pages
from corridors.outputs.briefs.tables import brief_tables

__all__ = [
    "BriefData",
    "brief_tables",
    "calendar_tables",
    "coming_shows",
    "print_pages",
    "render_briefs",
    "render_calendar",
    "render_figures",
]
