"""Can each name on the class list be heard, and as which words?

A name in the recogniser's vocabulary is heard as it is written. Another name is heard as words that
sound like it, found by the sounds or by reading the list aloud; never as one common word, which
would give the turn whenever it is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from device.names.distance import distance
from device.names.homophones import Homophones
from device.names.lookalikes import SoundAlikes
from device.names.sounds import Sounds, best_sounds
from device.names.vocabulary import forms_of
from device.roster import Pupil, Roster, called, plain

#: how far words may be from a name: so much for each of its sounds, and so much in all
COST_PER_SOUND = 0.12
COST_MORE = 0.1
MOST_ALIASES = 3
#: two pupils' names nearer than this, for each sound, are easily taken for one another
PAIR_COST_PER_SOUND = 0.3
MOST_CONFUSIONS = 2


class Hearing(StrEnum):
    """How a name is heard."""

    WRITTEN = "written"
    READ_ALOUD = "read_aloud"
    BY_SOUND = "by_sound"
    NOT = "not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NameVerdict:
    """What is known about one pupil's name. Only for the teacher's own terminal.

    Attributes:
        pupil: alias on the class list.
        name: as on the class list.
        counted: False for a pupil who objects.
        hearing: the best way in which one of the pupil's names is heard.
        forms: words of the vocabulary that are the name itself, in whatever spelling.
        aliases: words of the vocabulary that stand for it.
        mixed_up: frequent words and other names that sound much like it.
        also_word: the name is an ordinary word too; it counts where it stands apart.
        shared: two pupils are called so, and nobody can tell which one is meant.
        outdated: it was read aloud to another speech model, whose words are not used.
    """

    pupil: str
    name: str = field(repr=False)
    counted: bool
    hearing: Hearing
    forms: tuple[str, ...] = field(default=(), repr=False)
    aliases: tuple[str, ...] = field(default=(), repr=False)
    mixed_up: tuple[str, ...] = field(default=(), repr=False)
    also_word: bool = False
    shared: bool = False
    outdated: bool = False

    @property
    def heard(self) -> bool:
        """Whether it is certain: words that only sound like it are a chance, no more."""
        return self.hearing in (Hearing.WRITTEN, Hearing.READ_ALOUD)

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that is taken for the name."""
        return tuple(dict.fromkeys((*self.forms, *self.aliases)))


