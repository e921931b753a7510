"""Builds the demo lesson: a scripted Dutch lesson with its truth, rendered with espeak-ng."""
