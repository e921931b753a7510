"""Dutch questions of every form, and what only looks like one."""

from __future__ import annotations

import pytest
from questions_by_form import lines, score

from device.detect.questions.scoring import question_scorer
from lesson.events import Focus, QuestionForm

pytestmark = pytest.mark.unit

ARMING = {
    "check": """
        welke planeet staat het dichtst bij de zon
        wie won de slag bij nieuwpoort
        hoeveel poten heeft een spin
        waar ligt de hoofdstad van noorwegen
        wanneer begon de tachtigjarige oorlog
        in welk jaar viel de muur
        met welk getal moet ik vermenigvuldigen
        wat is de wortel van negen
        en welke kleur krijg je dan
        oké wat staat er onder de streep
        wat voor dier is een salamander
    """,
    "open": """
        waarom verkleuren de bladeren in de herfst
        hoe zou jij dit aanpakken
        wat valt je op aan deze grafiek
        wat zou er gebeuren als de zon verdwijnt
        waarom denk je dat dit gedicht zo eindigt
        wat vind je van zijn keuze
        hoe komt het dat de maan niet valt
        hoezo denk je dat
    """,
    "choice": """
        is dit een werkwoord of een zelfstandig naamwoord
        wordt het getal groter of kleiner
        heeft een vis longen of kieuwen
    """,
    "yesno": """
        klopt deze uitkomst
        is een walvis een vis
        heeft iedere driehoek drie hoeken
        smelt ijs bij nul graden
        denk je dat het water zakt
        past deze formule hier ook
        rekt een elastiek verder uit als het warm is
        zweefden de zaden naar het eiland
        kunnen padden ook klimmen
        zit er ijzer in spinazie
        mogen we deze twee breuken vereenvoudigen
        als de sneeuw smelt stijgt het water in de rivier dan
    """,
    "completion": """
        zo'n figuur noemen we een
        de uitkomst is dus gelijk aan
        een dier dat planten eet noemen we
    """,
    "indirect": """
        kun je uitleggen hoe dat werkt
        weet iemand waarom de lucht blauw is
        ik vraag me af wat er met het zout gebeurt
        weet je nog hoe dat heet
        wie kan het verschil noemen
    """,
    "in_situ": """
        een kubus heeft hoeveel ribben
    """,
    "without_a_verb": """
        nog iemand een aanvulling
        andere voorbeelden
        warmer of kouder
    """,
    "stem_and_je": """
        zet je die getallen ook op de lijn
        neem je de langste zijde
    """,
    "later_clause": """
        dat klopt maar waarom
        als de maan geen licht geeft wie dan wel
    """,
    "declarative": """
        jij denkt dat het zinkt
        je bedoelt dat het antwoord negatief is
    """,
    "followup": """
        en waarom
        hoezo
        hoe weet je dat
        waarom niet
        wat als het getal negatief is
        waaraan zie je dat
        wat bedoel je daarmee
    """,
    "elicit_imperative": """
        noem drie oorzaken van de opstand
        leg uit waarom dat zo is
        geef een voorbeeld van een voegwoord
        beschrijf wat je ziet op de foto
        vergelijk de twee kaarten
    """,
}

NOT_ARMING = {
    "meta": """
        snapt iedereen dit
        begrijpen jullie het allemaal
        is dat duidelijk
        zijn er nog vragen
        kan iedereen het lezen
    """,
    "procedural": """
        wie is er klaar
        heeft iedereen zijn boek
        wie heeft er nog geen schrift
    """,
    "order": """
        zet je tas op de grond
        stel je voor dat het regent
        leest u daar eens een bladzijde van
        geef ons nog een minuut
    """,
    "after_then": """
        dan heeft iedereen een schrift
    """,
    "tag": """
        dat is een breuk hè
        we hebben dit gisteren gedaan toch
        het was warm of niet
    """,
    "rhetorical": """
        wie had dat gedacht
        weet je wat het mooie is
    """,
    "request": """
        kun je de deur even dichtdoen
        wil je alsjeblieft gaan zitten
        kun je wat langzamer lezen
        zou je even kunnen wachten
    """,
    "hortative": """
        zullen we beginnen
        laten we de volgende som bekijken
    """,
    "conditional": """
        is het getal even dan deel je door twee
        vriest het vannacht dan gaan we schaatsen
        kom je er niet uit vraag dan je buurman
    """,
    "exclamation": """
        wat een prachtige tekening
        wat een werk
        hoe mooi is dat
        wat slim van jullie
        hoe langer je wacht hoe warmer het wordt
    """,
    "pseudo_cleft": """
        wat we nu gaan doen is lezen
        wat je hier ziet is een kaart van europa
        wat ik bedoel is het volgende
    """,
    "quoted": """
        de ridder vroeg wie daar stond
        toen riep de koning wat dat betekende
        de kikker zei wie mij kust
    """,
    "free_relative": """
        wie klaar is mag gaan lezen
        wie het weet mag het zeggen
        wie zijn jas aan heeft mag naar buiten
    """,
    "embedded": """
        ik weet niet wat het antwoord is
        we gaan zien waarom dat zo is
        onthoud wat we net hebben gezegd
    """,
    "statement": """
        dan is het half drie
        vandaag gaat het over breuken
        en zo kom je op twaalf
        de hoofdstad van noorwegen is oslo
        nu gaan we verder met de volgende opgave
    """,
    "command": """
        pak je schrift
        ga maar zitten
        leg je pen neer
        schrijf de datum op
    """,
}


