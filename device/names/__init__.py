"""Names on the class list: which of them are heard, and under which words."""
