"""The program on the Raspberry Pi: from samples to events, cues, journal and MQTT."""

__version__ = "0.1.0"
