"""Events leave the device over MQTT, and only what the receiver stored leaves the outbox."""
