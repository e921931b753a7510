"""Builds the word lists that names are compared with (``device/data/names``)."""
