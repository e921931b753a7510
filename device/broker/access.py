"""What stands in mosquitto's files: the drop-in, and who may do what."""

from __future__ import annotations

from pathlib import Path

from lesson import topics

#: The account of ingest. A second worker needs one of its own: ``dashboard-2`` and so on.
DASHBOARD = "dashboard"
#: A guest that reads how devices are, and nothing of lessons; it has no account until one is made.
HOME_ASSISTANT = "homeassistant"
#: mosquitto puts the user name here. A device's user name is its id.
_OWN = "%u"
_ANY = "+"

#: Nothing that was promised is forgotten at a crash, and one device cannot fill the memory.
DURABLE = """\
# Save after every second change instead of each half hour. What a power cut can still take is
# sent again by the device, because it waits for the receiver and not for the broker.
autosave_on_changes true
autosave_interval 1

# A dashboard that is off for a week finds everything again; the default keeps 1000 messages.
max_queued_messages 100000
persistent_client_expiration 14d
"""


def drop_in(folder: Path, port: int) -> str:
    """Lines for ``/etc/mosquitto/conf.d``: TLS and an account, or no entry."""
    return f"""\
# Made by `denkpauze broker-setup`; make it again rather than edit it.
# Debian's own mosquitto.conf says where the broker keeps its data.

listener {port}
cafile {folder / "authority.pem"}
certfile {folder / "server.pem"}
keyfile {folder / "server.key"}
tls_version tlsv1.2

# One account per device, and one connection per account: whoever knows one password can neither
# take another's place nor throw it out.
allow_anonymous false
password_file {folder / "passwords"}
acl_file {folder / "access.acl"}
use_username_as_clientid true

# No message of ours is larger than a few kilobytes.
max_packet_size 65536

{DURABLE}"""


def access_rules(dashboards: int = 1) -> str:
    """mosquitto's ``acl_file``: a device writes below its own id only; the dashboard reads.

    The dashboard may also write where something about a lesson could be retained: a teacher who
    deletes one has it cleared from the broker with an empty message.
    """
    cleared = (topics.status(_ANY), topics.event(_ANY, _ANY))
    lines = [
        "# Who may do what. The user name of a device is its id.",
        f"pattern readwrite {topics.status(_OWN)}",
        f"pattern write {topics.info(_OWN)}",
        f"pattern write {topics.home_assistant(_OWN)}",
        f"pattern write {topics.live(_OWN)}",
        f"pattern write {topics.event(_OWN, _ANY)}",
        f"pattern read {topics.acknowledgement(_OWN)}",
        f"pattern read {topics.command(_OWN)}",
        f"pattern write {topics.command_done(_OWN)}",
    ]
    for number in range(1, dashboards + 1):
        lines += ["", f"user {dashboard_account(number)}"]
        lines += [
            f"topic {'readwrite' if name in cleared else 'read'} {name}"
            for name, _ in topics.RECEIVER_FILTERS
        ]
        lines.append(f"topic write {topics.acknowledgement(_ANY)}")
        lines.append(f"topic write {topics.command(_ANY)}")
    lines += [
        "",
        f"user {HOME_ASSISTANT}",
        f"topic read {topics.status(_ANY)}",
        f"topic read {topics.home_assistant(_ANY)}",
        "topic readwrite homeassistant/status",  # its own: says when it has started
    ]
    return "\n".join(lines) + "\n"


def dashboard_account(number: int) -> str:
    """The user name of the n-th ingest worker, counted from 1."""
    return DASHBOARD if number == 1 else f"{DASHBOARD}-{number}"


def mqtt_settings(host: str, port: int, device: str) -> str:
    """The ``[mqtt]`` section for one device, its files beside ``/etc/denkpauze``."""
    return f"""\
[mqtt]
enabled = true
host = "{host}"
port = {port}
username = "{device}"
password_file = "/etc/denkpauze/broker/password"
tls_ca = "/etc/denkpauze/broker/authority.pem"
"""
