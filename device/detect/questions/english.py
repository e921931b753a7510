"""Rules for English questions, on word order alone: the auxiliary stands before its subject.

The same idea as for Dutch, with English word classes; see ``questions.dutch``.
"""

from __future__ import annotations

from itertools import pairwise

from device.detect.lexicon import english as en
from device.detect.questions.rules import RuleQuestions, Verdict, Words, quoted
from lesson.events import QuestionForm


class EnglishQuestions(RuleQuestions):
    """See the module's description."""

    def __init__(self) -> None:
        super().__init__(en, _RULES, conclusion="so")

    def clause(self, words: Words) -> list[str]:
        return _expanded(super().clause(words))


def _expanded(words: Words) -> list[str]:
    """«what's» is one token for the recogniser, and two words for the rules."""
    expanded: list[str] = []
    for word in words:
        stem, mark, ending = word.partition("'")
        if mark and stem in en.CONTRACTED and ending in en.CONTRACTIONS:
            expanded.extend((stem, en.CONTRACTIONS[ending]))
        else:
            expanded.append(word)
    return expanded


def _exclamation(core: Words) -> Verdict | None:
    if tuple(core[:2]) in (("what", "a"), ("what", "an")) and not en.AUXILIARIES & set(core[2:]):
        return 0.1, QuestionForm.RHETORICAL, "exclamation"
    if core[0] == "how" and len(core) <= 4 and core[-1] in ("is", "nice"):
        return 0.2, QuestionForm.RHETORICAL, "exclamation"
    if core[0] == "how" and len(core) == 4 and tuple(core[2:]) == ("is", "that"):
        return (0.2, QuestionForm.RHETORICAL, "exclamation") if core[1] not in en.MEASURES else None
    if core[0] == "how" and core[2:3] == ["of"] and len(core) == 4 and core[1] not in en.MEASURES:
        return 0.1, QuestionForm.RHETORICAL, "exclamation"  # «how kind of you»
    return None


def _rhetorical(core: Words) -> Verdict | None:
    text = " ".join(core)
    fixed = ("guess what", "you know what", "do you know what the best", "who knew", "who wouldn't")
    if text.startswith(fixed):
        return 0.35, QuestionForm.RHETORICAL, "rhetorical"
    return None


def _everybody(core: Words) -> Verdict | None:
    asks = core[0] in en.AUXILIARIES or core[0] in en.QUESTION_WORDS or core[0] == "any"
    if not asks or len(core) > 9:
        return None
    follows = en.UNDERSTANDING & set(core[2:] if core[0] in en.AUXILIARIES else core)
    if core[0] in en.QUESTION_WORDS - {"who"}:
        return None
    if core[0] == "who" and ((core[2:] and core[1] == "still") or {"done", "finished"} & set(core)):
        return 0.7, QuestionForm.PROCEDURAL, "procedural"
    about = "questions" in core or "question" in core
    to_all = en.EVERYBODY & set(core) or core[0] in ("any", "who") or about
    if follows and to_all and not en.QUESTION_WORDS & set(core[1:]):
        return 0.85, QuestionForm.META, "do_you_follow"
    if tuple(core[:3]) in (("does", "everyone", "get"), ("does", "everybody", "get")):
        return 0.85, QuestionForm.META, "do_you_follow"
    if core[0] in ("is", "does") and core[1:2] in (["that"], ["it"], ["this"]) and follows:
        return 0.85, QuestionForm.META, "do_you_follow"
    if core[0] in ("is", "are") and en.EVERYBODY & set(core[1:2]) and en.READY & set(core[2:4]):
        return 0.85, QuestionForm.META, "do_you_follow"
    return None


def _request(core: Words) -> Verdict | None:
    if tuple(core[:2]) in (("shall", "we"), ("can", "i"), ("may", "i"), ("could", "i")):
        return 0.2, QuestionForm.PROCEDURAL, "request"
    if core[0] not in en.REQUEST_VERBS or core[1:2] != ["you"]:
        return None
    if core[2:3] == ["mind"]:
        return 0.2, QuestionForm.PROCEDURAL, "request"
    if en.TELLING & set(core) or en.QUESTION_WORDS & set(core[2:]):
        return 0.85, QuestionForm.INDIRECT, "asks_to_tell"
    favour = tuple(core[-2:]) in (("for", "me"), ("for", "us"))
    if favour or en.ERRANDS & set(core):
        return 0.2, QuestionForm.PROCEDURAL, "request"
    return 0.7, QuestionForm.YESNO, "verb_first"


