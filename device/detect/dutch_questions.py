"""Rules for Dutch questions, on word order alone.

Dutch marks a question by its first words: a question word with the finite verb right behind its
phrase, or the finite verb in front. A subject between question word and verb makes it a
subordinate clause («wat we nu gaan doen is …»). Each rule returns a score or ``None``; the
first one that speaks decides.
"""

from __future__ import annotations

from device.detect import dutch as nl
from device.detect.rules import Rule, RuleQuestions, Verdict, Words, quoted
from lesson.events import QuestionForm

#: words between «welke» or «hoeveel» and the verb: «welke twee kenmerken van een markt heb ik …»
LONGEST_PHRASE = 8


class DutchQuestions(RuleQuestions):
    """See the module's description."""

    def __init__(self) -> None:
        super().__init__(nl, _RULES, conclusion="dus")

    def is_finished(self, core: Words) -> bool:
        return _is_finished(core)

    def applies(self, rule: Rule, opener: str) -> bool:
        """«Dan is het half» has its verb in front and is a statement."""
        return rule is not _verb_first or opener not in nl.INVERTING


def _is_finished(core: Words) -> bool:
    """Not at an article, preposition or conjunction, nor with a modal verb left hanging."""
    if core[-1] in nl.UNFINISHED:
        return False
    modal = next((i for i, word in enumerate(core[:5]) if word in nl.MODALS), None)
    if modal is None or len(core) > 9 or len(core) - modal < 2:
        return True
    return any(_is_infinitive(word) for word in core[modal + 1 :])


def _is_infinitive(word: str) -> bool:
    if word in nl.SHORT_INFINITIVES:
        return True
    return len(word) > 4 and word.endswith("en") and word not in nl.DETERMINERS


def _is_verb(word: str) -> bool:
    if word in nl.FINITE_VERBS:
        return True
    return len(word) > 3 and word.endswith("t") and word not in nl.NOT_VERBS


def _tag(core: Words) -> Verdict | None:
    if tuple(core) in (("toch",), ("nietwaar",), ("of", "niet")):
        return 0.85, QuestionForm.TAG, "tag"  # the sentence was said before a short silence
    has_tag = core[-1] in nl.TAGS or tuple(core[-2:]) == ("of", "niet")
    if not has_tag or len(core) < 3 or _question_word_first(core[:-1]) or _verb_first(core[:-1]):
        return None
    return 0.7, QuestionForm.TAG, "tag"


def _exclamation(core: Words) -> Verdict | None:
    if tuple(core[:2]) == ("wat", "een"):
        return 0.1, QuestionForm.RHETORICAL, "exclamation"
    if tuple(core[:2]) == ("wie", "had") and "gedacht" in core:
        return 0.3, QuestionForm.RHETORICAL, "exclamation"
    if core[0] == "hoe" and len(core) <= 4 and tuple(core[-2:]) == ("is", "dat"):
        return 0.3, QuestionForm.RHETORICAL, "exclamation"
    if core[0] == "wat" and len(core) > 2 and core[2] in ("dat", "zeg") and not _is_verb(core[1]):
        return 0.1, QuestionForm.RHETORICAL, "exclamation"  # «wat leuk dat …»
    wish = core[0] in nl.SINGULAR_VERBS and core[2:3] == ["maar"]
    if wish and core[1] in nl.SUBJECT_PRONOUNS | {"het", "dat"}:
        return 0.1, QuestionForm.RHETORICAL, "exclamation"  # «was het maar zo»
    return None


def _rhetorical(core: Words) -> Verdict | None:
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


def _everybody(core: Words) -> Verdict | None:
    """Do you follow (meta), or who is ready (procedural)? Both ask, neither asks to think."""
    asks = _is_verb(core[0]) or core[0] in nl.QUESTION_WORDS
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
    if core[0] in ("snap", "snapt", "begrijp", "begrijpt") and len(core) <= 6:
        return 0.85, QuestionForm.META, "do_you_follow"
    if _is_verb(core[0]) and core[1:2] == ["iedereen"]:
        return 0.85, QuestionForm.META, "do_you_follow"
    if core[0] == "is" and any(word.endswith(("duidelijk", "helder")) for word in core):
        return 0.85, QuestionForm.META, "do_you_follow"
    return None


def _request(core: Words) -> Verdict | None:
    if tuple(core[:2]) in (("zullen", "we"), ("gaan", "we"), ("laten", "we")):
        return 0.15, QuestionForm.RHETORICAL, "hortative"
    if core[0] in ("mag", "mogen") and len(core) > 1 and core[1] in ("ik", "wij", "we"):
        return 0.2, QuestionForm.PROCEDURAL, "request"
    if core[0] not in nl.REQUEST_VERBS or len(core) < 2 or core[1] not in nl.YOU:
        return None
    if (
        nl.TELLING & set(core)
        or nl.QUESTION_WORDS & set(core[2:])
        or "laten zien" in " ".join(core)
    ):
        return 0.85, QuestionForm.INDIRECT, "asks_to_tell"
    if {"even", "eens", "alsjeblieft", "alstublieft", "dichtdoen", "ophouden", "stil"} & set(core):
        return 0.15, QuestionForm.PROCEDURAL, "request"
    return 0.7, QuestionForm.YESNO, "verb_first"


