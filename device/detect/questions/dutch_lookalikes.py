"""Rules for what has the word order of a Dutch question and asks nothing to think about.

Exclamations, talk to oneself, requests, conditions, and questions whether the class follows. They
are asked before the rules of word order (``questions.dutch``).
"""

from __future__ import annotations

from itertools import pairwise

from device.detect.lexicon import dutch as nl
from device.detect.questions.rules import Verdict, Words
from lesson.events import QuestionForm


def exclamation(core: Words) -> Verdict | None:
    """«Wat een werk», «was het maar zo»: admires or wishes."""
    if tuple(core[:2]) == ("wat", "een"):
        return 0.1, QuestionForm.RHETORICAL, "exclamation"
    if tuple(core[:2]) == ("wie", "had") and "gedacht" in core:
        return 0.3, QuestionForm.RHETORICAL, "exclamation"
    if core[0] == "hoe" and len(core) <= 4 and tuple(core[-2:]) == ("is", "dat"):
        return 0.3, QuestionForm.RHETORICAL, "exclamation"
    if core[0] == "wat" and len(core) > 2 and core[2] in ("dat", "zeg") and not nl.is_verb(core[1]):
        return 0.1, QuestionForm.RHETORICAL, "exclamation"  # «wat leuk dat …»
    if (
        core[0] == "wat"
        and core[2:3] == ["van"]
        and core[-1] in nl.YOU | {"jou"}
        and not nl.is_verb(core[1])
    ):
        return 0.1, QuestionForm.RHETORICAL, "exclamation"  # «wat knap van jou»
    wish = core[0] in nl.SINGULAR_VERBS and "maar" in core[2:4] and len(core) > 3
    if wish and core[1] in nl.SUBJECT_PRONOUNS | {"het", "dat"}:
        return 0.1, QuestionForm.RHETORICAL, "exclamation"  # «was het maar zo»
    return None


def proportion(core: Words) -> Verdict | None:
    """«Hoe meer zout je toevoegt, hoe beter het drijft»."""
    if core[0] != "hoe" or len(core) < 4 or not nl.is_comparative(core[1]):
        return None
    again = any(a == "hoe" and nl.is_comparative(b) for a, b in pairwise(core[2:]))
    return (0.1, QuestionForm.RHETORICAL, "fixed_phrase") if again else None


def rhetorical(core: Words) -> Verdict | None:
    """Talk to oneself, and phrases that nobody answers."""
    text = " ".join(core)
    if text.startswith(("weet je wat het", "weten jullie wat het")) and text.endswith(" is"):
        return 0.4, QuestionForm.RHETORICAL, "rhetorical"
    if tuple(core[:2]) == ("wie", "weet") and "we" in core[2:5]:
        return 0.1, QuestionForm.RHETORICAL, "fixed_phrase"
    if tuple(core[:3]) in (("waar", "was", "ik"), ("waar", "heb", "ik")) and len(core) <= 7:
        return 0.2, QuestionForm.RHETORICAL, "rhetorical"  # talking to oneself
    concessive = core[0] in nl.QUESTION_WORDS and core[1:2] and core[1] in nl.SUBJECT_PRONOUNS
    if "hoe dan ook" in text or (concessive and "ook" in core[2:5]):
        return 0.1, QuestionForm.RHETORICAL, "fixed_phrase"
    return None


def free_relative(core: Words) -> Verdict | None:
    """«Wie klaar is pakt een boek»: two finite verbs side by side, none behind «wie»."""
    if core[0] != "wie" or len(core) < 4 or core[1] in nl.FINITE_VERBS:
        return None
    if any(nl.FINITE_VERBS.issuperset(pair) for pair in pairwise(core[2:])):
        return 0.1, QuestionForm.CHECK, "free_relative"
    return None


