"""Makes a machine a Denkpauze box: users, folders, broker, units. ``denkpauze setup``."""
