"""One sealed HTML file from templates, scripts and styles; folium stays here."""

from corridors.outputs.web.site import SITE_PAGES, Site, site_of

__all__ = ["SITE_PAGES", "Site", "site_of"]
