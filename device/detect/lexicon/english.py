"""English word classes for the question rules."""

from __future__ import annotations

import re

from device.detect.lexicon import words

QUESTION_WORDS = words("who what where why when how which whose whom")
AUXILIARIES = words(
    """
    is are was were am do does did has have had can could will would shall should may might
    must isn't aren't wasn't don't doesn't didn't hasn't haven't can't couldn't won't
    wouldn't
    """
)
FINITE_VERBS = AUXILIARIES | words(
    """
    means gives makes takes goes comes looks works says shows called happened started became
    went came made took gave said found got get go come make take see know think need want
    call
    """
)
#: behind an auxiliary and its subject stands one of these, or the question is not over
BASE_VERBS = words(
    """
    act add agree allow answer appear apply ask be become begin behave believe belong bend bite
    blow boil borrow break breathe bring build burn burst buy calculate call carry catch cause
    change check choose classify clean climb close collapse collect come compare complete connect
    consist contain continue control convert cook cool copy cost count cover create cross cry cut
    damage decide decrease deliver depend describe design destroy develop die differ dig disagree
    disappear discover dissolve divide do draw drink drive drop dry earn eat end enjoy enter equal
    escape evaporate exist expand expect explain fail fall feed feel fight fill find finish fit
    fix float flow fly follow form freeze gain get give go grow happen harm have hear heat help
    hide hit hold hope hunt hurt identify imagine improve include increase invade invent involve
    join jump keep kill know land last lead learn leave let lie lift light like limit line live
    look lose make match matter mean measure meet melt mix move multiply name need notice occur
    open operate own pass pay plan plant play point pour predict prefer prepare press prevent
    produce protect prove pull push put race rain raise reach react read receive reduce reflect
    release remain remember remove repeat replace represent respond rest return rhyme ride rise
    roll round rule run save say see sell send separate set shake share shine show shrink shut
    sing sink sit sleep slide smell solve sort sound speak spend spin split spread stand start
    stay steal stick stop store study succeed suffer suggest support suppose surprise survive swim
    take talk taste teach tell tend thank think throw tie touch trade travel treat try turn
    understand use vary visit vote wait wake walk want warm warn wash watch wear weigh win wish
    wonder work write
    """
)


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return verb + "es"
    return re.sub("([^aeiou])y$", r"\1ie", verb) + "s"


THIRD_PERSONS = frozenset(map(_third_person, BASE_VERBS))
#: what stands before the apostrophe of a contraction that is two words, and what stands behind it
CONTRACTED = words(
    "what who where when why how that it there here i you he she we they this everything which"
)
CONTRACTIONS = {"s": "is", "re": "are", "ll": "will", "d": "would", "ve": "have", "m": "am"}
#: «how big is that» asks; «how clever is that» does not
MEASURES = words(
    "many much big small long short far tall high old wide deep heavy fast often large close near"
)
PREPOSITIONS = words("in at on by from with for to of about under during after before")
SUBJECT_PRONOUNS = words("i you he she we they it")
SUBJECTS = SUBJECT_PRONOUNS | words(
    """
    the a an this that these those there everyone everybody anyone anybody someone somebody
    your my his her our their its all both each every any some
    """
)
#: between one of these and its subject stands no second one
MODALS = words("will would shall should can could may might must")
OPENERS = words(
    """
    and but so now well okay ok right good yes no then just right great listen class
    everyone or also actually um uh er
    """
)
FILLERS = words("uh um er hm hmm mm eh")
IMPERATIVES_ELICIT = words("name tell give explain describe compare predict")
REQUEST_VERBS = words("can could will would may")
#: endings of a regular verb in the past
PAST = ("ed",)
TELLING = words(
    """
    tell explain describe say give name show think compare predict suggest
    """
)
#: before «what» at the end these make a phrase: «guess what», «you know what»
PHRASES_WITH_WHAT = words("guess know say see so now")
#: what stands between a question that is told like a statement and its question word
EQUALLING = words("is are was were equals equal makes")
EMBEDDING = words(
    """
    know see wonder wondered ask asked tell remember understand matter explain
    """
)
QUOTING = words("said asked shouted wrote thought says asks")
#: with «can you …»: asks for a deed, not for an answer
ERRANDS = words(
    """
    please sit stand close open door window stop quiet quietly pass hand turn move wait hold
    come bring fetch switch put away clean wipe hurry repeat
    """
)
UNDERSTANDING = words(
    """
    understand understands clear follow following questions sense see hear read happy ready
    stuck
    """
)
#: behind «do the …»: what a class is told to do
TASKS = words("next same first last rest exercise exercises sum sums homework other following")
#: auxiliaries that also ask behind a condition
ASKING_VERBS = words("will would can could does do did should might")
#: with «another», «any other», «anyone»: asks for more of them without a verb
ASKED_FOR = words(
    """
    else idea ideas way ways example examples method methods answer answers reason reasons
    suggestion suggestions volunteer volunteers thought thoughts other others guess guesses
    """
)
#: with «is everyone …»
READY = words("with me okay ready done finished fine following clear good")
EVERYBODY = words("everyone everybody anyone anybody you all")
#: words that say nothing when they stand alone: the recogniser's guess at an «uh»
EMPTY = words("a an the and of to in it er her are")
#: what goes on a finished question
GOING_ON = PREPOSITIONS | words("that which who if when while between into than exactly")
#: openers of a subordinate clause
REASONS = words("because")
SUBORDINATORS = words("that which who because if when while between with for from into")
TAGS = words("right")
#: before «right» these judge an answer
JUDGING = words("exactly quite all is are not almost just totally absolutely completely nearly")
UNFINISHED = words(
    """
    the a an and or but because that which who of to in on at for with by from as if when
    where is are was were very so than into about your my his her our their its
    """
)
OPEN_CUES = words(
    """
    why explain describe difference think feel opinion happen happens would could might
    compare predict advantage disadvantage reason reasons notice suggest mean cause effect
    prove
    """
)
CHECK_STARTERS = words("who when where which whose")
#: "how" that asks for one fact
CHECK_PAIRS = frozenset(("how", word) for word in ("many", "much", "long", "old", "far", "big"))
#: a statement that begins so points back to what was asked
POINTING_BACK = words("that this it they he she you yes no because so by from there those these")
#: the teacher says what comes next
PLANNING = words("today tomorrow going next we i will yesterday")
THINK_PROMPTS = (
    ("think",),
    ("take", "your", "time"),
    ("have", "a", "think"),
    ("write", "it", "down"),
    ("hands", "down"),
    ("no", "hands"),
    ("talk", "to", "your"),
)
FEEDBACK_OPENERS = words(
    """
    good yes no exactly right nearly nice interesting great correct well excellent lovely
    perfect thank thanks brilliant almost
    """
)
THANKS = words("thanks thank good nice great well exactly")
YOU = words("you")
KNOWING = words("do does can could know think see")
IMPERATIVES_TASK = words(
    """
    put take open close write read look listen stop sit turn get leave keep please stay raise ask
    """
)
#: words that may stand beside a lone name
ALONE = OPENERS | FILLERS | THANKS | words("you very much again one more")
#: behind a subject stands its verb: before one of these a name in front is called
AFTER_VOCATIVE = words("if when suppose so but okay the this that these those according")
#: a name behind one of these belongs to the sentence
ATTACHING = words("is was called and said or than 's")
TURN_PHRASES = ("go on", "your turn", "go ahead", "over to you", "yes please")
