"""One sealed HTML file from templates, scripts and styles; folium stays here."""
