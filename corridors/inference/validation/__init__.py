"""Held-out tests beside their baselines, and simulation-based calibration."""

from corridors.inference.validation.calibration import sbc
from corridors.inference.validation.held_out import calibration_tests, validate
from corridors.inference.validation.score import ScoreCode, TestResult

__all__ = ["ScoreCode", "TestResult", "calibration_tests", "sbc", "validate"]
