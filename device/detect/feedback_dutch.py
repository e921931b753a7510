"""Dutch words of feedback; see ``feedback_talk``."""

from __future__ import annotations

from device.detect.lexicon import words

FILLERS = words("eh uh euh hm hmm mm ehm uhm oh ah")
#: judge an answer without saying what is right in it
WORD_POSITIVE = words(
    """
    goed prima klopt precies juist mooi knap top super uitstekend keurig netjes inderdaad
    perfect geweldig fantastisch bravo zeker schitterend correct raak sterk slim interessant
    """
)
WORD_NEGATIVE = words("nee bijna helaas niet jammer fout onjuist verkeerd")
#: of these, may also open a question («klopt deze som»)
VERBS = words("klopt")
#: of the pupil, not of the work
SELF = words("slimmerd kanjer topper held slimmerik uitblinker")
#: may stand beside a judgement
SMALL = words(
    """
    ja zo heel erg dat is het dank je wel dankjewel bedankt gedaan helemaal nog net zeg hoor
    antwoord een van ook echt gezegd ze was al meer
    """
)
#: turn the page, with what follows them
TURNING = words("goed oké oke juist ja mooi prima nou zo dus klaar")
NEXT = (
    "dan gaan we", "we gaan", "gaan we", "dan de volgende", "de volgende", "volgende vraag",
    "dan nu", "nu gaan", "tot zover", "waar was ik", "waar waren we", "laten we", "dan beginnen",
    "verder met", "we beginnen", "dan pakken", "pak je", "luister", "allemaal",
)  # fmt: skip
PUPIL = words("je jij jullie")
PUPILS = words("je jouw jullie")
#: what of the pupil's is looked at
WORK = words("antwoord uitleg berekening tekening zin verhaal aanpak redenering som idee")
#: what a pupil did or does in an answer
DID = words(
    """
    hebt hebben had hadden noemt noemen noemde legt legde laat liet gebruikt gebruikte
    vergelijkt vergeleek geeft gaf mist miste vergeet vergat begon maakte koos keek dacht zei
    tekende rekende schreef zit zat bleef blijft controleerde onthield ontdekte verklaart
    onderbouwt haalt haalde slaat sloeg hield houdt durfde zocht vond las luisterde bent was
    formuleert beschrijft werkt werkte
    """
)
DID_BEFORE = words("liet maakte begon vergat gebruikte noemde had gaf")
#: says that somebody looked at what the pupil did
SEEN = (
    "goed dat je", "mooi dat je", "knap dat je", "fijn dat je", "knap hoe je", "mooi hoe je",
    "ik zie dat je", "ik hoor dat je", "ik merk dat je", "ik zag dat je", "goed dat jullie",
    "mooi dat jullie", "knap dat jullie", "ik zie dat jullie", "ik zag dat jullie",
)  # fmt: skip
MISSING = words(
    """
    mist miste vergeet vergat vergeten ontbreekt kwijt niet geen fout verkeerd overgeslagen
    slaat sloeg zonder
    """
)
NOW = words("nu inmiddels ondertussen")
#: what follows holds under a condition, and nobody did it
IF = words("als wanneer toen indien")
BECAUSE = words("want omdat doordat")
