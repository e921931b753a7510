"""Rules for Dutch questions, on word order alone.

Dutch marks a question by its first words: a question word with the finite verb right behind its
phrase, or the finite verb in front. A subject between question word and verb makes it a
subordinate clause («wat we nu gaan doen is …»). Each rule returns a score or ``None``; the
first one that speaks decides.
"""

from __future__ import annotations

from device.detect.lexicon import dutch as nl
from device.detect.lexicon.dutch_verbs import THIRD_PERSONS
from device.detect.questions import dutch_lookalikes as lookalikes
from device.detect.questions.rules import Rule, RuleQuestions, Verdict, Words, quoted
from lesson.events import QuestionForm

#: words between «welke» or «hoeveel» and the verb: «welke twee kenmerken van een markt heb ik …»
LONGEST_PHRASE = 8
#: «klopt helemaal», «valt wel mee» leave out their subject; they are short
_LONGER_THAN_A_REMARK = 4


class DutchQuestions(RuleQuestions):
    """See the module's description."""

    def __init__(self) -> None:
        super().__init__(nl, _RULES, conclusion="dus")

    def is_finished(self, core: Words) -> bool:
        return _is_finished(core)

    def applies(self, rule: Rule, opener: str) -> bool:
        """«Dan is het half» has its verb in front and is a statement."""
        return rule not in (_verb_first, lookalikes.everybody) or opener not in nl.INVERTING


def _is_finished(core: Words) -> bool:
    """Not at an article, preposition or conjunction, nor with a modal verb left hanging."""
    if core[-1] in nl.UNFINISHED:
        return False
    modal = next((i for i, word in enumerate(core[:5]) if word in nl.MODALS), None)
    if modal is None or len(core) > 9 or len(core) - modal < 2:
        return True
    return any(nl.is_infinitive(word) for word in core[modal + 1 :])


def _tag(core: Words) -> Verdict | None:
    if tuple(core) in (("toch",), ("nietwaar",), ("of", "niet")):
        return 0.85, QuestionForm.TAG, "tag"  # the sentence was said before a short silence
    has_tag = core[-1] in nl.TAGS or tuple(core[-2:]) == ("of", "niet")
    if not has_tag or len(core) < 3 or _question_word_first(core[:-1]) or _verb_first(core[:-1]):
        return None
    if core[-1] in nl.SURE_TAGS:
        return 0.8, QuestionForm.TAG, "sure_tag"
    return 0.7, QuestionForm.TAG, "tag"


def _elicit(core: Words) -> Verdict | None:
    if core[0] not in nl.IMPERATIVES_ELICIT or len(core) < 2 or nl.LATER & set(core[1:4]):
        return None
    if core[0] == "leg":
        told = core[-1] == "uit" or tuple(core[:2]) == ("leg", "uit") or "uit" in core[1:5]
        return (0.85, QuestionForm.ELICIT_IMPERATIVE, "elicit") if told else None
    if core[0] in ("geef", "noem") and core[1] in nl.RECEIVERS and not nl.ASKED_FOR & set(core[2:]):
        return None  # «geef het door», «geef ons de kans»
    return 0.85, QuestionForm.ELICIT_IMPERATIVE, "elicit"


def _question_word_first(core: Words) -> Verdict | None:
    """A question word in front, the finite verb behind its phrase, no subject between them."""
    start = 1 if core[0] in nl.PREPOSITIONS and len(core) > 1 else 0
    head = core[start]
    if head not in nl.QUESTION_WORDS:
        return None
    rest = core[start + 1 :]
    if not rest or rest == ["niet"]:
        return 0.8, QuestionForm.FOLLOWUP, "question_word_alone"
    if head == "wat" and rest[0] == "als":
        return 0.85, QuestionForm.OPEN, "question_word_first"
    if head == "waar" and rest[0] in nl.PREPOSITIONS and nl.INVERTED & set(rest[2:5]):
        return 0.75, _form_of(head), "question_word_first"  # «waar in de tekst staat dat»
    if head == "wat" and rest[0] == "voor":
        rest = rest[1:]
    phrase = head in nl.TAKE_A_PHRASE or tuple(core[start : start + 2]) == ("wat", "voor")
    reach = LONGEST_PHRASE if phrase else 1
    if head == "hoe" and _is_subordinate_how(rest):
        return 0.15, QuestionForm.CHECK, "subordinate"
    for place, word in enumerate(rest[:reach]):
        if place < 2 and (word in nl.SUBJECT_PRONOUNS or word in nl.OBJECT_PRONOUNS):
            if place and word in nl.PLURAL_PRONOUNS and rest[0].endswith("en"):
                return _direct(core, head, start, place)  # «hoe stellen wij dat voor»
            later = nl.FINITE_VERBS & set(rest[2:])
            if head == "hoe" and place == 1 and word in nl.YOU and not later:
                return 0.8, QuestionForm.OPEN, "question_word_first"  # «hoe onthoud jij …»
            return 0.15, QuestionForm.CHECK, "subordinate"
        if place >= 2 and word in nl.SUBJECT_PRONOUNS:
            return _direct(core, head, start, place)
        if word in nl.FINITE_VERBS or (0 < place < 4 and nl.is_verb(word)):
            return _direct(core, head, start, place)
    if reach == 1:
        word = rest[0]
        if word in nl.DETERMINERS or word in ("klaar", "niet", "nog", "dat", "of"):
            return 0.2, QuestionForm.CHECK, "subordinate"
        if rest[1:2] and rest[1] in nl.SUBJECT_PRONOUNS:
            return 0.85, _form_of(head), "question_word_first"
        if nl.is_verb(word) or word.endswith("en") or _sounds_like_verb(rest):
            return 0.75, _form_of(head), "question_word_first"
        # «wat Roos zei», «wie klaar is» are common; «waarom» rarely opens anything but a question
        relative = head in ("wat", "wie", "waar")
        return (0.35 if relative else 0.6), _form_of(head), "question_word_first"
    return 0.55, _form_of(head), "question_word_first"


