"""Is it a question, of which form, and may it start the light? From words, with the voice."""
