"""Recorded traces: read from CSV, and brought to the rate and the integers of the counting core."""
