"""Whatever is typed, it is read or refused by name: never anything else."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.domain.calendar import read_date
from bot.domain.errors import Refusal
from bot.domain.intents import guess_intent, read_intent
from bot.domain.money import read_amount
from bot.domain.personal_data import read_case_reference, refuse_personal_data
from bot.domain.text import clean
from tests.storm.conftest import LONG, Figures, step

INPUTS = 20_000 * LONG or 3_000
"""For each reader: two million at the level a storm has if nothing else is said, 100."""

SEEDS = (
    *(
        "25.000",
        "1.234,56",
        "1e5",
        "NaN",
        "-1",
        "25.000,00 kr.",
        "0,01",
        "999.999.999",
        "12 500",
        "١٢٣",
        "１２",
    ),
    *(
        "i dag",
        "om 2 uger",
        "uge 47 2027",
        "uge 53",
        "31/2",
        "29/2",
        "3. december",
        "2026-11-16",
        "mandag",
        "31-12-26",
    ),
    *("010190-1234", "S2026-114711", "https://sag.example/sag/S2026-114711", "<!channel>", "<@U0MAJA0001>"),
    *(
        "Kongepingvin 250 transport",
        "brug 1.200 kr. til mentor",
        "hjælp",
        "næste møde",
        "a\u0301" * 5,
        "\u202e123",
    ),
)
ODD = "\x00\x1b\ud800\u200b\u202e\u0301\ufeff🧑‍🚀æøåÆØÅ٠１½²" + string.printable


def inputs(chance: random.Random) -> str:
    """Something that people write, changed in a few places; now and then nothing but noise."""
    if chance.random() < 0.1:
        return "".join(chance.choice(ODD) for _ in range(chance.randint(0, 60)))
    text = chance.choice(SEEDS)
    for _ in range(chance.randint(0, 4)):
        at = chance.randint(0, len(text))
        with_what = chance.choice(
            (chance.choice(ODD), chance.choice(SEEDS)[:6], "", "9" * chance.randint(1, 30))
        )
        text = text[:at] + with_what + text[at + chance.randint(0, 3) :]
    return text


TODAY = date(2026, 11, 16)
READERS: dict[str, Callable[[str], Any]] = {
    "amount": read_amount,
    "date ahead": lambda text: read_date(text, today=TODAY, forward=True),
    "date behind": lambda text: read_date(text, today=TODAY, forward=False),
    "text": lambda text: clean(text, most=200, multiline=True),
    "reference": read_case_reference,
    "personal data": refuse_personal_data,
    "intent": lambda text: (read_intent(text), guess_intent(text)),
}


@pytest.mark.parametrize("reader", READERS)
def test_whatever_is_typed_is_read_or_refused_by_name(reader: str, figures: Figures) -> None:
    chance, read, refused = random.Random(reader), READERS[reader], 0
    for turn in range(INPUTS):
        if turn % 10_000 == 0:
            step(reader, turn, INPUTS)
        text = inputs(chance)
        try:
            read(text)
        except Refusal as refusal:
            refused += 1
            assert type(refusal) is not Refusal, ascii(text)
        except Exception as fault:
            pytest.fail(f"{reader} met {text!a} with {fault!r}")
    figures(inputs=INPUTS, refused=refused)