def _hortative(core: Words) -> Verdict | None:
    """«Let me show you one more», «let's begin»: told, whatever is misheard behind it."""
    if core[0] not in ("let's", "lets") and tuple(core[:2]) not in (("let", "me"), ("let", "us")):
        return None
    asks = any(a in en.AUXILIARIES and b in en.SUBJECTS for a, b in pairwise(core[2:]))
    if len(core) < 3 or asks or en.QUESTION_WORDS & set(core[2:]):
        return None
    return 0.1, QuestionForm.RHETORICAL, "hortative"


def _conditional(core: Words) -> Verdict | None:
    """«Had you checked you would have seen it»: a condition, not a question."""
    if core[0] not in ("had", "should", "were") or len(core) < 5:
        return None
    if core[0] == "should" and en.IMPERATIVES_TASK & set(core[3:]):
        return 0.1, QuestionForm.YESNO, "conditional"  # «should you need help raise your hand»
    pairs = pairwise(core[2:])
    if any(a in en.SUBJECT_PRONOUNS and b in ("would", "will", "could", "can") for a, b in pairs):
        return 0.1, QuestionForm.YESNO, "conditional"
    return None


def _elicit(core: Words) -> Verdict | None:
    if core[0] in en.IMPERATIVES_ELICIT and len(core) > 2 and core[1] not in ("him", "her", "them"):
        return 0.8, QuestionForm.ELICIT_IMPERATIVE, "elicit"
    return None


def _question_word_first(core: Words) -> Verdict | None:
    start = 1 if core[0] in en.PREPOSITIONS and len(core) > 1 else 0
    head = core[start]
    if head not in en.QUESTION_WORDS:
        return None
    rest = core[start + 1 :]
    if not rest or rest == ["not"]:
        return 0.8, QuestionForm.FOLLOWUP, "question_word_alone"
    form = QuestionForm.OPEN if head in ("why", "how") else QuestionForm.CHECK
    if head == "what" and rest[0] not in en.AUXILIARIES and ("is", "that") in pairwise(rest):
        return 0.15, form, "free_relative"  # «what matters is that …»
    for place, word in enumerate(rest[:5]):
        if place > 1 and word in en.QUESTION_WORDS:
            break  # «which word tells us how she feels»
        if place and word == "there" and en.AUXILIARIES & set(rest[place + 1 : place + 2]):
            return 0.15, form, "subordinate"  # «how many triangles there are»
        if word in en.SUBJECT_PRONOUNS:
            if head == "who" and place > 0:  # «who taught you», with «who» as the subject
                return 0.8, form, "question_word_first"
            return 0.15, form, "subordinate"
        # «which» has a noun before its verb, «who» and «what» have none
        in_place = place > 0 if head == "which" else place == 0 and head != "how"
        if in_place and word in en.THIRD_PERSONS:
            return 0.92, form, "question_word_first"  # «who rings the bell», «which word tells us»
        if word in en.AUXILIARIES:
            subject = place > 0 and head in ("when", "where", "why") and rest[0] in en.SUBJECTS
            return (0.2, form, "subordinate") if subject else (0.92, form, "question_word_first")
    if head in ("who", "which", "what") or rest[0] in ("about", "come", "many", "much"):
        return 0.75, form, "question_word_first"
    return 0.4, form, "question_word_first"


def _verb_first(core: Words) -> Verdict | None:
    if len(core) < 2 or core[0] not in en.AUXILIARIES:
        return None
    form = QuestionForm.CHOICE if "or" in core[2:-1] else QuestionForm.YESNO
    if core[0] == "do" and core[1] == "the" and en.TASKS & set(core[2:4]):
        return None  # «do the next three»
    addressed = en.SUBJECT_PRONOUNS | {"the", "all", "these"}
    if core[0] in ("do", "don't", "have") and core[1] not in addressed:
        if core[0] != "do" or len(core) < 4 or core[1] in ("not", "this"):
            return None
        acts = core[2] in en.BASE_VERBS  # «do people agree with Ana»
        return (0.8, form, "verb_first") if acts or core[1].endswith("s") else None
    if core[1] in en.QUESTION_WORDS:
        return None  # «is what you said»: the subject was lost
    if core[1] in en.SUBJECT_PRONOUNS and en.MODALS & set(core[2:3]):
        return None  # «am I will pass»: one of the two verbs was misheard
    if core[0].endswith("n't") and core[1] in en.BASE_VERBS:
        return None  # «can't hear you at the back»
    if core[1] in en.SUBJECTS:
        return 0.9, form, "verb_first"
    return 0.72, form, "verb_first"