def _conditional(core: Words) -> Verdict | None:
    """«Is de uitkomst negatief dan heb je …»: a condition, not a question."""
    if not _is_verb(core[0]) or "dan" not in core[2:-1]:
        return None
    place = core.index("dan", 2) + 1
    subject_behind = place + 1 < len(core) and core[place + 1] in nl.SUBJECT_PRONOUNS
    if _is_verb(core[place]) or subject_behind:
        return 0.1, QuestionForm.YESNO, "conditional"
    return None


def _elicit(core: Words) -> Verdict | None:
    if core[0] not in nl.IMPERATIVES_ELICIT or len(core) < 2:
        return None
    if core[0] == "leg":
        told = core[-1] == "uit" or tuple(core[:2]) == ("leg", "uit") or "uit" in core[1:5]
        return (0.85, QuestionForm.ELICIT_IMPERATIVE, "elicit") if told else None
    if core[0] == "geef" and core[1] in ("je", "jouw", "hem", "haar", "de", "het", "dat", "die"):
        return None
    return 0.85, QuestionForm.ELICIT_IMPERATIVE, "elicit"


def _question_word_first(core: Words) -> Verdict | None:
    """A question word in front, the finite verb behind its phrase, no subject between them."""
    start = 1 if core[0] in nl.PREPOSITIONS and len(core) > 1 else 0
    head = core[start]
    if head not in nl.QUESTION_WORDS:
        return None
    rest = core[start + 1 :]
    if not rest:
        return 0.8, QuestionForm.FOLLOWUP, "question_word_alone"
    if head == "wat" and rest[0] == "voor":
        rest = rest[1:]
    phrase = head in nl.TAKE_A_PHRASE or tuple(core[start : start + 2]) == ("wat", "voor")
    reach = LONGEST_PHRASE if phrase else 1
    if head == "hoe" and _is_subordinate_how(rest):
        return 0.15, QuestionForm.CHECK, "subordinate"
    for place, word in enumerate(rest[:reach]):
        if place < 2 and (word in nl.SUBJECT_PRONOUNS or word in nl.OBJECT_PRONOUNS):
            later = nl.FINITE_VERBS & set(rest[2:])
            if head == "hoe" and place == 1 and word in nl.YOU and not later:
                return 0.8, QuestionForm.OPEN, "question_word_first"  # «hoe onthoud jij …»
            return 0.15, QuestionForm.CHECK, "subordinate"
        if place >= 2 and word in nl.SUBJECT_PRONOUNS:
            return _direct(core, head, start, place)
        if word in nl.FINITE_VERBS or (0 < place < 4 and _is_verb(word)):
            return _direct(core, head, start, place)
    if reach == 1:
        word = rest[0]
        if word in nl.DETERMINERS or word in ("klaar", "niet", "nog", "dat", "of"):
            return 0.2, QuestionForm.CHECK, "subordinate"
        if rest[1:2] and rest[1] in nl.SUBJECT_PRONOUNS:
            return 0.85, _form_of(head), "question_word_first"
        if _is_verb(word) or word.endswith("en") or _sounds_like_verb(rest):
            return 0.75, _form_of(head), "question_word_first"
        # «wat Roos zei», «wie klaar is» are common; «waarom» rarely opens anything but a question
        relative = head in ("wat", "wie", "waar")
        return (0.35 if relative else 0.6), _form_of(head), "question_word_first"
    return 0.55, _form_of(head), "question_word_first"


def _sounds_like_verb(rest: Words) -> bool:
    """«Wie bepaald in Nederland …»: written with -d, «bepaalt» sounds the same."""
    word, *behind = rest
    prefixed = len(word) > 5 and word.startswith(("be", "ver", "ont", "her"))
    return prefixed and word.endswith("d") and bool(behind) and not _is_verb(behind[0])


def _is_subordinate_how(rest: Words) -> bool:
    """«hoe dat afloopt», «hoe mooi zo'n blad is»: the subject stands before the verb."""
    if rest[0] in nl.DETERMINERS:
        return True
    determined = len(rest) > 2 and (rest[1] in nl.DETERMINERS or rest[1] == "zo'n")
    return determined and not _is_verb(rest[0])


def _direct(core: Words, head: str, start: int, place: int) -> Verdict:
    after = core[start + 2 + place :]
    if (head == "wie" and core[-1] == "mag") or (head == "wie" and "mag" in after[1:]):
        return 0.2, QuestionForm.CHECK, "free_relative"
    if place == 0 and head in ("wat", "wie") and after and after[-1] in ("is", "dat"):
        return 0.6, _form_of(head), "question_word_first"
    return 0.92, _form_of(head), "question_word_first"


