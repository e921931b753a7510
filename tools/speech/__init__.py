"""Builds a Vosk-format speech model from synthetic speech, without Kaldi.

See docs/speech-model.md; run with ``python -m tools.speech build --help``.
"""
