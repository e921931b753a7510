"""Trains the question scorer on labelled text, in numpy alone.

See docs/questions.md; run with ``python -m tools.questions train --help``.
"""
