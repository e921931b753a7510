"""The talk about a lesson: what went well, one question, the teacher's guess, notes."""
