"""Does a question sound whole to somebody who only reads its words?

Teachers hesitate inside a question («Hoe kun je … zesendertig eerlijk verdelen?»), and a light in
that silence is wrong. What is missing tells: an article waits for its noun, «heeft» for its object,
«kun je bewijzen» for what is to be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum
from itertools import pairwise

from device.detect.lexicon import dutch as nl
from device.detect.lexicon import english as en
from device.detect.lexicon import words

Words = Sequence[str]


class Completeness(IntEnum):
    """How sure it is that the question is over."""

    BROKEN_OFF = 0
    DOUBTFUL = 1
    WHOLE = 2


SURE_WORD = 0.7
#: a last word below this may be none: the breath or the «eh» before the sentence goes on
GUESSED_WORD = 0.6
#: too short to be sure of anything
_SHORT = 3

_NL_PARTICLES = words("uit op af aan mee in om over bij door voor onder na toe")
_NL_STRANDING = words("waar daar hier er")
_NL_OBJECTS = words("wat welk welke wie dat dit het die deze ze hem haar dit iets alles hoeveel")
#: verbs that say nothing without an object or a clause
_NL_WAITING = words(
    """
    onderzoeken bewijzen controleren uitleggen vertellen bedenken berekenen ontdekken uitzoeken
    meten zeggen aangeven verklaren beschrijven noemen zorgen laten maken weten zien voorkomen
    vergelijken aantonen nagaan uitrekenen
    """
)
_NL_AUXILIARIES = words("is ben bent zijn was waren heeft heb hebt hebben had hadden wordt worden")
_COPULAS = words("ben bent is zijn was waren am are were")
#: points to a clause that may still come
_NL_POINTING = words("ervan erover eraan ermee erin ervoor")
_EN_WAITING = words(
    """
    out explain tell show prove describe find know say predict compare make work give use call
    check measure
    """
)
#: as an article these wait, as a pronoun they do not
_EN_PRONOUNS = words("that her his")
_EN_OBJECTS = words("what which who it that this them these those us me anything something")


def completeness(core: Words, language: str, last_confidence: float = 1.0) -> Completeness:
    """How whole the words of a question are, openers and names left out.

    Args:
        core: what the recogniser heard, lower case.
        language: ``nl`` or ``en``.
        last_confidence: how sure it is of the last word, 0 to 1.
    """
    if not core:
        return Completeness.DOUBTFUL
    judge: Callable[[Words], Completeness] = _english if language == "en" else _dutch
    whole = judge(core)
    # A word that was only guessed cannot tell that the sentence is broken off, nor that it is not.
    if whole is Completeness.BROKEN_OFF and last_confidence < SURE_WORD:
        return Completeness.DOUBTFUL
    return min(whole, Completeness.DOUBTFUL) if last_confidence < GUESSED_WORD else whole


def _dutch(core: Words) -> Completeness:
    last, before = core[-1], core[:-1]
    if last in nl.UNFINISHED:
        return _dutch_ending(last, before)
    if last == "dat" and core[-2:-1] and core[-2] in nl.YOU and nl.KNOWING & set(core[-3:-2]):
        return Completeness.BROKEN_OFF  # «waarom denk je dat …»
    if _waits(core, nl.MODALS, nl.SUBJECT_PRONOUNS, _NL_WAITING, _NL_OBJECTS):
        return Completeness.BROKEN_OFF
    if _hangs(core, nl.MODALS | _NL_AUXILIARIES, nl.SUBJECT_PRONOUNS | {"iedereen"}):
        return Completeness.BROKEN_OFF
    if _modal_alone(core):
        return Completeness.BROKEN_OFF
    asks = core[0] in nl.QUESTION_WORDS
    if asks and len(core) > 1 and not nl.FINITE_VERBS & set(core[1:]) and len(core) <= _SHORT:
        return Completeness.BROKEN_OFF
    verbs = [place for place, word in enumerate(core) if word in nl.FINITE_VERBS]
    if asks and core[0] != "wie" and verbs == [len(core) - 1]:
        return Completeness.BROKEN_OFF
    if last in _NL_POINTING or ("het" in before and last in ("komen", "kan", "kunnen")):
        return Completeness.DOUBTFUL
    chosen = core[1:2] == ["of"] and len(core) == _SHORT  # «mannelijk of vrouwelijk»
    if 1 < len(core) <= _SHORT and not chosen and not (asks and len(core) == _SHORT):
        return Completeness.DOUBTFUL
    return Completeness.WHOLE


def _dutch_ending(last: str, before: Words) -> Completeness:
    """A word that usually waits for another one, but not here?"""
    if last in nl.PREPOSITIONS and _NL_STRANDING & set(before):
        return Completeness.WHOLE
    if last == "zijn" and (nl.MODALS & set(before) or nl.SHORT_INFINITIVES & set(before)):
        return Completeness.WHOLE
    if last == "zijn" and nl.SUBORDINATORS & set(before[:-2]):
        return Completeness.DOUBTFUL  # «… dat de bladeren groter zijn»
    if last in _NL_PARTICLES and len(before) > 2 and nl.FINITE_VERBS & set(before):
        return Completeness.DOUBTFUL
    if last in ("het", "hun", "haar", "waar", "wie") and len(before) > 1:
        return Completeness.DOUBTFUL
    return Completeness.BROKEN_OFF


def _modal_alone(core: Words) -> bool:
    """«Hoe kun je …»: the infinitive is still to come; nobody waits long for it."""
    modal = next((place for place, word in enumerate(core[:5]) if word in nl.MODALS), None)
    if modal is None or len(core) > 9 or len(core) - modal < 2:
        return False
    return not any(_is_infinitive(word) for word in core[modal + 1 :])


def _is_infinitive(word: str) -> bool:
    if word in nl.SHORT_INFINITIVES or word in ("uit", "af", "mee", "op", "aan"):
        return True
    return (
        len(word) > 3 and word.endswith(("en", "an", "ien", "oen")) and word not in nl.DETERMINERS
    )


def _english(core: Words) -> Completeness:
    last, before = core[-1], core[:-1]
    if last in _EN_PRONOUNS and len(before) > 1:
        return Completeness.DOUBTFUL
    if last in en.UNFINISHED:
        stranded = last in en.PREPOSITIONS and en.QUESTION_WORDS & set(before)
        return Completeness.WHOLE if stranded and len(before) > _SHORT else Completeness.BROKEN_OFF
    if _waits(core, en.AUXILIARIES, en.SUBJECT_PRONOUNS, _EN_WAITING, _EN_OBJECTS):
        return Completeness.BROKEN_OFF
    if _hangs(core, en.AUXILIARIES, en.SUBJECT_PRONOUNS - {"it"}):
        return Completeness.BROKEN_OFF
    if tuple(core[-3:]) == ("do", "you", "think"):
        if tuple(core[-4:-3]) == ("what",):
            return Completeness.WHOLE
        return Completeness.BROKEN_OFF if core[-4:-3] else Completeness.DOUBTFUL
    if lacks_verb(core):
        return Completeness.DOUBTFUL
    return Completeness.DOUBTFUL if 1 < len(core) < _SHORT else Completeness.WHOLE


def lacks_verb(core: Words) -> bool:
    """«Why do the two angles at the bottom …»: a subject with a noun, and nothing it does.

    English only.
    """
    for place, (word, after) in enumerate(pairwise(core)):
        if word in en.ASKING_VERBS and after in en.SUBJECTS - en.SUBJECT_PRONOUNS:
            return not (en.BASE_VERBS | {"there"}) & set(core[place + 2 :])
    return False


def _waits(
    core: Words,
    modals: frozenset[str],
    subjects: frozenset[str],
    waiting: frozenset[str],
    objects: frozenset[str],
) -> bool:
    """«Hoe kun je bewijzen», «how could we find out»: the object is still to come."""
    who = core[0] in ("wie", "who")  # asks for the one who does it
    if core[-1] not in waiting or objects & set(core[1:] if who else core):
        return False
    modal = next((place for place, word in enumerate(core) if word in modals), None)
    if modal is None:
        return False
    between = core[modal + 1 : -1]
    return who or bool(between and between[0] in subjects)


def _hangs(core: Words, auxiliaries: frozenset[str], subjects: frozenset[str]) -> bool:
    """«Waarom ben je», «why did they»: only an auxiliary and its subject."""
    if len(core) <= 2 or core[-1] not in subjects:
        return False
    # «Wie ben jij» is whole, «waarom ben jij» is not.
    return core[-2] in auxiliaries and (core[-2] not in _COPULAS or core[0] in ("waarom", "why"))
