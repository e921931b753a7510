"""Every format, read back by the programs it is made for or by their own libraries."""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from lesson_events import LessonScript
from random_events import LOGS

from dashboard.exports.codebook import COLUMNS, codebook
from dashboard.exports.formats import FORMATS, Context
from dashboard.exports.table import DUTCH_EXCEL, EPISODE_COLUMNS, PLAIN, event_columns
from dashboard.exports.tiers import Lesson, Stretch, Tier, tiers_of, without_overlap
from lesson.events import Correction, Mark
from lesson.lesson_file import read_lesson_file
from lesson.metrics import summarise

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pympi import Eaf, TextGrid

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("in_dutch")]

CONTEXT = Context("lokaal-12", "01hzdemolesson0001", "2026-11-16T09:30:00+01:00", PLAIN)


def script() -> LessonScript:
    made = LessonScript().started()
    made.question_pause_name(10, 3.2).name_first(30).question_pause_name(50, 1.4, "p11")
    made.add(Mark(t=55, by="trainer"))
    return made.ended(70)


def lesson(offset_s: float = 0.0) -> Lesson:
    entries = [(envelope.id, envelope.event) for envelope in script().envelopes]
    return Lesson.of("denkpauze_lokaal-12_demo", entries, offset_s)


def written(kind: str, of: Lesson | None = None, context: Context = CONTEXT) -> str:
    return FORMATS[kind].write(of or lesson(), context)


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


# --- stretches ---------------------------------------------------------------------------------


def test_a_question_its_pause_and_its_name_follow_one_another() -> None:
    tiers = tiers_of(lesson())
    assert [Stretch(10, 12, "open"), Stretch(12, 15.2, "QPN"), Stretch(15.2, 15.6, "p07 call")] == [
        tiers[Tier.QUESTION][0],
        tiers[Tier.PAUSE][0],
        tiers[Tier.NAME][0],
    ]


def test_the_offset_moves_everything_onto_the_film() -> None:
    assert [
        Stretch(round(s.start_s + 90.5, 3), round(s.end_s + 90.5, 3), s.label)
        for s in tiers_of(lesson())[Tier.QUESTION]
    ] == tiers_of(lesson(90.5))[Tier.QUESTION]


def test_what_was_before_the_film_began_is_cut_off() -> None:
    tiers = tiers_of(lesson(-11))
    assert (Stretch(0, 1, "open"), Stretch(1, 4.2, "QPN")) == (
        tiers[Tier.QUESTION][0],
        tiers[Tier.PAUSE][0],
    )
    assert 2 == len(tiers_of(lesson(-20))[Tier.QUESTION])


def test_overlapping_stretches_are_cut_where_the_next_begins_anew() -> None:
    row = [Stretch(0, 5, "a"), Stretch(3, 4, "b"), Stretch(4, 7, "c")]
    assert [Stretch(0, 5, "a"), Stretch(5, 7, "c")] == without_overlap(row)


def test_a_removed_question_is_in_no_row() -> None:
    entries = [(envelope.id, envelope.event) for envelope in script().envelopes]
    target = next(identifier for identifier, event in entries if event.kind == "question")
    removal = Correction(t=10, action="remove", target=target, by="teacher")
    corrected = Lesson.of("x", [*entries, ("00000000000000a1-999999", removal)])
    assert 2 == len(tiers_of(corrected)[Tier.QUESTION])


# --- formats -----------------------------------------------------------------------------------


def test_elan_reads_back_every_stretch(tmp_path: Path) -> None:
    file = tmp_path / "lesson.eaf"
    file.write_text(written("elan"), encoding="utf-8")
    eaf = Eaf(str(file))
    expected = {
        tier.value: [(round(1000 * s.start_s), round(1000 * s.end_s), s.label) for s in row]
        for tier, row in tiers_of(lesson()).items()
    }
    assert expected == {
        name: sorted(tuple(each[:3]) for each in eaf.get_annotation_data_for_tier(name))
        for name in eaf.get_tier_names()
    }


def test_elan_and_pympi_agree_about_the_gap_before_a_name(tmp_path: Path) -> None:
    file = tmp_path / "lesson.eaf"
    file.write_text(written("elan"), encoding="utf-8")
    gaps = Eaf(str(file)).get_gaps_and_overlaps(Tier.QUESTION.value, Tier.NAME.value)
    between = [end - start + 1 for start, end, kind in gaps if kind.startswith("G12")]
    assert 3200 in [round(gap, -1) for gap in between]


def test_praat_reads_back_every_stretch_and_no_hole(tmp_path: Path) -> None:
    file = tmp_path / "lesson.TextGrid"
    file.write_text(written("textgrid"), encoding="utf-8")
    grid = TextGrid(str(file), codec="utf-8")
    for tier, row in tiers_of(lesson()).items():
        intervals = list(grid.get_tier(tier.value).get_all_intervals())
        assert [(s.start_s, s.end_s, s.label) for s in row] == [i for i in intervals if i[2]]
        assert all(a[1] == b[0] for a, b in itertools.pairwise(intervals))
        assert (0, grid.xmax) == (intervals[0][0], intervals[-1][1])


