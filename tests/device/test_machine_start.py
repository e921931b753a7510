"""Which start of the machine this is, and who may wait for the processor."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from device.machine import STEP_BACK, kernel_boot, step_back

pytestmark = pytest.mark.unit


def test_the_unit_may_say_which_start_of_the_machine_this_is(tmp_path: Path) -> None:
    file = tmp_path / "boot_id"
    file.write_text("from-the-kernel\n", encoding="ascii")
    assert "from-the-unit" == kernel_boot({"DENKPAUZE_BOOT_ID": "from-the-unit"}, file)
    assert "from-the-kernel" == kernel_boot({}, file)
    assert "" == kernel_boot({}, tmp_path / "none")


def test_only_the_thread_that_steps_back_lets_others_go_first() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    seen: list[int] = []

    def work() -> None:
        assert step_back()
        seen.append(os.getpriority(os.PRIO_PROCESS, 0))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ([min(19, before + STEP_BACK)], before) == (seen, os.getpriority(os.PRIO_PROCESS, 0))
