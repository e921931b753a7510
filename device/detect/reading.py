"""What one stretch of the teacher's speech says: a question, a call, a prompt or something else.

Reading is a pure function of the words, the silences between them and the final pitch. The
question's own end leaves out a name called after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from device.audio.frames import SAMPLE_RATE
from device.detect.completeness import Completeness, completeness, lacks_verb
from device.detect.lexicon import dutch, english
from device.detect.names import NameReader, NameReading, NameSplit
from device.detect.questions.heard_alike import spelt_as_meant
from device.detect.questions.rules import without_openers
from device.detect.questions.scoring import (
    CUE_THRESHOLD,
    VERB_IN_FRONT,
    QuestionScore,
    QuestionScorer,
    question_scorer,
    unheard,
)
from device.detect.questions.weighing import clarity, cue_probability, weighed
from device.detect.words import Word
from device.roster import Roster
from lesson.events import NamePosition, NameRole, QuestionForm

LONGEST_PROMPT_S = 2.0
#: how long after its end a question that may go on is given before the light comes
PATIENCE_S = 1.4
#: a sentence left open for the pupils: they answer soon, if the teacher does not end it himself
COMPLETION_PATIENCE_S = 0.55
#: so many words without a verb may be an answer
LONGEST_ANSWER = 2
#: a shared beginning of this length makes two words one («schrijf», «schrijft»)
SHARED_LETTERS = 5
#: a light for words less clear than this is wrong in one case of three or more
CLEAR_CUE = 0.8
#: of words less clear than this the voice says whether they are all
SURE_WHOLE = 0.95
#: less clearly heard words do not tell an answer from other talk
CLEAR_ANSWER = 0.75
#: praise has no more words than this
LONGEST_PRAISE = 4
#: a call of a name is no longer than this, and a name that the model lacks is never heard surely
LONGEST_CALL_S = 0.75
SURE_WORD = 0.9
#: shorter than this, an article alone or a word that nobody is sure of is an «eh»
LONGEST_MURMUR_S = 0.5
MURMUR_CONFIDENCE = 0.36
#: … and for one vowel held on, a word must be surer than this
STEADY_CONFIDENCE = 0.8
#: a first word of lower confidence may be left out
UNSURE = 0.85


@dataclass(frozen=True, slots=True)
class Chunk:
    """Teacher's speech without a silence of 0.3 s in it.

    Attributes:
        first_sample, end_sample: acoustic edges.
        clause_starts: samples at which a span inside it begins, the first one included.
        rise_semitones: final pitch movement, ``None`` when unknown.
        snr_db: its level above the background.
        words: ``None`` when no recogniser heard it.
        trusted: False while the room is too noisy for any figure.
        voice_logit: log odds that the voice asks, from its melody alone; ``None`` when unknown.
        steady: it is one vowel held on, as in «eh»; a short word can sound so too.
        level_end: its pitch neither falls nor rises at the end, as if it went on.
    """

    number: int
    first_sample: int
    end_sample: int
    clause_starts: tuple[int, ...]
    rise_semitones: float | None
    snr_db: float
    words: tuple[Word, ...] | None
    trusted: bool = True
    steady: bool = False
    voice_logit: float | None = None
    level_end: bool = False

    @property
    def length_s(self) -> float:
        return (self.end_sample - self.first_sample) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Reading:
    """How a chunk is understood.

    Attributes:
        score: of the clause without its vocatives.
        question_first_sample, question_end_sample: edges of that clause.
        names: with roles; those of role ``CALL`` give the turn.
        core: the clause's words.
        filler: nothing lexical was said («eh», a cough).
        prompt: asks to think or puts hands down, at most 2 s.
        turn_phrase: gives the turn in other words than a name.
        feedback: opens as an answer is received («goed zo»).
        cue_probability: that it is a question, for the light: clearly heard words count more.
        completeness: how sure it is that the clause is over.
        clear: how surely its words were heard, 0 to 1: of a question said in two parts, the worse.
    """

    score: QuestionScore
    question_first_sample: int
    question_end_sample: int
    names: tuple[NameReading, ...] = ()
    core: tuple[str, ...] = ()
    filler: bool = False
    prompt: bool = False
    turn_phrase: bool = False
    feedback: bool = False
    cue_probability: float = 0.0
    completeness: Completeness = Completeness.WHOLE
    clear: float = 1.0

    @property
    def patience_s(self) -> float | None:
        """Seconds from its end until the light may come; ``None``: no light for this one."""
        sure = self.score.starts_light and self.cue_probability >= CUE_THRESHOLD
        if not sure or self.clear < CLEAR_CUE:
            return None
        if self.score.form is QuestionForm.COMPLETION:
            return COMPLETION_PATIENCE_S
        return 0.0 if self.completeness is Completeness.WHOLE else PATIENCE_S

    @property
    def receives_answer(self) -> bool:
        """Nothing but how an answer is received: somebody has given one."""
        return self.feedback and len(self.core) <= LONGEST_PRAISE and not self.score.is_question

    @property
    def calls(self) -> tuple[NameReading, ...]:
        return tuple(name for name in self.names if name.role is NameRole.CALL)

    @property
    def call_alone(self) -> bool:
        """Nothing but giving the turn: no question, whatever its word order."""
        return self.turn_phrase or any(name.position is NamePosition.ALONE for name in self.calls)


class Reader:
    """Reads chunks for one language and class list; ``scorer`` may be any question scorer."""

    def __init__(self, roster: Roster, language: str, scorer: QuestionScorer | None = None) -> None:
        self._names = NameReader(roster, language)
        self._scorer = scorer or question_scorer(language)
        self._lexicon: ModuleType = english if language == "en" else dutch
        self._language = language
        self._verbs: frozenset[str] = self._lexicon.FINITE_VERBS

    def read(self, chunk: Chunk, before: Sequence[Word] = ()) -> Reading:
        """Understand a chunk; ``before`` are words of the same clause said earlier."""
        if chunk.words is None:
            score = unheard(chunk.rise_semitones)
            return Reading(score, chunk.first_sample, chunk.end_sample)
        words = spelt_as_meant(self._said(chunk.words), self._language)
        if not words or self._is_murmur(chunk, words):
            empty = QuestionScore(0.0, reasons=("no_words",))
            return Reading(empty, chunk.first_sample, chunk.end_sample, filler=True)
        split = self._names.split(words)
        score, first, clause = self._best_clause(chunk, split, before)
        texts = tuple(word.text for word in split.core)
        said = without_openers([word.text for word in clause], self._lexicon.OPENERS)
        clear = clarity(clause[len(clause) - len(said) :])
        return Reading(
            score=weighed(score, clear, chunk.voice_logit),
            question_first_sample=first,
            question_end_sample=_question_end(chunk, split),
            names=split.names,
            core=texts,
            prompt=self._is_prompt(texts, chunk),
            turn_phrase=split.turn_phrase,
            feedback=bool(texts) and texts[0] in self._lexicon.FEEDBACK_OPENERS,
            clear=min(clarity(part, whole=True) for part in (words, before) if part),
            cue_probability=cue_probability(score, clear, chunk.voice_logit),
            completeness=self._completeness(score, said, clause, chunk.level_end),
        )

    def _said(self, words: Sequence[Word]) -> list[Word]:
        """Without fillers; «hè» is one, but behind a sentence it asks."""
        said = [word for word in words if word.text not in self._lexicon.FILLERS]
        tagged = bool(said) and words[-1] not in said and words[-1].text in self._lexicon.TAGS
        return [*said, words[-1]] if tagged else said

    def goes_on(self, reading: Reading, at_once: bool = False) -> bool:
        """Whether the words can go on a sentence that was already whole.

        A lone word or a number after a whole question is the teacher's own answer, but not when it
        was said clearly and ``at_once``: «mannelijk … of vrouwelijk».
        """
        if not self.is_continuation(reading):
            return False
        if at_once and reading.clear >= CLEAR_ANSWER:
            return True
        return len(reading.core) > LONGEST_ANSWER or reading.core[0] in self._lexicon.GOING_ON

    def may_be_unknown_call(self, chunk: Chunk, reading: Reading) -> bool:
        """Whether a short word of which the recogniser is not sure may be a name it lacks."""
        if not chunk.words or chunk.length_s > LONGEST_CALL_S or len(reading.core) > 2:
            return False
        if reading.names or reading.feedback or reading.prompt or not reading.core:
            return False
        return max(word.confidence for word in chunk.words) < SURE_WORD

    def is_subordinate(self, reading: Reading) -> bool:
        """Whether the words are a clause that cannot stand alone («… dat je gaat zweten»).

        A reason («omdat …») can: it is what the question asked for.
        """
        core = reading.core
        if len(core) < 2 or core[0] in self._lexicon.REASONS:
            return False
        return core[0] in self._lexicon.SUBORDINATORS and core[1] not in self._verbs

    def opens_clause(self, reading: Reading) -> bool:
        """Whether words that ask nothing begin as a clause that goes on: «wie …», «klopt …»."""
        core = reading.core
        openers = self._lexicon.QUESTION_WORDS | self._lexicon.SUBORDINATORS
        if len(core) == 1 and core[0] in self._verbs:
            return True
        if not core or core[0] not in openers:
            return False
        # «Als het regent dan …», «wat Sanne zei klopt precies»: its main clause was said too.
        verbs = [place for place, word in enumerate(core) if word in self._verbs]
        said_out = len(verbs) > 1 and verbs[-1] < len(core) - 1
        return not said_out and not {"dan", "then"} & set(core[2:])

    def is_continuation(self, reading: Reading) -> bool:
        """Whether the words are a piece of a sentence: no finite verb where one would stand.

        A verb at the very end is no finite verb of a main clause («… in de uitverkoop doen»).
        """
        if not reading.core or reading.feedback or reading.score.is_question:
            return False
        if any(name.position is not NamePosition.LAST for name in reading.names):
            return False
        core = reading.core
        if core[0] in self._lexicon.SUBJECT_PRONOUNS or core[0] in self._lexicon.REASONS:
            return False
        if len(core) > 2 and core[0] in self._lexicon.IMPERATIVES_TASK | {"denk", "think"}:
            return False
        if self.is_subordinate(reading):
            return True
        if core[2:3] and core[2] in self._lexicon.SUBJECT_PRONOUNS:
            return False  # «vandaag lees ik verder»: whatever the second word is, it is a verb
        behind_first = core[1 : max(2, len(core) - 1)]
        past = any(len(word) > 5 and word.endswith(self._lexicon.PAST) for word in behind_first[:3])
        return not past and not self._verbs & set(behind_first)

    def _completeness(
        self,
        score: QuestionScore,
        said: Sequence[str],
        clause: Sequence[Word],
        level_end: bool,
    ) -> Completeness:
        if not clause or score.form is QuestionForm.COMPLETION:
            # What is left open is the question, or its last word still comes.
            return Completeness.BROKEN_OFF if clause else Completeness.DOUBTFUL
        whole = completeness(said, self._language, clause[-1].confidence)
        unsure = level_end and clarity(clause, whole=True) < SURE_WHOLE
        return min(whole, Completeness.DOUBTFUL) if unsure else whole

    def brings_verb(self, asked: Sequence[Word], reading: Reading) -> bool:
        """Whether «… have to be the same» is what «why do the two angles …» still lacked."""
        if self._language != "en":
            return False
        core = [word.text for word in asked]
        return lacks_verb(core) and not lacks_verb([*core, *reading.core])

    def stands_alone(self, reading: Reading) -> bool:
        """Whether the words are a main clause, and so no rest of one that was broken off."""
        if reading.score.is_question or len(reading.core) <= LONGEST_ANSWER:
            return False
        return not self.is_continuation(reading)

    def answers(self, asked: Sequence[Word], reading: Reading) -> bool:
        """Whether a statement after a question is the teacher's own answer to it.

        An answer shares a word with the question, points back to it («dat», «hij», «omdat»), or is
        the bare fact. Words that were not heard clearly tell nothing.
        """
        core = reading.core
        if reading.names or reading.feedback or not core or reading.clear < CLEAR_ANSWER:
            return False
        if core[0] in self._lexicon.IMPERATIVES_TASK or self._lexicon.PLANNING & set(core[:4]):
            return False
        known = {word.text[:SHARED_LETTERS] for word in asked if len(word.text) >= SHARED_LETTERS}
        if known & {word[:SHARED_LETTERS] for word in core if len(word) >= SHARED_LETTERS}:
            return True
        return len(core) <= LONGEST_ANSWER or core[0] in self._lexicon.POINTING_BACK

    def _best_clause(
        self, chunk: Chunk, split: NameSplit, before: Sequence[Word]
    ) -> tuple[QuestionScore, int, Sequence[Word]]:
        """The whole clause, or a later part of it that alone is a question; where it begins."""
        core = [*before, *split.core]
        first = before[0].first_sample if before else chunk.first_sample
        score = self._scorer.score([word.text for word in core])
        if not score.is_question and len(core) > 2 and core[0].confidence < UNSURE:
            # The first word is the one a recogniser makes up or mishears most.
            without = self._scorer.score([word.text for word in core[1:]])
            if without.probability >= 0.8 and not VERB_IN_FRONT & set(without.reasons):
                score = replace(without, probability=0.9 * without.probability)
        if score.is_question or before:
            return score, first, core
        for start in chunk.clause_starts[1:]:
            part = [word for word in split.core if word.first_sample >= start - 1600]
            if 0 < len(part) < len(split.core):
                candidate = self._scorer.score([word.text for word in part])
                # A verb in front of a later part is the word order of a statement.
                asks = not VERB_IN_FRONT & set(candidate.reasons)
                if asks and candidate.probability >= 0.8:
                    return candidate, start, part
        return score, first, core

    def _is_murmur(self, chunk: Chunk, words: Sequence[Word]) -> bool:
        """An «eh» for which the recogniser had to find some word; a name is never one."""
        if chunk.length_s >= LONGEST_MURMUR_S or self._names.finds(words):
            return False
        if {word.text for word in words} <= self._lexicon.EMPTY:
            return True
        limit = STEADY_CONFIDENCE if chunk.steady else MURMUR_CONFIDENCE
        return all(word.confidence < limit for word in words)

    def _is_prompt(self, texts: Sequence[str], chunk: Chunk) -> bool:
        if chunk.length_s > LONGEST_PROMPT_S:
            return False
        start = 0
        while start < len(texts) and texts[start] in self._lexicon.OPENERS:
            start += 1
        rest = tuple(texts[start:])
        return any(rest[: len(prompt)] == prompt for prompt in self._lexicon.THINK_PROMPTS)


def _question_end(chunk: Chunk, split: NameSplit) -> int:
    """Acoustic end of the clause: of the chunk, or of the word before a name called after it."""
    last_name = split.names[-1] if split.names else None
    if last_name is None or last_name.position is not NamePosition.LAST or not split.core:
        return chunk.end_sample
    return min(split.core[-1].end_sample, last_name.found.word.first_sample)