def test_audacity_has_three_columns_in_order_of_time() -> None:
    lines = [line.split("\t") for line in written("audacity").splitlines()]
    starts = [float(start) for start, _, _ in lines]
    assert ({3}, sorted(starts)) == ({len(line) for line in lines}, starts)
    assert ["12.000000", "15.200000", "Denkpauze: QPN"] in lines


def test_rttm_has_ten_fields_and_the_length_of_each_turn() -> None:
    lines = [line.split(" ") for line in written("rttm").splitlines()]
    assert {10} == {len(line) for line in lines}
    assert ("SPEAKER", "10.000", "2.000", "teacher") == (
        lines[0][0],
        lines[0][3],
        lines[0][4],
        lines[0][7],
    )


def test_subtitles_carry_the_code_while_it_lasts() -> None:
    cue = "\n00:00:12.000 --> 00:00:15.200\nDenkpauze: QPN\n"
    assert (True, True) == (written("webvtt").startswith("WEBVTT\n"), cue in written("webvtt"))


def test_a_mark_becomes_a_chapter_around_it() -> None:
    assert "00:00:25.000 --> 00:01:10.000\nFragment 1: fragment trainer" in written("chapters")


def test_the_sequence_has_one_session_and_declares_its_codes() -> None:
    text = written("sdis")
    declared = set(re.findall(r"[A-Za-z_]\w*", text.partition(");")[0].removeprefix("Event (")))
    body = text.partition("%\n")[2].rsplit(" /", 1)[0].split()
    assert (declared, 1) == (set(body), text.count("/"))
    assert ["Q_open", "Pause", "N_call", "A_pupil"] == body[:4]


# --- tables ------------------------------------------------------------------------------------


def test_the_table_has_a_row_per_event_and_all_its_fields() -> None:
    table = rows(written("events"))
    question = next(row for row in table if row["kind"] == "question")
    assert (len(lesson().events), "10.0", "12.0", "2.0", "open", "verb_first", "0") == (
        len(table),
        question["start_s"],
        question["end_s"],
        question["length_s"],
        question["form"],
        question["reasons"],
        question["by_hand"],
    )


def test_dutch_excel_gets_semicolons_commas_and_a_mark() -> None:
    context = Context("lokaal-12", "01hzdemolesson0001", CONTEXT.made, DUTCH_EXCEL)
    text = written("episodes", context=context)
    table = rows(text.removeprefix("\ufeff"), ";")
    assert ("\ufeff", "3,2", "QPN", "p07") == (
        text[0],
        table[0]["denkpauze_gross_s"],
        table[0]["order"],
        table[0]["pupil"],
    )


def test_both_ways_of_writing_hold_the_same() -> None:
    context = Context("lokaal-12", "01hzdemolesson0001", CONTEXT.made, DUTCH_EXCEL)
    dutch = rows(written("events", context=context).removeprefix("\ufeff"), ";")
    plain = rows(written("events"))
    assert [{k: v.replace(",", ".") for k, v in row.items()} for row in dutch] == plain


def test_the_code_book_explains_every_column_and_every_code() -> None:
    book = rows(codebook(PLAIN))
    columns = {*event_columns(), *EPISODE_COLUMNS}
    assert (columns, columns) == ({row["column"] for row in book}, set(COLUMNS))
    assert [] == [row for row in book if not row["meaning"]]


def test_every_code_in_a_table_is_in_the_code_book() -> None:
    known: dict[str, set[str]] = {}
    for row in rows(codebook(PLAIN)):
        if row["code"]:
            known.setdefault(row["column"], set()).add(row["code"])
    for kind in ("events", "episodes"):
        for row in rows(written(kind)):
            for column, codes in known.items():
                assert set(row.get(column, "").split()) <= codes


# --- the lesson file ---------------------------------------------------------------------------


def test_the_lesson_file_is_the_lesson_again() -> None:
    text = written("json")
    again = read_lesson_file(text.encode())
    assert tuple(again.entries) == lesson().entries
    assert text == FORMATS["json"].write(Lesson.of("x", again.entries), CONTEXT)


def test_its_figures_are_those_of_the_pages() -> None:
    assert summarise(lesson().entries) == read_lesson_file(written("json").encode()).figures


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "the beginning"),
        (b"[]", "the beginning"),
        (b'{"events": [{"event": {"kind": "question"}}]}', "events.0"),
        (b'{"events": [], "words": "secret"}', "words"),
        (b'{"format": "other", "events": []}', "format"),
        (b"[" * 100_000, "the beginning"),
    ],
)
def test_something_else_is_refused_with_its_place(content: bytes, place: str) -> None:
    with pytest.raises(ValueError, match=f"^at {re.escape(place)}") as caught:
        read_lesson_file(content)
    assert "secret" not in str(caught.value)


@settings(max_examples=60)
@given(log=LOGS)
def test_any_log_can_be_written_in_every_format(log: list) -> None:
    exported = Lesson.of("denkpauze_x", log, 12.5)
    for form in FORMATS.values():
        assert isinstance(form.write(exported, CONTEXT), str)
    for row in tiers_of(exported).values():
        assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(row))
