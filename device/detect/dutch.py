"""Dutch word classes for the question rules.

Closed classes are complete as far as a classroom needs them; the verbs are the frequent finite
forms. A word outside the lists is judged by its ending and by what follows it.
"""

# ruff: noqa: SIM905 - a word list reads best as a sentence

from __future__ import annotations

QUESTION_WORDS = frozenset(
    "wie wat waar waarom wanneer hoe hoeveel hoelang hoevaak hoezo welk welke waarmee waarvoor "
    "hoeverre vanwaar waardoor waarin waarop waaruit waarover waarvan waarheen waarnaar waartoe waarbij wiens".split()
)
#: question words that take a noun, adjective or adverb between themselves and the verb
TAKE_A_PHRASE = frozenset("welk welke hoeveel hoe wiens".split())
PREPOSITIONS = frozenset(
    "met in op van voor uit tot bij aan door onder over vanaf naar sinds tegen volgens om tussen "
    "na per binnen zonder rond".split()
)
PLURAL_PRONOUNS = frozenset("we wij jullie ze".split())
OBJECT_PRONOUNS = frozenset("hem haar het mij me zich hen hun er".split())
SUBJECT_PRONOUNS = frozenset("ik je jij u hij zij ze we wij jullie men".split())
DETERMINERS = frozenset(
    "de het een dit dat die deze mijn jouw zijn haar ons onze hun elk elke ieder iedere alle geen "
    "er iedereen iemand niemand iets alles".split()
)
#: openers that carry no content and may stand before a question
OPENERS = frozenset(
    "en maar dus nou nu oké oke goed ja nee want dan eens even mooi precies prima juist kijk "
    "hallo hey jongens mensen allemaal dames heren klas luister zo eigenlijk stel of ook uh eh hè hé".split()
)
FILLERS = frozenset("eh uh euh hm hmm mm ehm uhm hè".split())
FINITE_VERBS = frozenset(
    "is ben bent zijn was waren heeft heb hebt hebben had hadden kan kun kunt kunnen kon konden "
    "mag mogen mocht moet moeten moest moesten wil wilt willen wilde wilden wou zou zouden zal "
    "zult zullen gaat ga gaan ging gingen wordt word worden werd werden doet doe doen deed deden "
    "komt kom komen kwam kwamen ziet zie zien zag zagen weet weten wist wisten denkt denk denken "
    "dacht dachten vindt vind vinden vond vonden zegt zeg zeggen zei zeiden heet heten heette "
    "staat sta staan stond stonden ligt liggen lag lagen zit zitten zat zaten loopt lopen liep "
    "geeft geef geven gaf gaven krijgt krijg krijgen kreeg kregen maakt maak maken maakte maakten "
    "neemt neem nemen nam namen houdt houden hield blijft blijven bleef bleven begint beginnen "
    "begon begonnen betekent betekenen betekende gebeurt gebeuren gebeurde werkt werken werkte "
    "woont wonen woonde leeft leven leefde leefden bestaat bestaan bestond hoort horen hoorde "
    "noemt noem noemen noemde bedoelt bedoel bedoelen klopt kloppen lukt lukken valt vallen viel "
    "schrijft schreef schreven leest lezen las stijgt stijgen steeg daalt dalen daalde groeit "
    "groeien verandert veranderen ontstaat ontstaan ontstond bepaalt bepalen betaalt betaal "
    "betalen verdient heerst regeert durft durven gebruik gebruikt gebruiken bereken berekent "
    "berekenen meet meten telt tel tellen reken rekent geldt gelden draait drijft zorgt zorgen "
    "helpt helpen hangt past begrijpt begrijp begrijpen snapt snap snappen volgt volgen zoekt "
    "zoeken legt leggen brengt brengen bracht koopt kopen kocht verkoopt vraagt vragen vroeg "
    "vroegen eet eten ademt ademen beweegt bewegen smelt verdampt bevat bevatten won verloor "
    "vocht vochten reageert reageren herken herkent kies kiest kiezen los lost trek trekt bouwde "
    "bouwden vertrok vertrokken moesten speelt speelde leidde duurt duurde kost kosten rijdt reed "
    "voelt merk merkt rolt weegt scheelt verschilt verschillen deel deelt hebt herinner herinnert".split()
)
#: words ending in -t that are no third-person verb
NOT_VERBS = frozenset(
    "niet het dat wat met uit tot want goed echt eerst misschien juist best vast laat let zet "
    "bent rust eet beet net dit ooit nooit altijd kort groot zacht recht slecht acht licht tekst "
    "punt kant markt vandaag straat stad tijd uitkomst toet omdat zodat voordat nadat totdat "
    "zonet minst meest laatst liefst kracht wacht macht hart rest start soort overheid iemand "
    "pit kist kaart staart".split()
)
IMPERATIVES_ELICIT = frozenset(
    "noem geef vertel beschrijf verklaar vergelijk bedenk voorspel leg".split()
)
IMPERATIVES_TASK = frozenset(
    "schrijf pak kijk leg doe ga zet lees maak open sluit luister wacht stop blijf let onthoud "
    "teken neem stap steek hou houd leer werk zit kom kijken denk overleg bespreek".split()
)
YOU = frozenset("je jij u jullie".split())
REQUEST_VERBS = frozenset("kun kan kunt kunnen wil wilt willen zou zouden mag mogen".split())
#: with «kun je …»: asks for a spoken answer after all
TELLING = frozenset(
    "uitleggen vertellen noemen beschrijven bedenken verklaren voorspellen vergelijken zeggen "
    "aangeven samenvatten opnoemen herhalen toelichten verwoorden".split()
)
EMBEDDING = frozenset(
    "weet weten vraag vragen vroeg zien zie kijk vertel zeg uit op maakt begrijp begrijpt snap "
    "snapt precies ontdekken leren hoor horen uitzoeken onderzoeken of".split()
)
QUOTING = frozenset("zei zeiden vroeg vroegen riep dacht schreef zegt vraagt staat".split())
EVERYBODY = frozenset("iedereen jullie allemaal iemand".split())
UNDERSTANDING = frozenset(
    "snapt snap snappen begrijpt begrijp begrijpen volgt volgen lukt duidelijk vragen lastig "
    "moeilijk helder verstaan lezen horen mee zien onduidelijk".split()
)
PROCEDURAL = frozenset(
    "klaar bladzijde boek schrift gebleven telefoon huiswerk pen schriften boeken".split()
)
#: openers after which a statement has its verb in front of the subject («dan is het half»)
INVERTING = frozenset("dan zo ook nu eens hier daar stel eigenlijk even want".split())
#: «weet je …», «denk je …»: asks for what somebody knows or thinks
KNOWING = frozenset("weet weten denk denken vind vinden zie zien hoor horen".split())
#: finite forms without -t that open a question with a noun as subject
SINGULAR_VERBS = frozenset(
    "is was kan mag wil zou zal had heeft waren kon moest ging kwam zag wist".split()
)
#: words that make the rest a subordinate clause
JOINING = frozenset("dat of als omdat wie wat waar hoe welke die toen terwijl ik".split())
MODALS = frozenset("zou zouden kan kun kunt kunnen moet moeten zal zullen gaan".split())
SHORT_INFINITIVES = frozenset(
    "doen zien gaan staan slaan zijn daarmee ermee daarvan ervan het".split()
)
TAGS = frozenset("hè toch nietwaar".split())
#: a sentence that stops at one of these is not finished
UNFINISHED = frozenset(
    "de het een en of maar want als omdat zodat met in op van voor uit bij aan door onder over "
    "naar om te zijn haar mijn jouw onze hun deze elke welke welk hoeveel erg tussen volgens "
    "terwijl waar wie eh uh".split()
)
OPEN_CUES = frozenset(
    "waarom hoezo uitleggen verklaren verschil gevolg gevolgen voordeel nadeel voordelen nadelen "
    "mening vind vinden vindt valt opvalt denk denken denkt zou zouden verwacht misgaan gebeurt "
    "gebeuren oplossen aanpakken aangepakt bedenken voorspellen vergelijken beschrijven eraan "
    "betekenen bewijs controleren komt verklaar leg beschrijf vergelijk bedenk voorspel overtuigen".split()
)
CHECK_STARTERS = frozenset("hoeveel wie wanneer welk welke waar hoelang hoevaak".split())
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
FEEDBACK_OPENERS = frozenset(
    "goed ja nee precies klopt bijna mooi interessant prima juist inderdaad heel knap super top "
    "uitstekend keurig dankjewel dank".split()
)
THANKS = frozenset("dankjewel dank bedankt goed mooi knap prima precies netjes".split())
SUBJECTS = SUBJECT_PRONOUNS | DETERMINERS
#: words that may stand beside a lone name
ALONE = OPENERS | FILLERS | THANKS | frozenset("nog een keer jij wel je gedaan zo wil het".split())
#: a name behind one of these belongs to the sentence («de manier van Sanne», «dat is Kay»)
ATTACHING = frozenset("is was heet heten noemen en zei dat of niet als dan".split())
TURN_PHRASES = ("zeg het maar", "jij mag", "ga je gang", "jouw beurt", "jij daar", "zeg het eens")
