"""Mutated input for everything that reads what others wrote, guided by coverage."""
