"""The coach's web application; knows only ``lesson`` and the MQTT contract."""
