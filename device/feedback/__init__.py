"""What the teacher sees, hears and feels in the lesson: two signals at most, never a verdict."""
