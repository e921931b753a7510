"""What the teacher sees, hears or feels: two signals at most."""
