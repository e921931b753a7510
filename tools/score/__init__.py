"""Compares the events of a lesson with its truth: questions, waits, order, names and cues."""
