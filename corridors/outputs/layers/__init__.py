"""What the map draws: lines, areas, discs, packed for the page."""
