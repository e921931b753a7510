"""What Denkpauze hears, how fast and in how much memory: ``make bench``."""
