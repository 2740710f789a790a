"""Fits and samples the choice model in every cost world."""