def cases(table: dict[str, str]) -> list[object]:
    return [
        pytest.param(clause, id=f"{form}: {clause}")
        for form, clauses in table.items()
        for clause in lines(clauses)
    ]


@pytest.mark.parametrize("clause", cases(ARMING))
def test_a_question_for_the_class_arms_the_think_timer(clause: str) -> None:
    assert score("nl", clause).arms


@pytest.mark.parametrize("clause", cases(NOT_ARMING))
def test_what_asks_nobody_to_think_does_not(clause: str) -> None:
    assert not score("nl", clause).arms


@pytest.mark.parametrize(
    ("form", "own"),
    [
        ("meta", QuestionForm.META),
        ("procedural", QuestionForm.PROCEDURAL),
        ("tag", QuestionForm.TAG),
    ],
)
def test_forms_with_a_line_of_their_own_are_questions_of_that_form(
    form: str, own: QuestionForm
) -> None:
    scores = [score("nl", clause) for clause in lines(NOT_ARMING[form])]
    assert {own} == {each.form for each in scores if each.is_question}
    assert sum(each.is_question for each in scores) >= len(scores) - 1


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("choice", QuestionForm.CHOICE),
        ("yesno", QuestionForm.YESNO),
        ("completion", QuestionForm.COMPLETION),
        ("declarative", QuestionForm.DECLARATIVE),
        ("elicit_imperative", QuestionForm.ELICIT_IMPERATIVE),
        ("indirect", QuestionForm.INDIRECT),
    ],
)
def test_the_form_is_told(form: str, expected: QuestionForm) -> None:
    assert {expected} == {score("nl", clause).form for clause in lines(ARMING[form])}


@pytest.mark.parametrize("clause", lines(ARMING["open"]))
def test_questions_that_ask_for_thinking_are_open(clause: str) -> None:
    assert Focus.OPEN is score("nl", clause).focus


@pytest.mark.parametrize("clause", lines(ARMING["choice"]) + lines(ARMING["completion"]))
def test_questions_with_one_answer_are_checks(clause: str) -> None:
    assert Focus.CHECK is score("nl", clause).focus


@pytest.mark.parametrize("clause", lines(ARMING["check"]))
def test_a_check_question_is_never_taken_for_an_open_one(clause: str) -> None:
    assert Focus.OPEN is not score("nl", clause).focus


@pytest.mark.parametrize(
    "clause",
    lines(
        """
        wat is het verschil tussen
        waarom denk je dat de
        welke woorden horen bij
        wat gebeurt er als
        wat zou jij
        """
    ),
)
def test_a_sentence_that_stops_half_way_is_not_finished(clause: str) -> None:
    assert not score("nl", clause).finished


@pytest.mark.parametrize(
    "clause",
    lines(
        """
        wat is het verschil tussen water en ijs
        waarom drijft ijs
        kan je dat uitleggen
        wie weet het antwoord
        """
    ),
)
def test_a_whole_sentence_is_finished(clause: str) -> None:
    assert score("nl", clause).finished


def test_fillers_and_openers_change_nothing() -> None:
    plain = score("nl", "waarom drijft ijs op water")
    dressed = score("nl", "eh oké jongens en waarom drijft eh ijs op water")
    assert (plain.arms, plain.form, plain.focus) == (dressed.arms, dressed.form, dressed.focus)


@pytest.mark.parametrize("clause", ["", "eh", "eh uh", "oké"])
def test_nothing_said_is_no_question(clause: str) -> None:
    assert not score("nl", clause).is_question


def test_every_verdict_has_a_reason_and_a_probability() -> None:
    for table in (ARMING, NOT_ARMING):
        for clauses in table.values():
            for clause in lines(clauses):
                verdict = score("nl", clause)
                assert verdict.reasons
                assert 0 <= verdict.probability <= 1


@pytest.mark.parametrize(
    ("clause", "form"),
    [
        ("toch", QuestionForm.TAG),
        ("een kat of een hond", QuestionForm.CHOICE),
        ("wie vervangd morgen de juf", QuestionForm.CHECK),
    ],
)
def test_short_ones_and_homophones_are_questions_too(clause: str, form: QuestionForm) -> None:
    assert score("nl", clause).is_question
    assert form is score("nl", clause).form


@pytest.mark.parametrize(
    "clause", ["wat je ook doet", "wie ze ook vragen", "een kat of hond is lief"]
)
def test_concessions_and_sentences_with_a_verb_are_none(clause: str) -> None:
    assert not score("nl", clause).is_question


def test_a_verb_in_front_of_no_subject_is_no_sure_order_when_another_follows() -> None:
    """A recogniser that loses the first word leaves such sentences behind."""
    whole, torn = score("nl", "drijft hout op zout water"), score("nl", "is hout kan op water")
    assert whole.reasons == ("inverted",)
    assert torn.reasons == ("verb_first",)
    assert torn.probability < whole.probability


def test_a_tag_that_is_nothing_else_counts_without_the_network() -> None:
    clause = ["dus", "de", "trein", "stopt", "omdat", "er", "geen", "stroom", "is", "hè"]
    verdict = question_scorer("nl").score(clause)
    assert verdict.is_question
    assert not verdict.arms