def _tag(core: Words) -> Verdict | None:
    pair = tuple(core[-2:])
    negative = pair[0].endswith("n't") and len(core) > 3
    positive = pair[0] in en.AUXILIARIES - {"do", "have"} and len(core) > 4
    inverted = (negative or positive) and pair[1] in en.SUBJECT_PRONOUNS
    if inverted or (core[-1] in en.TAGS and len(core) > 3 and pair[0] not in en.JUDGING):
        return 0.65, QuestionForm.TAG, "tag"
    return None


def _indirect(core: Words) -> Verdict | None:
    text = " ".join(core)
    if text.startswith(("i wonder", "i am wondering", "i'd like to know")):
        return 0.7, QuestionForm.INDIRECT, "indirect"
    return None


def _later_clause(core: Words) -> Verdict | None:
    for index in range(2, len(core) - 2):
        if tuple(core[index : index + 2]) == ("i", "wonder"):
            return 0.7, QuestionForm.INDIRECT, "indirect"
        if core[index] not in en.QUESTION_WORDS or core[index - 1] in en.EMBEDDING:
            continue
        verb, subject = core[index + 1], core[index + 2]
        if verb in en.AUXILIARIES and subject in en.SUBJECTS:
            return 0.75, QuestionForm.CHECK, "later_clause"
    return None


def _completion(core: Words) -> Verdict | None:
    calls = "call" in core[-4:-1] and core[-1] in ("a", "an", "the", "this", "that", "it")
    calls |= core[-2:-1] == ["called"] and core[-1] in ("a", "an", "the")
    if tuple(core[-3:-1]) == ("call", "this") or calls or core[-1] in ("called", "equals"):
        return 0.6, QuestionForm.COMPLETION, "completion"
    return None


def _completed_by_pupil(core: Words) -> Verdict | None:
    """«The capital of France is»: the pupil is to say the last word."""
    joined = {"that", "what", "who", "where", "it", "this", "how"} & set(core)
    if core[-1] == "is" and 2 < len(core) <= 7 and not joined:
        return 0.55, QuestionForm.COMPLETION, "completion"
    return None


def _in_situ(core: Words) -> Verdict | None:
    """«A triangle has how many sides»: the question word stays where the answer will be."""
    if core[-1] == "what" and len(core) > 3 and not en.PHRASES_WITH_WHAT & set(core[-3:]):
        return 0.85, QuestionForm.CHECK, "in_situ"  # «one plus two is what»
    if len(core) > 3 and core[-2] in ("which", "what") and core[-3] in en.EQUALLING:
        return 0.8, QuestionForm.CHECK, "in_situ"  # «the capital of France is which city»
    for place in range(2, len(core) - 1):
        asked = core[place] == "how" and core[place + 1] in ("many", "much")
        if asked and len(core) - place <= 5 and core[place - 1] in en.AUXILIARIES | {"equals"}:
            return 0.8, QuestionForm.CHECK, "in_situ"
    return None


def _after_condition(core: Words) -> Verdict | None:
    """«If it rains will the ground be wet»: the auxiliary stands before its subject."""
    if core[0] not in ("if", "when"):
        return None
    for before, verb, subject in zip(core[2:], core[3:], core[4:], strict=False):
        if verb in en.ASKING_VERBS and subject in en.SUBJECTS and before not in en.SUBJECT_PRONOUNS:
            return 0.7, QuestionForm.YESNO, "after_condition"
    return None


def _who_else(core: Words) -> Verdict | None:
    """«Anyone else», «another way», «bigger or smaller»: asks on without a verb."""
    if len(core) == 3 and core[1] == "or" and not {"less", "so", "not"} & set(core):
        return 0.7, QuestionForm.CHOICE, "choice_alone"
    about = {"why", "how", "what"} & set(core[2:])
    if core[0] == "any" and about and core[1] in en.ASKED_FOR:
        return 0.8, QuestionForm.FOLLOWUP, "who_else"  # «any ideas why the candle went out»
    if len(core) > 6 or en.FINITE_VERBS & set(core):
        return None
    if core[0] in ("any", "anyone", "anybody", "another") and en.ASKED_FOR & set(core[1:]):
        return 0.7, QuestionForm.FOLLOWUP, "who_else"
    return None


_RULES = (
    _exclamation,
    _rhetorical,
    _everybody,
    _request,
    _hortative,
    _conditional,
    _elicit,
    _indirect,
    _question_word_first,
    _verb_first,
    quoted(en),
    _later_clause,
    _tag,
    _completion,
    _completed_by_pupil,
    _in_situ,
    _after_condition,
    _who_else,
)
