"""Which stretch of the reading is which name, and what may be kept of it."""

from __future__ import annotations

import pytest

from device.names.check import Hearing, NameCheck, NameVerdict
from device.names.reading_aloud import Said, kept_words, matched
from device.names.sounds import RuleSounds
from device.roster import Pupil, Roster

pytestmark = pytest.mark.unit

SOUNDS = RuleSounds("nl")
PUPILS = tuple(
    Pupil(f"p{n:02d}", (name,)) for n, name in enumerate(["Fatima", "Ilayda", "Daan", "Lotte"], 1)
)
VOCABULARY = frozenset({"fatima", "daan", "lotte", "mila", "dan", "de", "van", "lok", "te", "isa"})


def stretches(*texts: str) -> list[Said]:
    return [Said(tuple(text.split())) for text in texts]


def order(found: list[Said | None]) -> list[str | None]:
    return [said and said.text for said in found]


def match(*texts: str) -> list[str | None]:
    names = SOUNDS.of([pupil.names[0] for pupil in PUPILS])
    return order(matched(stretches(*texts), PUPILS, names, SOUNDS))


def test_as_many_stretches_as_names_are_taken_one_for_one() -> None:
    assert ["kees", "van de", "dan", ""] == match("kees", "van de", "dan", "")


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (("fatima", "mila", "dan", "hum", "lotte"), ["fatima", "mila", "dan", "lotte"]),
        (("psst", "fatima", "mila", "daan", "lok te"), ["fatima", "mila", "daan", "lok te"]),
        (("fatima", "daan", "lotte"), ["fatima", None, "daan", "lotte"]),
        (("lotte",), [None, None, None, "lotte"]),
        ((), [None, None, None, None]),
    ],
)
def test_a_cough_and_a_forgotten_name_are_passed_over(
    read: tuple[str, ...], expected: list[str | None]
) -> None:
    assert expected == match(*read)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Said(("mila",)), ("mila",)),
        (Said(("mila",), "isa"), ("mila", "isa")),
        (Said((), "isa"), ("isa",)),
        # a common word, somebody else's name, too many words, nothing
        (Said(("van", "de")), ()),
        (Said(("fatima",)), ()),
        (Said(("mila", "lok", "te", "mila")), ()),
        (Said(("mila",), "fatima"), ("mila",)),
        (Said(()), ()),
    ],
)
def test_only_words_that_may_stand_for_the_name_are_kept(
    said: Said, expected: tuple[str, ...]
) -> None:
    pupil = PUPILS[1]
    rules = NameCheck(Roster(PUPILS), VOCABULARY, "nl", SOUNDS)
    verdict = NameVerdict("p02", "Ilayda", True, Hearing.BY_SOUND, aliases=("isa",))
    assert expected == kept_words(said, verdict, pupil, rules)


def test_a_name_that_was_heard_well_needs_nothing() -> None:
    rules = NameCheck(Roster(PUPILS), VOCABULARY, "nl", SOUNDS)
    verdict = NameVerdict("p03", "Daan", True, Hearing.WRITTEN, forms=("daan",))
    assert () == kept_words(Said(("daan",), "daan"), verdict, PUPILS[2], rules)


def test_what_was_said_is_not_in_a_log() -> None:
    assert "mila" not in repr(Said(("mila",), "mila"))
