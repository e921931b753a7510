"""A new version beside the one in use, and back again by itself when it does not work."""
