"""What the question rules of all languages share: the frame around an ordered list of rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType

from device.detect.questions.scoring import QuestionScore
from lesson.events import Focus, QuestionForm

Words = Sequence[str]
#: probability, form and reason
Verdict = tuple[float, QuestionForm, str]
Rule = Callable[[Words], Verdict | None]

_NOT_A_QUESTION = 0.1
#: «dus …», «so …»: a conclusion that the voice may turn into a question
_CONCLUSION = 0.25


class RuleQuestions:
    """Tries rules in order on a clause without its openers; the first that speaks decides.

    Args:
        lexicon: the word classes of the language.
        rules: in the order in which they are asked.
        conclusion: the word that opens a conclusion.
    """

    def __init__(self, lexicon: ModuleType, rules: Sequence[Rule], conclusion: str) -> None:
        self._lexicon = lexicon
        self._rules = tuple(rules)
        self._conclusion = conclusion

    def score(self, words: Words) -> QuestionScore:
        """See ``QuestionScorer``."""
        clause = self.clause(words)
        core = without_openers(clause, self._lexicon.OPENERS)
        if not core:
            return QuestionScore(0.0, reasons=("no_content",))
        opener = clause[-len(core) - 1] if len(clause) > len(core) else ""
        finished = self.is_finished(core)
        for rule in self._rules:
            result = rule(core) if self.applies(rule, opener) else None
            if result is not None:
                probability, form, reason = result
                focus = self._focus(core, form)
                return QuestionScore(probability, form, focus, finished, reasons=(reason,))
        concludes = self._conclusion in (clause[0], core[0])
        return QuestionScore(
            _CONCLUSION if concludes else _NOT_A_QUESTION,
            QuestionForm.DECLARATIVE,
            None,
            finished,
            reasons=("statement_order",),
        )

    def clause(self, words: Words) -> list[str]:
        """The words that count: fillers left out, tags kept."""
        lexicon = self._lexicon
        return [word for word in words if word not in lexicon.FILLERS or word in lexicon.TAGS]

    def is_finished(self, core: Words) -> bool:
        """Not at an article, preposition or conjunction."""
        return core[-1] not in self._lexicon.UNFINISHED

    def applies(self, rule: Rule, opener: str) -> bool:
        """Whether a rule may be asked after this opener."""
        del rule, opener
        return True

    def _focus(self, core: Words, form: QuestionForm) -> Focus | None:
        lexicon = self._lexicon
        if form in (QuestionForm.META, QuestionForm.PROCEDURAL, QuestionForm.TAG):
            return Focus.CHECK
        if lexicon.OPEN_CUES & set(core):
            return Focus.OPEN
        if form in (QuestionForm.YESNO, QuestionForm.CHOICE, QuestionForm.COMPLETION):
            return Focus.CHECK
        if core[0] in lexicon.CHECK_STARTERS or (core[0] in lexicon.PREPOSITIONS and core[1:]):
            return Focus.CHECK
        if tuple(core[:2]) in lexicon.CHECK_PAIRS:
            return Focus.CHECK
        return Focus.OPEN if form is QuestionForm.OPEN else None


def without_openers(words: Words, openers: frozenset[str]) -> list[str]:
    """The clause from its first word of content on; the last word always stays."""
    start = 0
    while start < len(words) - 1 and words[start] in openers:
        start += 1
    return list(words[start:])


def quoted(lexicon: ModuleType) -> Rule:
    """The rule that somebody else's question is told: a verb of saying before its first word."""

    def rule(core: Words) -> Verdict | None:
        for index, word in enumerate(core[1:], 1):
            if word in lexicon.QUESTION_WORDS:
                if lexicon.QUOTING & set(core[max(0, index - 4) : index]):
                    return 0.15, QuestionForm.CHECK, "quoted"
                return None
        return None

    return rule
