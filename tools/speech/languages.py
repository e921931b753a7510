"""What differs between the languages: voices, sounds, word lists, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent

# Voice variants of espeak-ng that no model may be trained on, in any language or accent. The test
# lessons and the demo lesson speak with them: they show how a voice is heard that was never met.
HELD_OUT_VARIANTS = (
    *("m1", "m2", "m3", "m4", "m5", "m6", "m7"),
    *("f1", "f2", "f3", "f4", "f5"),
    "klatt2",
)

TRAINING_VARIANTS = tuple(
    """
    m8 klatt klatt3 klatt4 klatt5 klatt6 Alex Alicia Andrea Andy Annie AnxiousAndy Denis
    Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Michael Mike Nguyen RicishayMax Storm
    adam anika announcer antonio aunty belinda benjamin boris caleb david ed edward edward2
    grandma grandpa gustave iven iven2 iven3 john kaukovalta linda marcelo max michel miguel
    norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 travis victor
    zac
    """.split()  # noqa: SIM905 - seventy quoted names are harder to read
)


@dataclass(frozen=True)
class Language:
    """Everything that the build must know about one language."""

    code: str
    base_voices: tuple[str, ...]
    reader: str
    held_out_speaker: str
    lessons: tuple[str, ...]
    reader_voices: tuple[str, ...]
    """Accents of espeak-ng whose sounds the reader and the other voices may be given."""
    reader_copies: int
    """In so many rooms, and by so many altered speakers, each clip is heard."""
    reader_formants: tuple[float, float]
    """Least and greatest factor on the reader's formants; the pitch goes along (speakers.py)."""
    utterances: int
    """What espeak-ng says; fewer where other voices speak as well."""
    refine_passes: tuple[int, ...]
    """Epochs of each pass; the more kinds of voices there are, the longer they take to learn."""
    training_variants: tuple[str, ...] = (*TRAINING_VARIANTS, *("",) * 4)
    held_out_variants: tuple[str, ...] = HELD_OUT_VARIANTS
    silence_prior: float = 0.1
    """Silence counts as so much less common than it is; lower makes more of a murmur silent."""
    reader_lessons: tuple[str, ...] = ()
    """Test lessons in which the reader speaks: other sentences, but a voice trained on."""
    other_voices: tuple[str, ...] = ()
    """Voices of other synthesisers (voices.py); one that stands here more often speaks more."""
    sound_map: dict[str, str] = field(default_factory=dict)
    dropped_sounds: frozenset[str] = frozenset({"(en)", "(nl)", "(en-us)", ";", "|", "||"})
    swallowed_endings: tuple[tuple[str, str], ...] = ()
    tail_words: dict[str, int] = field(default_factory=dict)
    """Words which espeak-ng glues to the word before ("of the"): how many sounds belong to them."""

    def phrases(self) -> list[str]:
        """Classroom phrases written for this project, one per line of phrases_<code>.txt."""
        return _lines(HERE / f"phrases_{self.code}.txt")

    def names(self) -> list[str]:
        """First names written down for this project, beside those of the data folder."""
        return [line.removesuffix(" *") for line in self._name_lines()]

    def only_names(self) -> list[str]:
        """Those of them that are no ordinary word."""
        return [line for line in self._name_lines() if not line.endswith(" *")]

    def rare_names(self) -> list[str]:
        """First names that the language model knows, but no voice is made to say."""
        file = HERE / f"rare_names_{self.code}.txt"
        return _lines(file) if file.exists() else []

    def _name_lines(self) -> list[str]:
        file = HERE / f"names_{self.code}.txt"
        return _lines(file) if file.exists() else []

    def subject_words(self) -> list[str]:
        """Words of school subjects, from subject_words_<code>.txt."""
        lines = _lines(HERE / f"subject_words_{self.code}.txt")
        return sorted({word for line in lines for word in line.split()})

    def subject_sentence(self, word: str) -> str:
        """A plain question about such a word."""
        return {"nl": "wat betekent {}", "en": "what is {}"}[self.code].format(word)

    def sound(self, mnemonic: str) -> str:
        """The unit of the model for a sound of espeak-ng."""
        return self.sound_map.get(mnemonic, mnemonic)


def _lines(file: Path) -> list[str]:
    """The lines of a list, without comments and empty ones."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


# Sounds that occur only in foreign names and words, or too rarely to learn.
DUTCH_SOUNDS = {
    "*": "r",
    "w": "v#",
    "n^": "n",
    "a": "A",
    "tS": "S",
    "g": "x",
    "aI": "A",
    "dZ": "Z",
    "e": "E",
    "0": "O",
    "e@": "E",
    "A~": "A",
    "eI": "e:",
    "@-": "@",
    "OI": "O",
    "o": "O",
    "A@": "A",
    "D": "d",
    "V": "@",
    "i:": "i",
    "eU": "e:",
    "yU": "y",
    "U": "u",
    "!": "n",
}

DUTCH = Language(
    code="nl",
    base_voices=("nl",),
    reader="nathalie",
    held_out_speaker="flemishguy",
    lessons=("p01", "p02", "p03", "p04", "p05", "p06"),
    reader_voices=("nl",),
    reader_copies=16,
    reader_formants=(0.8, 1.15),
    utterances=16_000,
    refine_passes=(15, 5),
    sound_map=DUTCH_SOUNDS,
    swallowed_endings=(("@", "n"),),
)

# espeak-ng names a sound after the accent that it was made for; these are one sound, or two that
# never tell words apart. Fewer units mean that the accents share their pronunciations.
ENGLISH_SOUNDS = {
    "@2": "@",
    "@5": "@",
    "@-": "@",
    "a#": "@",
    "I2": "I",
    "I#": "I",
    "IR": "3:",
    "VR": "3:",
    "i": "i:",
    "i@3": "i@",
    "aI2": "aI",
    "aI3": "aI@",
    "O2": "0",
    "o@": "O@",
    "r-": "r",
    "n-": "n",
    "t2": "t",
    "w#": "w",
    "?": "t",
    "x": "k",
    "A~": "0",
}

ENGLISH = Language(
    code="en",
    # "gmw/en" is the common British voice, which has no name of its own to call it by. A voice
    # that stands here more often is drawn more often.
    base_voices=(
        *("en-us",) * 3,
        *("gmw/en",) * 3,
        *("en-gb-x-rp",) * 2,
        "en-gb-scotland",
    ),
    reader="kathleen",
    held_out_speaker="",
    lessons=("p07", "p08", "p09"),
    reader_voices=("en-us",),
    reader_copies=14,
    reader_formants=(0.85, 1.12),
    utterances=7_000,
    refine_passes=(10, 9, 6),
    reader_lessons=("p12",),
    other_voices=(
        *("rms", "rms", "kal16", "ked", "kal"),
        *("bdl", "bdl", "clb", "clb", "clb"),
        *("pico-us", "pico-us", "pico-gb", "pico-gb"),
    ),
    sound_map=ENGLISH_SOUNDS,
    tail_words={"the": 2, "not": 3, "a": 1, "an": 2},
)

LANGUAGES = {language.code: language for language in (DUTCH, ENGLISH)}
