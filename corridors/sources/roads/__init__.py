"""Roads from OpenStreetMap, Travel Mapping and vector files to one graph; `registry.py` lists each reader."""
