"""Finite forms of Dutch verbs, by the rules of spelling from a list of infinitives.

A clause that begins with «drijft» or «leefde» has its verb in front of its subject. With «drijf» it
may as well be an order, and with «drijven» begin with a noun, so only forms that are nothing else
are made: the third person in -t and the regular past.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from device.detect.lexicon import words

#: verbs of lessons and of everyday talk; irregular ones are regular in the third person
INFINITIVES = words(
    """
    aarzelen ademen antwoorden bakken barsten bedenken bedoelen bedragen beginnen begraven
    begrijpen begroeten behandelen behoren bekijken beklimmen bellen beloven benoemen bepalen
    bereiken berekenen beschermen beschouwen beschrijven beslissen besluiten bespreken bestaan
    bestuderen bestuiven betalen betekenen betreffen bevatten bevestigen bevriezen bevruchten
    bewaren bewegen beweren bewijzen bewonen bezitten bezoeken bidden bieden bijten binden blaffen
    blazen blijken blijven bloeden bloeien blozen bonzen boren botsen bouwen branden breken
    brengen brullen buigen controleren dalen danken dansen delen denken dienen doden dopen draaien
    dragen dreigen drijven dringen drinken drogen dromen druipen drukken duiken dulden duren
    durven duwen dwingen eindigen eisen ervaren erven eten fietsen filteren fluiten functioneren
    galmen gebeuren gebruiken gehoorzamen gelden geleiden geloven genezen genieten gieten gillen
    glanzen glijden gloeien golven gooien graven grazen grenzen grijpen groeien gunnen haken halen
    handelen hangen haten helpen herhalen herinneren herkennen heten hijsen hinken hollen hopen
    horen houden huilen huren jagen juichen kantelen kauwen kennen keren kerven kiemen kiezen
    klagen klappen kleden klemmen kleven klimmen klinken kloppen knagen knielen knijpen knippen
    koken komen kopen kosten krijgen krimpen kronkelen kruipen kruisen kwaken kweken lachen laden
    landen leggen leiden lekken lenen leren leunen leven leveren lezen liegen liggen lijden lijken
    lijmen logeren lopen lossen lozen luisteren lukken maken malen melden mengen merken meten
    missen moeten naaien naderen nemen noemen oefenen offeren omgeven onderscheiden onderzoeken
    ontbreken ontdekken onthouden ontkennen ontkiemen ontleden ontmoeten ontploffen ontsnappen
    ontstaan ontvangen ontwikkelen openen overleven overtuigen overwinnen oxideren pakken passen
    persen plagen plakken planten ploegen plukken poetsen praten presteren proberen produceren
    proeven raken rapen reageren regelen regenen regeren reiken reizen rekenen remmen rennen
    rijden rijmen rijpen rijzen rinkelen roepen roeren roesten roken rollen rotten ruiken ruilen
    ruimen scheiden schelden schelen schenken scheppen scheren scheuren schieten schijnen
    schilderen schommelen schrijven schrikken schroeven schuilen schuiven slaan slagen slapen
    slijten slikken sluiten smaken smelten smeren sneeuwen snellen snijden snuiven spannen sparen
    spelen spellen spiegelen splitsen spoelen spreken springen spuiten staan stammen stapelen
    steken stelen stellen stemmen sterven steunen stijgen stinken stoken stollen stoppen storen
    storten stoten straffen stralen strekken streven strijden stromen stuiten stuiteren sturen
    tekenen tellen testen tillen tonen trappen treffen trekken trillen troosten trouwen twijfelen
    vallen vangen varen vechten veranderen verbazen verbeteren verbieden verbinden verbranden
    verbruiken verdampen verdelen verdienen verdwijnen verenigen vergelijken vergeten vergroten
    verhogen verhuizen verklaren verkleinen verkopen verlagen verlaten verliezen verlopen
    vermenigvuldigen vermijden verminderen vernietigen veroorzaken veroveren verplaatsen
    verschijnen verschillen versnellen verspreiden verstaan vertakken vertellen vertragen
    vertrekken vervangen vervoeren vervuilen verwachten verwarmen verwijzen verzamelen verzetten
    verzorgen vieren vijlen vinden vliegen vloeien vluchten voeden voelen voeren volgen voorkomen
    voorspellen vormen vouwen vragen vrezen vriezen vullen waaien waarderen wachten wandelen
    warmen wassen wegen weigeren wekken wenden wennen werken werpen weten wijken wijzen wikkelen
    willen winnen wisselen wonen worden worstelen wortelen wrijven zagen zakken zeggen zeilen
    zenden zingen zinken zitten zoeken zorgen zuchten zuigen zuiveren zwaaien zwemmen zweten
    zweven zwijgen
    """
)
#: third persons that are other words as well
_OTHER_WORDS = words("past lijdt dient eist rijst")
_IRREGULAR = {"komen": "kom", "voorkomen": "voorkom"}
_PREFIX = re.compile(r"^(be|ge|her|om|ont|onder|over|ver|voor)(?=.{3})")
_UNSTRESSED = re.compile(r"[aeiouy].*(e[lmnr]|ig)$")
#: verbs from French, which stress their last syllable: «controleert», but «luistert»
_STRESSED = re.compile(r"(ol|on|eg|eag|uc|est|og|id|ud|aard|ob|ew)er$")
_OPEN = re.compile(r"(^|[^aeiouy])([aeou])([^aeiouy])$")
_VOICELESS = ("t", "k", "f", "s", "ch", "p", "x")


def stem(infinitive: str) -> str:
    """«lopen» to «loop», «wandelen» to «wandel», «zetten» to «zet», «reizen» to «reis»."""
    if infinitive in _IRREGULAR:
        return _IRREGULAR[infinitive]
    base = infinitive.removesuffix("en")
    if base == infinitive:
        return infinitive.removesuffix("n")  # gaan, staan
    if len(base) > 2 and base[-1] == base[-2] and base[-1] not in "aeiou":
        base = base[:-1]
    elif _STRESSED.search(base) or not _UNSTRESSED.search(_PREFIX.sub("", base)):
        base = _OPEN.sub(r"\1\2\2\3", base)
    return base[:-1] + {"v": "f", "z": "s"}.get(base[-1], base[-1])


def third_person(infinitive: str) -> str:
    """«loopt», «vindt»; «zet» for a stem in -t."""
    found = stem(infinitive)
    return found if found.endswith("t") else found + "t"


def past(infinitive: str) -> tuple[str, str]:
    """The regular past, singular and plural: «leefde», «leefden»; «kookte», «kookten»."""
    hard = infinitive.removesuffix("en").endswith(_VOICELESS)
    singular = stem(infinitive) + ("te" if hard else "de")
    return singular, singular + "n"


def third_persons(infinitives: Iterable[str]) -> frozenset[str]:
    """Those that cannot be an order, and are no other word."""
    found = {third_person(verb) for verb in infinitives if not stem(verb).endswith("t")}
    return frozenset(found - _OTHER_WORDS)


STEMS = frozenset(stem(verb) for verb in INFINITIVES)
THIRD_PERSONS = third_persons(INFINITIVES)
#: «bepaalde dieren»: as often an adjective
PASTS = frozenset(form for verb in INFINITIVES for form in past(verb)) - {"bepaalde"}
