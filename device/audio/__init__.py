"""Sound in: sources, the ring, and the framer that gives every sample its number."""