def _sounds_like_verb(rest: Words) -> bool:
    """«Wie bepaald in Nederland …»: written with -d, «bepaalt» sounds the same."""
    word, *behind = rest
    prefixed = len(word) > 5 and word.startswith(("be", "ver", "ont", "her"))
    return prefixed and word.endswith("d") and bool(behind) and not nl.is_verb(behind[0])


def _is_subordinate_how(rest: Words) -> bool:
    """«hoe dat afloopt», «hoe mooi zo'n blad is»: the subject stands before the verb."""
    if rest[0] in nl.DETERMINERS:
        return True
    determined = len(rest) > 2 and (rest[1] in nl.DETERMINERS or rest[1] == "zo'n")
    return determined and not nl.is_verb(rest[0])


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
    if tuple(core[:3]) == ("weet", "je", "ik"):
        return 0.2, form, "fixed_phrase"
    if second in nl.YOU and first in nl.KNOWING:
        embedded = bool(nl.QUESTION_WORDS & set(core[2:]))
        return 0.88, QuestionForm.INDIRECT if embedded else form, "verb_first"
    if second == "je" and first in nl.STEMS - nl.REFLEXIVE_ORDERS:
        # «Zet je dat in je agenda» asks, «zet je tas neer» tells.
        return (0.85, form, "verb_first") if core[2:3] and core[2] in nl.BEHIND_SUBJECT else None
    if not nl.is_verb(first) or second in nl.NEVER_SUBJECTS:
        return None
    told = first in THIRD_PERSONS or first in ("gaat", "geeft")
    if second == "u" and told and nl.URGING & set(core[2:]):
        return 0.2, form, "request"  # «denkt u daar eens over na»
    if second == "ik" and first in nl.KNOWING | {"hoop", "snap", "bedoel"}:
        return 0.2, form, "fixed_phrase"  # «weet ik» leaves out its «dat»
    if tuple(core[:2]) == ("ziet", "er") and core[-1] == "uit":
        return None  # «ziet er netjes uit»
    if second == "er" and first in nl.INVERTED | {"zit", "zitten"}:
        return 0.95, form, "inverted"  # «zit er suiker in»
    subject = second in nl.SUBJECTS
    if first in nl.IMPERATIVES_TASK or first in nl.IMPERATIVES_ELICIT:
        return None
    if first == "zijn" and not subject:
        return None
    if first in nl.INVERTED and second != "u":  # «gaat u zitten» is an order
        if subject:
            return 0.95, form, "inverted"
        if len(core) >= _LONGER_THAN_A_REMARK and second not in nl.NO_SUBJECTS:
            # «is belangrijk staat de koude» lost its beginning: a second verb, and no subject
            lost = bool(nl.FINITE_VERBS & set(core[2:]))
            return (0.6, form, "verb_first") if lost else (0.9, form, "inverted")
    if subject:
        return 0.88, form, "verb_first"
    if second in nl.BEFORE_SUBJECT and core[2:3] and core[2] in nl.SUBJECTS:
        return 0.8, form, "verb_first"  # «zit daar je grootvader tussen»
    if second in nl.NO_SUBJECTS:
        return None  # «gaat goed zo» leaves out its subject
    known = first in nl.FINITE_VERBS and (first.endswith("t") or first in nl.SINGULAR_VERBS)
    return (0.68, form, "verb_first") if known else None


def _indirect(core: Words) -> Verdict | None:
    text = " ".join(core)
    wonders = "vraag me af" in text or "ben benieuwd" in text or "wil weten" in text
    if wonders and (nl.QUESTION_WORDS | {"of"}) & set(core):
        return 0.75, QuestionForm.INDIRECT, "indirect"
    if text.startswith(("wie weet", "wie kan", "wie wil", "weet iemand")):
        return 0.85, QuestionForm.INDIRECT, "indirect"
    return None


