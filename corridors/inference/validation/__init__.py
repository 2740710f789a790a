"""Held-out tests beside their baselines, and simulation-based calibration."""
