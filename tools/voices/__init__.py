"""Builds ``device/data/voices/voices.npz``: hears pupils in the noise of a class."""
