"""The talk on the review page: what went well first, the guess before the figures, notes."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lesson_events import LessonScript
from people import People
from sqlalchemy import func, select

from dashboard.accounts.portability import archive
from dashboard.accounts.roles import Role
from dashboard.app import create_app
from dashboard.figures import decided_episodes, lesson_summary
from dashboard.settings import Settings
from dashboard.store import queries
from dashboard.talk.models import LONGEST_NOTE, Guess, Note
from dashboard.talk.opening import question_for_the_talk, strength
from lesson.events import Mark

pytestmark = pytest.mark.unit

LESSON = "/lessons/01hzdemolesson0001"


def a_lesson() -> LessonScript:
    script = LessonScript().started()
    for index, pause in enumerate((1.2, 3.3, 0.9, 1.0, 1.4)):
        script.question_pause_name(20.0 * index + 10, pause)
    return script.ended(130)


class Desk:
    def __init__(self, people: People) -> None:
        self.people = people
        self.script = a_lesson()
        self.teacher = people.account(Role.TEACHER, "sanne")
        self.trainer = people.account(Role.TRAINER, "trudy")
        people.lesson(self.script, self.teacher)
        people.share(self.script, self.trainer)

    def client(self, account: int | None = None) -> FlaskClient:
        return self.people.client(account or self.teacher)

    def send(self, client: FlaskClient, path: str, **fields: str) -> int:
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(LESSON).text)
        assert token is not None
        return client.post(f"{LESSON}/{path}", data={"csrf_token": token[1], **fields}).status_code

    def count(self, table: type) -> int:
        with self.people.parts.session() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def desk(database: str, clock: object) -> Iterator[Desk]:
    app = create_app(Settings(database=database), clock)
    yield Desk(People(app))
    app.extensions["dashboard"].close()


def entries(script: LessonScript) -> list:
    return [(envelope.id, envelope.event) for envelope in script.envelopes]


# --- how it opens ------------------------------------------------------------------------------


def test_the_talk_opens_with_the_moment_that_went_best(in_dutch: None) -> None:
    moment = strength(decided_episodes(entries(a_lesson())), 3.0)
    assert moment is not None
    expected = (
        "Om 0:30 stelde je een denkstimulerende vraag, liet 3,3 s om na te denken, "
        "en gaf pas daarna de beurt."
    )
    assert (30.0, expected) == (moment.start_s, moment.sentence)


def test_a_name_that_came_first_is_not_what_went_well(in_dutch: None) -> None:
    script = LessonScript().started().name_first(10).question_pause_name(40, 0.8).ended(60)
    moment = strength(decided_episodes(entries(script)), 3.0)
    assert (40.0, False) == (moment.start_s if moment else None, "pas" in str(moment))


def test_a_lesson_without_questions_has_no_opening(in_dutch: None) -> None:
    assert None is strength(decided_episodes(entries(LessonScript().started().ended(60))), 3.0)


@pytest.mark.parametrize(
    ("names_first", "named_after", "expected"),
    [(4, 2, "Bij 4 van de 6 beurten kwam de naam vóór de vraag"), (0, 6, "De denkpauze was 1,0 s")],
)
def test_the_question_is_about_what_there_is_most_of(
    in_dutch: None, names_first: int, named_after: int, expected: str
) -> None:
    script = LessonScript().started()
    for index in range(names_first):
        script.name_first(30.0 * index + 10)
    for index in range(named_after):
        script.question_pause_name(200.0 + 30.0 * index, 1.0)
    text = question_for_the_talk(lesson_summary(entries(script.ended(600))))
    assert (True, True) == (text.startswith(expected), text.endswith("?"))


def test_a_lesson_with_long_pauses_leaves_the_choice_to_the_teacher(in_dutch: None) -> None:
    script = LessonScript().started()
    for index in range(6):
        script.question_pause_name(30.0 * index + 10, 3.4)
    text = question_for_the_talk(lesson_summary(entries(script.ended(300))))
    assert "Welk moment zou je terug willen zien, en waarom?" == text


def test_what_went_well_stands_before_the_figures(desk: Desk) -> None:
    client = desk.client()
    desk.send(client, "guess")
    page = client.get(LESSON).text
    places = [page.index(text) for text in ("Wat ging goed", "Een vraag voor", '<dl class="facts"')]
    assert sorted(places) == places


# --- the guess ---------------------------------------------------------------------------------


def test_the_teacher_guesses_before_the_figures_are_shown(desk: Desk) -> None:
    client = desk.client()
    before = client.get(LESSON).text
    assert (True, False) == ("Wat verwacht je zelf?" in before, '<dl class="facts"' in before)
    assert "Wat ging goed" in before
    assert not [
        part for part in ("Een vraag voor", "Hoe lang de pauzes", "asked") if part in before
    ]
    assert 302 == desk.send(client, "guess", pause_s="2,5", order_percent="80")
    after = client.get(LESSON).text
    assert (False, True) == ("Wat verwacht je zelf?" in after, '<dl class="facts"' in after)
    assert re.search(r"Vooraf verwacht: denkpauze 2,5 s ·\s+naam na de pauze 80%", after)


def test_the_guess_may_be_skipped(desk: Desk) -> None:
    client = desk.client()
    desk.send(client, "guess")
    page = client.get(LESSON).text
    assert (True, False) == ('<dl class="facts"' in page, "Vooraf verwacht" in page)


def test_the_first_guess_stays(desk: Desk) -> None:
    client = desk.client()
    for guess in ("2.5", "4"):
        desk.send(client, "guess", pause_s=guess)
    with desk.people.parts.session() as session:
        assert [2.5] == list(session.scalars(select(Guess.pause_s)))


@pytest.mark.parametrize("pause_s", ["soon", "-1", "31", "nan"])
def test_a_guess_that_is_none_is_asked_again(desk: Desk, pause_s: str) -> None:
    client = desk.client()
    desk.send(client, "guess", pause_s=pause_s)
    assert (0, True) == (desk.count(Guess), "Schrijf seconden tot 30" in client.get(LESSON).text)


def test_the_trainer_is_not_asked_and_sees_the_figures(desk: Desk) -> None:
    page = desk.client(desk.trainer).get(LESSON).text
    assert (False, True) == ("Wat verwacht je zelf?" in page, '<dl class="facts"' in page)


# --- notes and fragments -----------------------------------------------------------------------


def test_a_note_is_read_by_both_and_stands_at_its_moment(desk: Desk) -> None:
    trainer = desk.client(desk.trainer)
    desk.send(trainer, "notes", text="Mooie stilte <hier>", t="0:32")
    page = desk.client().get(LESSON).text
    assert ("Trudy · 0:32", True) == (
        re.search(r'<li><div><p class="note">([^<]*)', page)[1],  # type: ignore[index]
        "Mooie stilte &lt;hier&gt;" in page,
    )


@pytest.mark.parametrize(("text", "t"), [("", ""), ("x" * (LONGEST_NOTE + 1), ""), ("a", "soon")])
def test_a_note_without_sense_is_not_kept(desk: Desk, text: str, t: str) -> None:
    desk.send(desk.client(), "notes", text=text, t=t)
    assert 0 == desk.count(Note)


def test_a_note_is_deleted_by_its_writer_or_the_owner_only(desk: Desk) -> None:
    teacher, trainer = desk.client(), desk.client(desk.trainer)
    for text in ("een", "twee"):
        desk.send(teacher, "notes", text=text)
    assert 403 == desk.send(trainer, "notes/1/delete")
    desk.send(trainer, "notes", text="drie")
    assert [302, 302] == [desk.send(teacher, f"notes/{number}/delete") for number in (1, 3)]
    assert 1 == desk.count(Note)


def test_notes_and_guess_go_with_the_lesson(desk: Desk) -> None:
    client = desk.client()
    desk.send(client, "guess", pause_s="2")
    desk.send(client, "notes", text="een")
    desk.send(client, "delete")
    assert (0, 0) == (desk.count(Note), desk.count(Guess))


def test_a_fragment_is_marked_from_the_table(desk: Desk) -> None:
    trainer = desk.client(desk.trainer)
    assert 302 == desk.send(trainer, "fragments", t="30.0")
    with desk.people.parts.session() as session:
        log = queries.lesson_entries(session, desk.script.device, desk.script.lesson)
    assert Mark(t=30, by="trainer") == log[-1][1]


def test_fragments_stand_with_their_times_on_the_page_and_on_paper(desk: Desk) -> None:
    client = desk.client()
    desk.send(client, "guess")
    desk.send(client, "fragments", t="30.0")
    for path in (LESSON, f"{LESSON}/print"):
        part = client.get(path).text.partition('class="fragments"')[2].partition("</p>")[0]
        assert "Fragmenten: 0:30" == " ".join(re.sub("<[^>]+>", "", "<p" + part).split())


@pytest.mark.parametrize("t", ["", "soon", "-1", "131", "nan"])
def test_a_moment_outside_the_lesson_is_no_fragment(desk: Desk, t: str) -> None:
    assert 400 == desk.send(desk.client(), "fragments", t=t)


def test_what_one_wrote_is_in_the_own_export(desk: Desk) -> None:
    desk.send(desk.client(desk.trainer), "notes", text="Mooie stilte")
    with desk.people.parts.session() as session:
        file = archive(session, desk.trainer, desk.people.parts.clock.now())
    with file, zipfile.ZipFile(file) as packed:
        notes = json.loads(packed.read("account.json"))["my_notes"]
    assert ["Mooie stilte"] == [note["text"] for note in notes]
