"""Numbers as they are spoken: words of the vocabulary, and sentences in which they occur."""

from __future__ import annotations

import random
from collections.abc import Iterator

ONES = {
    "nl": "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien"
    " vijftien zestien zeventien achttien negentien",
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen",
}
TENS = {
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
}
OTHERS = {
    "nl": "honderd duizend miljoen miljard procent half halve kwart derde vierde vijfde eerste"
    " tweede keer plus min gedeeld komma kwadraat graden euro meter",
    "en": "hundred thousand million billion percent half quarter third fourth fifth first second"
    " times plus minus divided point squared degrees euros metres meters",
}
SENTENCES = {
    "nl": (
        "{a} plus {b}",
        "{a} plus {b} is {c}",
        "{a} min {b}",
        "{a} keer {b}",
        "hoeveel is {a} keer {b}",
        "{c} gedeeld door {a}",
        "{a} komma {b}",
        "{a} procent van {c}",
        "bladzijde {c}",
        "opgave {a}",
        "som {a} en {b}",
        "in {year}",
        "in het jaar {year}",
        "het is {c} graden",
        "dat is {c} euro",
    ),
    "en": (
        "{a} plus {b}",
        "{a} plus {b} is {c}",
        "{a} minus {b}",
        "{a} times {b}",
        "what is {a} times {b}",
        "{c} divided by {a}",
        "{a} point {b}",
        "{a} percent of {c}",
        "page {c}",
        "question {a}",
        "number {a} and {b}",
        "in {year}",
        "in the year {year}",
        "it is {c} degrees",
        "that is {c} euros",
    ),
}
DRAWN_SENTENCES = 2000


def spoken_number(value: int, code: str) -> str:
    """0 to 9999 in words; Dutch writes what lies below a thousand as one word."""
    ones, tens = ONES[code].split(), TENS[code].split()
    if value < 20:
        return ones[value]
    if value < 100:
        ten, one = tens[value // 10 - 2], value % 10
        if not one:
            return ten
        if code == "en":
            return f"{ten} {ones[one]}"
        return f"{ones[one]}{'ën' if ones[one].endswith('e') else 'en'}{ten}"
    if value < 1000:
        hundreds, rest = divmod(value, 100)
        if code == "en":
            head = f"{ones[hundreds]} hundred"
            return f"{head} and {spoken_number(rest, code)}" if rest else head
        head = f"{ones[hundreds]}honderd" if hundreds > 1 else "honderd"
        return f"{head} {spoken_number(rest, code)}" if rest else head
    thousands, rest = divmod(value, 1000)
    if code == "en":
        head = f"{ones[thousands]} thousand"
    else:
        head = f"{ones[thousands]}duizend" if thousands > 1 else "duizend"
    return f"{head} {spoken_number(rest, code)}" if rest else head


def spoken_year(year: int, code: str) -> str:
    """1100 to 1999 as people say them: so many hundreds, then the rest."""
    hundreds, rest = divmod(year, 100)
    head = spoken_number(hundreds, code)
    if code == "nl":
        head += "honderd"
    elif not rest:
        return f"{head} hundred"
    return f"{head} {spoken_number(rest, code)}" if rest else head


def number_words(code: str) -> set[str]:
    """Every single word that the numbers need."""
    spoken = [spoken_number(value, code) for value in (*range(1000), *range(1000, 10_000, 1000))]
    spoken += [spoken_year(year, code) for year in range(1100, 2000, 100)]
    return {word for text in (*spoken, OTHERS[code]) for word in text.split()}


def number_sentences(code: str, draw: random.Random, count: int) -> Iterator[str]:
    """Sums, pages, years and amounts."""
    for _ in range(count):
        values = {
            "a": spoken_number(draw.randint(0, 20), code),
            "b": spoken_number(draw.randint(1, 99), code),
            "c": spoken_number(int(10 ** draw.uniform(1, 3.2)), code),
            "year": spoken_year(draw.randint(1100, 1999), code),
        }
        yield draw.choice(SENTENCES[code]).format(**values)
