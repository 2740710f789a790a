"""Numbers only: cost worlds, shortest-path trees, the gravity model, its fit and its tests."""
