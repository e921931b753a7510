"""The shared language of Denkpauze: events, phases, episodes, metrics and the wire format.

Pure: nothing here reads a clock, a file or a socket, and nothing here imports from
``device`` or ``dashboard``.
"""