def everybody(core: Words) -> Verdict | None:
    """Do you follow (meta), or who is ready (procedural)? Both ask, neither asks to think."""
    asks = nl.is_verb(core[0]) or core[0] in nl.QUESTION_WORDS
    if not asks or len(core) > 9:
        return None
    if nl.PROCEDURAL & set(core) and (core[0] == "wie" or nl.EVERYBODY & set(core)):
        return 0.7, QuestionForm.PROCEDURAL, "procedural"
    if core[0] == "wie" and core[1:2] in (["moet"], ["is"], ["mist"]) and "nog" in core[2:4]:
        return 0.7, QuestionForm.PROCEDURAL, "procedural"
    if core[1:2] in (["het"], ["dit"], ["dat"]) and nl.PACE & set(core):
        return 0.85, QuestionForm.META, "do_you_follow"
    if core[0] in ("hebben", "heeft", "zijn") and "allemaal" in core[2:]:
        return 0.85, QuestionForm.META, "do_you_follow"
    to_all = nl.EVERYBODY & set(core) or core[0] == "wie" or tuple(core[:2]) == ("zijn", "er")
    follows = nl.UNDERSTANDING & set(core)
    if follows and to_all and not nl.TELLING & set(core) and "noemen" not in core:
        return 0.85, QuestionForm.META, "do_you_follow"
    asks_you = core[0] in ("snap", "snapt", "begrijp", "begrijpt") and core[1:2] != ["ik"]
    if asks_you and len(core) <= 6:
        return 0.85, QuestionForm.META, "do_you_follow"
    if nl.is_verb(core[0]) and core[1:2] == ["iedereen"]:
        return 0.85, QuestionForm.META, "do_you_follow"
    if core[0] == "is" and any(word.endswith(("duidelijk", "helder")) for word in core):
        return 0.85, QuestionForm.META, "do_you_follow"
    return None


def request(core: Words) -> Verdict | None:
    """Asks for a deed, or beyond it for an answer after all."""
    if tuple(core[:2]) in (("zullen", "we"), ("gaan", "we"), ("laten", "we")):
        return 0.15, QuestionForm.RHETORICAL, "hortative"
    if core[0] in ("mag", "mogen") and len(core) > 1 and core[1] in ("ik", "wij", "we"):
        if len(core) > 3 and nl.is_infinitive(core[-1]) and not nl.ASKING_FOR & set(core):
            return 0.75, QuestionForm.YESNO, "inverted"  # «mag ik die hoeken optellen»
        return 0.2, QuestionForm.PROCEDURAL, "request"
    if core[0] not in nl.REQUEST_VERBS or len(core) < 2 or core[1] not in nl.YOU:
        return None
    if any(a in ("wat", "iets") and nl.is_comparative(b) for a, b in pairwise(core[2:])):
        return 0.15, QuestionForm.PROCEDURAL, "request"  # «kun je wat harder praten»
    if (
        nl.TELLING & set(core)
        or nl.QUESTION_WORDS & set(core[2:])
        or "laten zien" in " ".join(core)
    ):
        return 0.85, QuestionForm.INDIRECT, "asks_to_tell"
    if {"even", "eens", "alsjeblieft", "alstublieft", "dichtdoen", "ophouden", "stil"} & set(core):
        return 0.15, QuestionForm.PROCEDURAL, "request"
    return 0.7, QuestionForm.YESNO, "verb_first"


def conditional(core: Words) -> Verdict | None:
    """«Is de uitkomst negatief dan heb je …»: a condition, not a question."""
    in_front = nl.is_verb(core[0]) or (core[0] in nl.STEMS and core[1:2] == ["je"])
    if not in_front or "dan" not in core[2:-1]:
        return None
    place = core.index("dan", 2) + 1
    if core[place - 2] in nl.IMPERATIVES_TASK | nl.IMPERATIVES_ELICIT | nl.STEMS:
        return 0.1, QuestionForm.YESNO, "conditional"  # «heb je vragen steek dan je vinger op»
    subject_behind = place + 1 < len(core) and core[place + 1] in nl.SUBJECT_PRONOUNS
    if nl.is_verb(core[place]) or subject_behind:
        return 0.1, QuestionForm.YESNO, "conditional"
    return None
