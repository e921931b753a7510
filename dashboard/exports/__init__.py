"""A lesson in the formats of other programs. Text in, text out: no database, no network."""