def _later_clause(core: Words) -> Verdict | None:
    """A second clause that asks: «dus veel vraag en weinig aanbod, wat doet de prijs dan»."""
    if len(core) > 3 and core[-1] in nl.QUESTION_WORDS and core[-2] == "maar":
        return 0.75, _form_of(core[-1]), "later_clause"  # «dat klopt, maar waarom»
    for place, word in enumerate(core[-4:-1], max(0, len(core) - 4)):
        behind = core[place + 1 :]
        asks = word in nl.QUESTION_WORDS and place and "dan" in behind and len(behind) < 4
        if asks and not nl.is_verb(core[-1]):
            return 0.75, _form_of(word), "later_clause"  # «wie dan wel», «waarom wij dan niet»
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


_COMPLETED = (
    *(("noem", "je"), ("noemen", "we"), ("heet", "een"), ("heet", "dus")),
    *(("komt", "er"), ("gelijk", "aan")),
)


def _completion(core: Words) -> Verdict | None:
    """«Dat noemen we een …»: the pupil is to say the last word."""
    if len(core) < 3:
        return None
    ends = tuple(core[-3:])
    if ends[-3:-1] == ("noemen", "we") and ends[-1] in ("een", "het", "de", "dus"):
        return 0.62, QuestionForm.COMPLETION, "completion"
    named = core[-3:-2] in (["noem"], ["noemen"], ["heet"], ["komt"])
    if named and core[-2] in ("je", "we", "jullie") and core[-1] in ("een", "het", "de", "dus"):
        return 0.62, QuestionForm.COMPLETION, "completion"
    if tuple(core[-2:]) in _COMPLETED:
        return 0.62, QuestionForm.COMPLETION, "completion"
    if core[-1] == "is" and len(core) <= 7 and set(core) & nl.SUMS:
        return 0.7, QuestionForm.COMPLETION, "completion"  # «zes maal negen is»
    if core[-1] in ("is", "heet", "heten", "wát") and len(core) <= 7 and not nl.JOINING & set(core):
        return 0.55, QuestionForm.COMPLETION, "completion"
    return None


def _in_situ(core: Words) -> Verdict | None:
    """«Een driehoek heeft hoeveel hoeken»: the question word stays where the answer will be."""
    for place in range(2, len(core)):
        if core[place] not in ("hoeveel", "welk", "welke") or len(core) - place > 4:
            continue
        told = (nl.EMBEDDING | nl.QUOTING) & set(core[:place])
        if core[place - 1] in nl.INVERTED and not told:
            return 0.8, QuestionForm.CHECK, "in_situ"
    return None


def _after_condition(core: Words) -> Verdict | None:
    """«Als het regent, zijn de straten dan nat»: a statement has «dan» before its verb."""
    if core[0] not in ("als", "wanneer") or "dan" not in core[4:]:
        return None
    place = core.index("dan", 4)
    for before, verb, subject in zip(core[2:], core[3:], core[4:place], strict=False):
        asks = verb in nl.INVERTED and subject in nl.SUBJECTS and before in nl.FINITE_VERBS
        if asks and not nl.FINITE_VERBS & set(core[place + 1 : place + 2]):
            return 0.65, QuestionForm.YESNO, "after_condition"
    return None


def _who_else(core: Words) -> Verdict | None:
    """«Nog iemand», «andere ideeën», «iemand een voorbeeld»: asks on without a verb."""
    if len(core) > 9 or any(word in nl.FINITE_VERBS for word in core):
        return None
    if core[:2] == ["nog", "een"]:
        more = bool(nl.ASKED_FOR & set(core[2:3]))  # «nog een manier», not «nog een keer»
    else:
        begins = core[0] in ("nog", "iemand", "andere", "ander", "wie")
        more = core == ["wie", "nog"] or (begins and bool(nl.ASKED_FOR & set(core[1:])))
    return (0.7, QuestionForm.FOLLOWUP, "who_else") if more else None


def _declarative(core: Words) -> Verdict | None:
    if (
        (core[0] in ("jij", "jullie") or tuple(core[:2]) == ("je", "bedoelt"))
        and len(core) > 2
        and core[1] in ("denkt", "zegt", "bedoelt", "vindt", "denken")
    ):
        return 0.6, QuestionForm.DECLARATIVE, "declarative"
    return None


def _choice_alone(core: Words) -> Verdict | None:
    """«Een hard of een zacht gekookt ei», «links of rechts»: a choice, and no verb."""
    if len(core) == 3 and core[1] == "of" and not {"niet", "meer"} & set(core):
        return 0.7, QuestionForm.CHOICE, "choice_alone"
    offers = core[0] in nl.DETERMINERS and "of" in core[1:-1] and len(core) <= 7
    if not offers or any(nl.is_verb(word) for word in core):
        return None
    return 0.6, QuestionForm.CHOICE, "choice_alone"


_RULES = (
    lookalikes.exclamation,
    lookalikes.proportion,
    lookalikes.rhetorical,
    lookalikes.free_relative,
    _tag,
    lookalikes.everybody,
    lookalikes.request,
    lookalikes.conditional,
    _elicit,
    _indirect,
    _question_word_first,
    _verb_first,
    _completion,
    quoted(nl),
    _in_situ,
    _later_clause,
    _after_condition,
    _who_else,
    _declarative,
    _choice_alone,
)
