"""The subtitles as Chromium's own parser reads them."""

from __future__ import annotations

import base64

import pytest
from lesson_events import LessonScript

from dashboard.exports.lines import webvtt, webvtt_chapters
from dashboard.exports.tiers import Lesson, Stretch, Tier, tiers_of
from lesson.events import Mark

pytestmark = [pytest.mark.browser, pytest.mark.slow]

READ = """async source => {
  const video = document.body.appendChild(document.createElement("video"));
  const track = video.appendChild(document.createElement("track"));
  const loaded = new Promise((resolve, reject) => {
    track.addEventListener("load", resolve);
    track.addEventListener("error", reject);
  });
  track.track.mode = "showing";
  track.src = source;
  await loaded;
  return [...track.track.cues].map(cue => [cue.startTime, cue.endTime, cue.text]);
}"""


def test_chromium_reads_every_cue_and_chapter(chromium: object) -> None:
    script = LessonScript().started().question_pause_name(10, 3.2).name_first(3700.25)
    script.add(Mark(t=20, by="teacher"))
    lesson = Lesson.of("x", [envelope.event for envelope in script.envelopes], offset_s=0.5)
    tiers = tiers_of(lesson)
    cues = sorted(
        (stretch.start_s, stretch.end_s, f"{tier.value}: {stretch.label}")
        for tier in (Tier.QUESTION, Tier.PAUSE, Tier.NAME)
        for stretch in tiers[tier]
    )
    chapter = Stretch(0.5, 35.5, "fragment teacher")
    page = chromium.new_page()
    read = [
        sorted(
            tuple(cue)
            for cue in page.evaluate(
                READ, "data:text/vtt;base64," + base64.b64encode(text.encode()).decode()
            )
        )
        for text in (webvtt(lesson), webvtt_chapters(lesson))
    ]
    assert cues == read[0]
    assert [(chapter.start_s, chapter.end_s, f"Fragment 1: {chapter.label}")] == read[1]
