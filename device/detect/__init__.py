"""The device hears: VAD, spans, words, questions, names and the pause state machine."""
