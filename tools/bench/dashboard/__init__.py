"""What the dashboard can carry, how fast it answers, and how all its pages look."""