def _form_of(head: str) -> QuestionForm:
    return QuestionForm.OPEN if head in ("waarom", "hoe", "hoezo") else QuestionForm.CHECK


def _verb_first(core: Words) -> Verdict | None:
    """The finite verb in front of its subject."""
    if len(core) < 2:
        return None
    first, second = core[0], core[1]
    form = QuestionForm.CHOICE if "of" in core[2:-1] else QuestionForm.YESNO
    if second == "jij" or (first.endswith("en") and second in nl.PLURAL_PRONOUNS):
        return 0.85, form, "verb_first"
    if not _is_verb(first) or second in ("niet", "geen", "maar", "eens"):
        return None
    subject = second in nl.SUBJECT_PRONOUNS or second in nl.DETERMINERS
    if second in nl.YOU and first in nl.KNOWING:
        embedded = bool(nl.QUESTION_WORDS & set(core[2:]))
        return 0.88, QuestionForm.INDIRECT if embedded else form, "verb_first"
    if first in nl.IMPERATIVES_TASK or first in nl.IMPERATIVES_ELICIT:
        return None
    if first == "zijn" and not subject:
        return None
    if subject:
        return 0.88, form, "verb_first"
    if second in nl.BEFORE_SUBJECT and core[2:3] and core[2] in nl.SUBJECTS:
        return 0.8, form, "verb_first"  # «zit daar je grootvader tussen»
    known = first in nl.FINITE_VERBS and (first.endswith("t") or first in nl.SINGULAR_VERBS)
    return (0.68, form, "verb_first") if known else None


def _indirect(core: Words) -> Verdict | None:
    text = " ".join(core)
    if "vraag me af" in text or "ben benieuwd" in text or "wil weten" in text:
        return 0.75, QuestionForm.INDIRECT, "indirect"
    if text.startswith(("wie weet", "wie kan", "wie wil", "weet iemand")):
        return 0.85, QuestionForm.INDIRECT, "indirect"
    return None


def _later_clause(core: Words) -> Verdict | None:
    """A second clause that asks: «dus veel vraag en weinig aanbod, wat doet de prijs dan»."""
    for index in range(2, len(core) - 2):
        head = core[index]
        if head not in nl.QUESTION_WORDS or core[index - 1] in nl.EMBEDDING | nl.PREPOSITIONS:
            continue
        tail = core[index + 1 :]
        reach = 3 if head in nl.TAKE_A_PHRASE else 1
        for place, word in enumerate(tail[:reach]):
            if word in nl.SUBJECT_PRONOUNS:
                break
            follows = tail[place + 1] if place + 1 < len(tail) else ""
            verb = word in nl.FINITE_VERBS or (
                word.endswith("en") and follows in nl.PLURAL_PRONOUNS
            )
            if verb and follows in nl.SUBJECT_PRONOUNS | nl.DETERMINERS | {"dan"}:
                return 0.75, _form_of(head), "later_clause"
    return None


def _completion(core: Words) -> Verdict | None:
    """«Dat noemen we een …»: the pupil is to say the last word."""
    if len(core) < 3:
        return None
    ends = tuple(core[-3:])
    if ends[-3:-1] == ("noemen", "we") and ends[-1] in ("een", "het", "de", "dus"):
        return 0.62, QuestionForm.COMPLETION, "completion"
    if tuple(core[-2:]) in (("noemen", "we"), ("gelijk", "aan"), ("heet", "dus")):
        return 0.62, QuestionForm.COMPLETION, "completion"
    if core[-1] == "is" and len(core) <= 7 and set(core) & nl.SUMS:
        return 0.7, QuestionForm.COMPLETION, "completion"  # «zes maal negen is»
    if core[-1] in ("is", "heet", "heten", "wát") and len(core) <= 7 and not nl.JOINING & set(core):
        return 0.55, QuestionForm.COMPLETION, "completion"
    return None


def _declarative(core: Words) -> Verdict | None:
    if (
        (core[0] in ("jij", "jullie") or tuple(core[:2]) == ("je", "bedoelt"))
        and len(core) > 2
        and core[1] in ("denkt", "zegt", "bedoelt", "vindt", "denken")
    ):
        return 0.6, QuestionForm.DECLARATIVE, "declarative"
    return None


def _choice_alone(core: Words) -> Verdict | None:
    """«Een hard of een zacht gekookt ei»: two things to choose from and no verb."""
    offers = core[0] in nl.DETERMINERS and "of" in core[1:-1] and len(core) <= 7
    if not offers or any(_is_verb(word) for word in core):
        return None
    return 0.6, QuestionForm.CHOICE, "choice_alone"


_RULES = (
    _exclamation,
    _rhetorical,
    _tag,
    _everybody,
    _request,
    _conditional,
    _elicit,
    _indirect,
    _question_word_first,
    _verb_first,
    quoted(nl),
    _later_clause,
    _completion,
    _declarative,
    _choice_alone,
)