class NameCheck:
    """The same questions for every pupil of one list; see ``check`` for what it is made of."""

    def __init__(
        self,
        roster: Roster,
        vocabulary: frozenset[str],
        language: str,
        sounds: Sounds,
        read_aloud: Mapping[str, tuple[str, ...]] | None = None,
        outdated: frozenset[str] = frozenset(),
    ) -> None:
        self._roster = roster
        self._vocabulary = vocabulary
        self._language = language
        self._sounds = sounds
        self._read_aloud = read_aloud or {}
        self._outdated = outdated
        pupils = list(roster)
        said = sounds.of([called(pupil.names[0]).casefold() for pupil in pupils])
        self._said = dict(zip((pupil.alias for pupil in pupils), said, strict=True))

    @cached_property
    def _alikes(self) -> SoundAlikes:
        return SoundAlikes(self._language, self._sounds, self._vocabulary.__contains__)

    @cached_property
    def _homophones(self) -> Homophones:
        return Homophones(self._vocabulary - self._alikes.ordinary, self._sounds)

    def verdict(self, pupil: Pupil) -> NameVerdict:
        forms = (
            *(form for name in pupil.names for form in forms_of(name, self._vocabulary)),
            *self._other_spellings(pupil),
        )
        hearing = Hearing.WRITTEN if forms else Hearing.NOT
        aliases = self._enrolled(pupil)
        if aliases and not forms:
            hearing = Hearing.READ_ALOUD
        elif not forms:
            aliases = self._by_sound(pupil)
            hearing = Hearing.BY_SOUND if aliases else Hearing.NOT
        return NameVerdict(
            pupil=pupil.alias,
            name=pupil.names[0],
            counted=pupil.counted,
            hearing=hearing,
            forms=forms,
            aliases=aliases,
            mixed_up=self._mixed_up(pupil),
            also_word=any(form in self._alikes.ordinary for form in forms),
            shared=self._roster.shared(called(pupil.names[0])),
            outdated=plain(pupil.names[0]) in self._outdated,
        )

    def usable(self, words: str, pupil: Pupil) -> bool:
        """Whether these words may stand for the name wherever they are said."""
        parts = words.split()
        if not parts or not all(part in self._vocabulary for part in parts):
            return False
        if self._roster.lists(words) and self._roster.pupil_of(words) != pupil.alias:
            return False
        if any(self._roster.lists(part) for part in parts):
            return len(parts) == 1
        return any(part not in self._alikes.common for part in parts)

    def _other_spellings(self, pupil: Pupil) -> tuple[str, ...]:
        """Never an ordinary word, nor the name of somebody else on the list."""
        found = self._homophones.of(called(pupil.names[0]))
        return tuple(word for word in found if not self._roster.lists(word))

    def _enrolled(self, pupil: Pupil) -> tuple[str, ...]:
        stored = self._read_aloud.get(plain(pupil.names[0]), ())
        return tuple(words for words in stored if self.usable(words, pupil))

    def _by_sound(self, pupil: Pupil) -> tuple[str, ...]:
        sounds = self._said[pupil.alias]
        budget = COST_PER_SOUND * len(sounds) + COST_MORE
        found = self._alikes.alike(sounds, budget, count=4 * MOST_ALIASES)
        # Nobody has heard these: a single word must be a name itself, «lezer» is no Liesel.
        fitting = [item.words for item in found if item.words not in self._alikes.ordinary]
        usable = [words for words in fitting if self.usable(words, pupil)]
        return tuple(usable[:MOST_ALIASES])

    def _mixed_up(self, pupil: Pupil) -> tuple[str, ...]:
        own = self._said[pupil.alias]
        name = plain(called(pupil.names[0]))
        pairs = []
        for other in self._roster:
            said = self._said[other.alias]
            apart = distance(own, said)
            near = apart <= PAIR_COST_PER_SOUND * max(len(own), len(said))
            if near and plain(called(other.names[0])) != name:
                pairs.append((apart, called(other.names[0])))
        words = [likeness.words for likeness in self._alikes.mixed_up(own)]
        others = [other for _, other in sorted(pairs)]
        return (*words[:MOST_CONFUSIONS], *others[:MOST_CONFUSIONS])


def check(
    roster: Roster,
    vocabulary: frozenset[str],
    language: str,
    read_aloud: Mapping[str, tuple[str, ...]] | None = None,
    sounds: Sounds | None = None,
    *,
    outdated: frozenset[str] = frozenset(),
) -> tuple[NameVerdict, ...]:
    """A verdict for every pupil, those who object included, in the order of the list.

    Args:
        roster: the class list.
        vocabulary: the words of the speech model.
        language: ``nl`` or ``en``.
        read_aloud: words that the recogniser made of a name, by plain name (``denkpauze enrol``).
        sounds: how words are pronounced; else espeak-ng where installed, or the spelling rules.
        outdated: plain names that were read aloud to another model.
    """
    said = sounds or best_sounds(language)
    rules = NameCheck(roster, vocabulary, language, said, read_aloud, outdated)
    return tuple(rules.verdict(pupil) for pupil in roster)


def unchecked(roster: Roster) -> tuple[NameVerdict, ...]:
    """Verdicts when the model does not say which words it knows."""
    return tuple(
        NameVerdict(pupil.alias, pupil.names[0], pupil.counted, Hearing.UNKNOWN) for pupil in roster
    )


def listening(roster: Roster, verdicts: Sequence[NameVerdict]) -> Roster:
    """The class list with the words under which its names are heard."""
    return roster.heard_as({verdict.pupil: verdict.words for verdict in verdicts})


def phrases(verdicts: Sequence[NameVerdict]) -> dict[str, str]:
    """Which words are whose name, for the recogniser of names: of two pupils it is the name's."""
    owners: dict[str, str] = {}
    for verdict in verdicts:
        for words in verdict.words:
            owners.setdefault(words, plain(called(verdict.name)))
    return owners
