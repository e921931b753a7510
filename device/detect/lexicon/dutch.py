"""Dutch word classes for the question rules.

Closed classes are complete as far as a classroom needs them; the verbs are the frequent finite
forms and those of ``dutch_verbs``. A word outside the lists is judged by its ending and by what
follows it.
"""

from __future__ import annotations

from device.detect.lexicon import words
from device.detect.lexicon.dutch_verbs import PASTS, THIRD_PERSONS
from device.detect.lexicon.dutch_verbs import STEMS as REGULAR_STEMS

QUESTION_WORDS = words(
    """
    wie wat waar waarom wanneer hoe hoeveel hoelang hoevaak hoezo welk welke waarmee
    waarvoor hoeverre vanwaar waardoor waarin waarop waaruit waarover waarvan waarheen
    waarnaar waartoe waarbij waaraan waaronder waartegen wiens
    """
)
#: question words that take a noun, adjective or adverb between themselves and the verb
TAKE_A_PHRASE = words("welk welke hoeveel hoe wiens")
PREPOSITIONS = words(
    """
    met in op van voor uit tot bij aan door onder over vanaf naar sinds tegen volgens om
    tussen na per binnen zonder rond
    """
)
PLURAL_PRONOUNS = words("we wij jullie ze")
OBJECT_PRONOUNS = words("hem haar het mij me zich hen hun er")
SUBJECT_PRONOUNS = words("ik je jij u hij zij ze we wij jullie men")
DETERMINERS = words(
    """
    de het een dit dat die deze mijn jouw uw zijn haar ons onze hun elk elke ieder iedere alle
    geen er iedereen iemand niemand iets alles
    """
)
#: openers that carry no content and may stand before a question
OPENERS = words(
    """
    en maar dus nou nu oké oke goed ja nee want dan eens even mooi precies prima juist kijk
    hallo hey jongens mensen allemaal dames heren klas luister zo eigenlijk stel of ook uh
    eh hè hé kijken
    """
)
FILLERS = words("eh uh euh hm hmm mm ehm uhm hè")
_IRREGULAR_VERBS = words(
    """
    is ben bent zijn was waren heeft heb hebt hebben had hadden kan kun kunt kunnen kon
    konden mag mogen mocht moet moeten moest moesten wil wilt willen wilde wilden wou zou
    zouden zal zult zullen gaat ga gaan ging gingen wordt word worden werd werden doet doe
    doen deed deden komt kom komen kwam kwamen ziet zie zien zag zagen weet weten wist
    wisten denkt denk denken dacht dachten vindt vind vinden vond vonden zegt zeg zeggen zei
    zeiden heet heten heette staat sta staan stond stonden ligt liggen lag lagen zit zitten
    zat zaten loopt lopen liep geeft geef geven gaf gaven krijgt krijg krijgen kreeg kregen
    maakt maak maken maakte maakten neemt neem nemen nam namen houdt houden hield blijft
    blijven bleef bleven begint beginnen begon begonnen betekent betekenen betekende gebeurt
    gebeuren gebeurde werkt werken werkte woont wonen woonde leeft leven leefde leefden
    bestaat bestaan bestond hoort horen hoorde noemt noem noemen noemde bedoelt bedoel
    bedoelen klopt kloppen lukt lukken valt vallen viel schrijft schreef schreven leest
    lezen las stijgt stijgen steeg daalt dalen daalde groeit groeien verandert veranderen
    ontstaat ontstaan ontstond bepaalt bepalen betaalt betaal betalen verdient heerst
    regeert durft durven gebruik gebruikt gebruiken bereken berekent berekenen meet meten
    telt tel tellen reken rekent geldt gelden draait drijft zorgt zorgen helpt helpen hangt
    past begrijpt begrijp begrijpen snapt snap snappen volgt volgen zoekt zoeken legt leggen
    brengt brengen bracht koopt kopen kocht verkoopt vraagt vragen vroeg vroegen eet eten
    ademt ademen beweegt bewegen smelt verdampt bevat bevatten won verloor vocht vochten
    reageert reageren herken herkent kies kiest kiezen los lost trek trekt bouwde bouwden
    vertrok vertrokken moesten speelt speelde leidde duurt duurde kost kosten rijdt reed
    voelt merk merkt rolt weegt scheelt verschilt verschillen deel deelt hebt herinner
    herinnert
    """
)
FINITE_VERBS = _IRREGULAR_VERBS | THIRD_PERSONS | PASTS
#: forms that with «je» ask, and without it are an order
STEMS = REGULAR_STEMS | words("zet pak doe neem drink kijk stuur pas meen")
#: orders that keep «je» behind them: «stel je voor», «haast je»
REFLEXIVE_ORDERS = words("stel haast schaam vergis bereid verbeeld houd hou was")
#: finite forms that are neither an order nor a noun: in front they stand before their subject
INVERTED = (
    THIRD_PERSONS
    | PASTS
    | words(
        """
        is was waren heeft had hadden gaat ging gingen komt kwam kwamen wordt werd werden doet
        deed deden ziet zag zagen kan kon konden moet moest moesten mocht mochten zal zou zouden
        wist wisten hebben kunnen moeten mogen zullen willen dacht vond vonden stond stonden lag
        lagen zat zaten liep gaf kreeg bleef begon schreef las steeg heet heette
        """
    )
)
#: words ending in -t that are no third-person verb
NOT_VERBS = words(
    """
    niet het dat wat met uit tot want goed echt eerst misschien juist best vast laat let zet
    bent rust eet beet net dit ooit nooit altijd kort groot zacht recht slecht acht licht
    tekst punt kant markt vandaag straat stad tijd uitkomst toet omdat zodat voordat nadat
    totdat zonet minst meest laatst liefst kracht wacht macht hart rest start soort overheid
    iemand pit kist kaart staart doordat opdat nadat hoewel
    """
)
IMPERATIVES_ELICIT = words("noem geef vertel beschrijf verklaar vergelijk bedenk voorspel leg")
#: with «vertel het»: not now
LATER = words("straks later morgen zometeen thuis")
IMPERATIVES_TASK = words(
    """
    schrijf pak kijk leg doe ga zet lees maak open sluit luister wacht stop blijf let
    onthoud teken neem stap steek hou houd leer werk zit kom kijken denk overleg bespreek
    """
)
YOU = words("je jij u jullie")
REQUEST_VERBS = words("kun kan kunt kunnen wil wilt willen zou zouden mag mogen")
#: with «kun je …»: asks for a spoken answer after all
TELLING = words(
    """
    uitleggen vertellen noemen beschrijven bedenken verklaren voorspellen vergelijken zeggen
    aangeven samenvatten opnoemen herhalen toelichten verwoorden
    """
)
EMBEDDING = words(
    """
    weet weten vraag vragen vroeg zien zie kijk vertel zeg uit op maakt begrijp begrijpt
    snap snapt precies ontdekken leren hoor horen uitzoeken onderzoeken of
    """
)
QUOTING = words("zei zeiden vroeg vroegen riep dacht schreef zegt vraagt staat")
EVERYBODY = words("iedereen jullie allemaal iemand")
UNDERSTANDING = words(
    """
    snapt snap snappen begrijpt begrijp begrijpen volgt volgen lukt duidelijk vragen lastig
    moeilijk helder verstaan lezen horen mee zien onduidelijk
    """
)
#: with «gaat het …», «is dit …»: how fast or how well the class follows
PACE = words("snel langzaam volgen duidelijk helder begrijpelijk lukken moeilijk lastig")
PROCEDURAL = words(
    """
    klaar bladzijde boek schrift gebleven telefoon huiswerk pen schriften boeken
    """
)
#: openers after which a statement has its verb in front of the subject («dan is het half»)
INVERTING = words("mensen dan zo ook nu eens hier daar stel eigenlijk even want")
#: «weet je …», «denk je …»: asks for what somebody knows or thinks
KNOWING = words("weet weten denk denken vind vinden zie zien hoor horen geloof geloven verwacht")
#: finite forms without -t that open a question with a noun as subject
SINGULAR_VERBS = words(
    """
    is was kan mag wil zou zal had heeft waren kon moest ging kwam zag wist
    """
)
#: words that make the rest a subordinate clause
JOINING = words("dat of als omdat wie wat waar hoe welke die toen terwijl ik")
#: adverbs that may stand between a verb in front and its subject
BEFORE_SUBJECT = words("daar hier nu dan ook nog toch misschien eigenlijk")
#: words of a sum
SUMS = words("plus min keer maal gedeeld kwadraat wortel procent samen")
#: endings of a regular verb in the past
PAST = ("de", "te", "den", "ten")
MODALS = words(
    "zou zouden kon konden moest moesten kan kun kunt kunnen moet moeten zal zullen gaan"
)
SHORT_INFINITIVES = words("doen zien gaan staan slaan zijn daarmee ermee daarvan ervan het")
#: words that say nothing when they stand alone: the recogniser's guess at an «eh»
EMPTY = words("de het een en er te van in op ze je 'n 't den d'r")
#: what goes on a finished question: «wat is het verschil … tussen omtrek en oppervlakte»
GOING_ON = PREPOSITIONS | words(
    "dat die om of zodat terwijl wanneer als waarin dan eigenlijk precies"
)
#: openers of a subordinate clause, when no verb follows at once
REASONS = words("omdat doordat")
SUBORDINATORS = words("dat die als om omdat of zodat terwijl wanneer waar waarin tussen met voor")
#: with «nog», «iemand», «andere»: asks for more of them without a verb
ASKED_FOR = words(
    """
    idee ideeën ideeen voorbeeld voorbeelden manier manieren antwoord antwoorden oplossing
    oplossingen suggestie suggesties mening meningen reden redenen iemand anders anderen meer
    mogelijkheid mogelijkheden aanvulling aanvullingen verschil verschillen
    """
)
#: with «mag ik», «mogen we»: asks the class for something, not whether it is right
ASKING_FOR = words("even eens alsjeblieft alstublieft aandacht stilte stil jullie jouw je vragen")
TAGS = words("hè toch nietwaar")
#: these are never anything else
SURE_TAGS = words("hè nietwaar")
#: a sentence that stops at one of these is not finished
UNFINISHED = words(
    """
    de het een en of maar want als omdat zodat met in op van voor uit bij aan door onder
    over naar om te zijn haar mijn jouw onze hun deze elke welke welk hoeveel erg tussen
    volgens terwijl waar wie eh uh
    """
)
OPEN_CUES = words(
    """
    waarom hoezo uitleggen verklaren verschil gevolg gevolgen voordeel nadeel voordelen
    nadelen mening vind vinden vindt valt opvalt denk denken denkt zou zouden verwacht
    misgaan gebeurt gebeuren oplossen aanpakken aangepakt bedenken voorspellen vergelijken
    beschrijven eraan betekenen bewijs controleren komt verklaar leg beschrijf vergelijk
    bedenk voorspel overtuigen
    """
)
CHECK_STARTERS = words("hoeveel wie wanneer welk welke waar hoelang hoevaak")
#: «hoe» that asks for one fact
CHECK_PAIRS = frozenset(
    ("hoe", word)
    for word in ("heet", "heten", "laat", "oud", "groot", "lang", "hoog", "ver", "zwaar")
)
#: a statement that begins so points back to what was asked
POINTING_BACK = words(
    "dat dit die hij zij ze het je ja nee van door omdat doordat want dan daar daarom zo namelijk"
)
#: the teacher says what comes next
PLANNING = words("vandaag straks morgen gaan zometeen we ik gisteren")
THINK_PROMPTS = (
    ("denk",),
    ("denken", "jullie"),
    ("neem", "even", "de", "tijd"),
    ("schrijf", "het", "op"),
    ("schrijf", "op"),
    ("overleg",),
    ("handen", "omlaag"),
    ("geen", "vingers"),
    ("iedereen", "denkt"),
    ("rustig",),
)
FEEDBACK_OPENERS = words(
    """
    goed ja nee precies klopt bijna mooi interessant prima juist inderdaad heel knap super
    top uitstekend keurig dankjewel dank
    """
)
THANKS = words("dankjewel dank bedankt goed mooi knap prima precies netjes")
SUBJECTS = SUBJECT_PRONOUNS | DETERMINERS
#: behind a verb these begin no subject: «draait om de zon» lost its own
NO_SUBJECTS = PREPOSITIONS | words(
    """
    heel erg zo ook al nog nu dan dus hier daar altijd vaak soms goed wel toch meestal steeds meer
    minder veel te bijna vooral alleen juist precies eigenlijk even net helaas misschien weer
    gelijk natuurlijk meteen gewoon nooit af mee als niet geen
    """
)
#: behind «zet je» these tell that «je» is who does it; behind «zet je tas» it is whose
BEHIND_SUBJECT = (
    DETERMINERS
    | OBJECT_PRONOUNS
    | words(
        """
    je ook wel nog niet nu soms daar hier vaak altijd dan graag liever naar met zonder
    aan nooit weleens wat
    """
    )
)
#: with these a verb before «u» is an order
URGING = words("alstublieft maar eens toch gerust")
#: who is given something that is no answer: «geef ons de kans»
RECEIVERS = words("je jouw hem haar de het dat die mij me ons ze hen nooit ik")
#: behind a verb in front these tell that its subject was left out, or not heard
NEVER_SUBJECTS = words("niet geen maar eens hem mij me zich hen")
#: words that may stand beside a lone name
ALONE = OPENERS | FILLERS | THANKS | words("nog een keer jij wel je gedaan zo wil het aan")
#: behind a subject stands its verb: before one of these a name in front is called («Mees, stel …»)
AFTER_VOCATIVE = DETERMINERS | words("als wanneer stel dus maar nou want oké oke goed volgens")
#: a name behind one of these belongs to the sentence («de manier van Sanne», «dat is Kay»)
ATTACHING = words("is was heet heten noemen en zei dat of niet als dan")
TURN_PHRASES = ("zeg het maar", "jij mag", "ga je gang", "jouw beurt", "jij daar", "zeg het eens")


def is_infinitive(word: str) -> bool:
    """By its ending; nouns in the plural look the same."""
    if word in SHORT_INFINITIVES:
        return True
    return len(word) > 4 and word.endswith("en") and word not in DETERMINERS


def is_verb(word: str) -> bool:
    """A finite form that is known, or looks like a third person."""
    if word in FINITE_VERBS:
        return True
    return len(word) > 3 and word.endswith("t") and word not in NOT_VERBS


def is_comparative(word: str) -> bool:
    """«Meer», «beter»; by its ending, so nouns in -er look the same."""
    return word in ("meer", "minder", "eerder") or (len(word) > 4 and word.endswith("er"))
