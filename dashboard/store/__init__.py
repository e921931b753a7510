"""What the dashboard keeps: devices, lessons, events and the latest live state."""
