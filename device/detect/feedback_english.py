"""English words of feedback; see ``feedback_talk``."""

from __future__ import annotations

from device.detect.lexicon import words

FILLERS = words("uh um er hm hmm mm eh oh ah")
#: judge an answer without saying what is right in it
WORD_POSITIVE = words(
    """
    good great exactly right correct perfect excellent lovely brilliant nice super wonderful
    awesome fantastic beautiful absolutely indeed yes interesting
    """
)
WORD_NEGATIVE = words("no not nope nearly almost unfortunately wrong incorrect")
#: of these, may also open a question
VERBS = frozenset[str]()
#: of the pupil, not of the work
SELF = words("genius star champion clever smart")
#: may stand beside a judgement
SMALL = words(
    """
    that's that is it very job work done well thank you thanks answer a an quite the so oh
    one really got were was all close there yet what i'm afraid
    """
)
#: turn the page, with what follows them
TURNING = words("right okay ok good so well now great yes")
NEXT = (
    "let's", "let us", "we will", "we'll", "we are going", "we're going", "next", "moving on",
    "then we", "now we", "where was", "where were", "books", "take out", "listen", "everybody",
    "back to", "on to",
)  # fmt: skip
PUPIL = words("you")
PUPILS = words("your")
#: what of the pupil's is looked at
WORK = words("answer explanation drawing sentence story working reasoning idea sum method")
#: what a pupil did or does in an answer
DID = words(
    """
    did had used explained named compared gave missed forgot started began made chose
    looked thought said drew worked wrote kept stayed checked remembered found read listened
    described jumped skipped left lost put showed added counted noticed tried solved multiplied
    divided forget miss explain gathered
    """
)
DID_BEFORE = frozenset[str]()
#: says that somebody looked at what the pupil did
SEEN = (
    "i see that you", "i like how you", "i like that you", "i noticed that you", "i like the way",
    "i noticed you", "well done for", "good that you", "nice that you", "great that you",
    "i love how you", "i saw that you",
)  # fmt: skip
MISSING = words(
    "missed miss missing forgot forget lost skipped without wrong left not didn't never jumped"
)
NOW = words("now this")
#: what follows holds under a condition, and nobody did it
IF = words("if when had should")
BECAUSE = words("because since")
