"""English word classes for the question rules."""

# ruff: noqa: SIM905 - a word list reads best as a sentence

from __future__ import annotations

QUESTION_WORDS = frozenset("who what where why when how which whose whom".split())
AUXILIARIES = frozenset(
    "is are was were am do does did has have had can could will would shall should may might must "
    "isn't aren't wasn't don't doesn't didn't hasn't haven't can't couldn't won't wouldn't".split()
)
FINITE_VERBS = AUXILIARIES | frozenset(
    "means gives makes takes goes comes looks works says shows called happened started became went "
    "came made took gave said found got get go come make take see know think need want call".split()
)
PREPOSITIONS = frozenset("in at on by from with for to of about under during after before".split())
SUBJECT_PRONOUNS = frozenset("i you he she we they it".split())
SUBJECTS = SUBJECT_PRONOUNS | frozenset(
    "the a an this that these those there everyone everybody anyone anybody someone somebody "
    "your my his her our their its all both each every any some".split()
)
OPENERS = frozenset(
    "and but so now well okay ok right good yes no then just right great listen class everyone "
    "or also actually um uh er the".split()
)
FILLERS = frozenset("uh um er hm hmm mm eh".split())
IMPERATIVES_ELICIT = frozenset("name tell give explain describe compare predict".split())
REQUEST_VERBS = frozenset("can could will would may".split())
TELLING = frozenset(
    "tell explain describe say give name show think compare predict suggest".split()
)
EMBEDDING = frozenset(
    "know see wonder wondered ask asked tell remember understand matter explain".split()
)
QUOTING = frozenset("said asked shouted wrote thought says asks".split())
UNDERSTANDING = frozenset(
    "understand understands clear follow following questions sense see hear read happy ready stuck".split()
)
EVERYBODY = frozenset("everyone everybody anyone anybody you all".split())
TAGS = frozenset("right".split())
UNFINISHED = frozenset(
    "the a an and or but because that which who of to in on at for with by from as if when where "
    "is are was were very so than into about your my his her our their its".split()
)
OPEN_CUES = frozenset(
    "why explain describe difference think feel opinion happen happens would could might compare "
    "predict advantage disadvantage reason reasons notice suggest mean cause effect prove".split()
)
CHECK_STARTERS = frozenset("who when where which whose".split())
THINK_PROMPTS = (
    ("think",),
    ("take", "your", "time"),
    ("have", "a", "think"),
    ("write", "it", "down"),
    ("hands", "down"),
    ("no", "hands"),
    ("talk", "to", "your"),
)
FEEDBACK_OPENERS = frozenset(
    "good yes no exactly right nearly nice interesting great correct well excellent lovely perfect "
    "thank thanks brilliant almost".split()
)
THANKS = frozenset("thanks thank good nice great well exactly".split())
YOU = frozenset("you".split())
KNOWING = frozenset("do does can could know think see".split())
IMPERATIVES_TASK = frozenset(
    "put take open close write read look listen stop sit turn get leave keep please stay".split()
)
#: words that may stand beside a lone name
ALONE = OPENERS | FILLERS | THANKS | frozenset("you very much again one more".split())
#: a name behind one of these belongs to the sentence
ATTACHING = frozenset("is was called and said or than 's".split())
TURN_PHRASES = ("go on", "your turn", "go ahead", "over to you", "yes please")
