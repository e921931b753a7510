"""Attacks the chain with faults and counts what became of every event: ``make chaos``."""
