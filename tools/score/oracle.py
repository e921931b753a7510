"""The events of a device that hears everything: what a lesson's truth would look like as events."""

from __future__ import annotations

from tools.score.rules import TICK_AFTER_S, Json


def oracle_events(truth: Json) -> list[Json]:
    """Events that match the truth in every field, with a light and a tick where they are due."""
    events: list[Json] = []
    for question in truth["questions"]:
        end_s, wait_s = question["end_s"], question["wait_s"]
        events.append(
            {
                "type": "question",
                "t_start": question["start_s"],
                "t_end": end_s,
                "qtype": question["question_type"],
                "wait_s": wait_s,
                "ended_by": question["ended_by"],
                "order": question["order"],
                "name": question["name"],
            }
        )
        events.append({"type": "cue", "t": end_s, "cue": "led_on"})
        if wait_s is not None and wait_s >= TICK_AFTER_S:
            events.append({"type": "cue", "t": end_s + TICK_AFTER_S, "cue": "tick"})
    for name in truth["names"]:
        if name["role"].startswith("call"):
            events.append(
                {
                    "type": "name",
                    "t_start": name["start_s"],
                    "t_end": name["end_s"],
                    "name": name["name"],
                }
            )
    return events
