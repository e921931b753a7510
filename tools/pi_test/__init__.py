"""Installs a bundle in systems made for it, without network, and tries everything that can be.

``make pi-test`` makes Debian bookworm and trixie for a Pi's processor (arm64), emulated by qemu as
the Cortex-A72 of a Pi 4. ``make pi-test ARGS="--machine x86_64"`` does the same for this processor,
and starts the systems with a systemd of their own, so that services, updates and the way back are
tried as well. What only a real Pi can show, sound and pins, is not tried here.
"""
