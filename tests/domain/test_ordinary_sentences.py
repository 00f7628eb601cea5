"""What caseworkers really write is seldom taken for personal data: refused wrongly, people stop writing at all."""

from __future__ import annotations

import itertools

from bot.domain.personal_data import find

OPENINGS = (
    "Aftalt med udvalget den {day}: {what}.",
    "Bogfinke (26-0042) skal have {what} inden uge {week}.",
    "Rammen på {amount} kr. dækker {what}.",
    "Mangler stadig {what}; ses igen {day}.",
    "Ledelsen har sagt god for {what} fra d. {day} kl. {clock}.",
    "{what}: {amount} kr. om måneden i {count} måneder.",
    "Mødet er flyttet til lokale {count}, {day} kl. {clock}, og handler om {what}.",
    "Jf. SEL § {law} og LAB § {count} er {what} ikke nok alene.",
)
WHAT = (
    "en mentor {count} timer om ugen",
    "buskort og to zoners pendlerkort",
    "et afklaringsforløb på {count} uger",
    "STU, FGU eller produktionsskole",
    "misbrugsbehandling som anført i planen",
    "hjælp til at møde op kl. {clock}",
    "PPR's vurdering og en ny handleplan",
    "praktik {count} dage om ugen",
    "kørekort, del {count} af 2",
    "opstart {day} og status efter {count} uger",
    "bostøtte fra kl. {clock} på hverdage",
    "en fast kontaktperson i Ungeindsatsen",
    "job på halv tid, {count} timer",
)
DAYS = ("3. december", "3/12", "03-12-2026", "fredag d. 27.", "2026-12-03", "1.12.26")
AMOUNTS = ("450", "1.200,50", "25.000", "50000", "12 500")
CLOCKS = ("8.30", "12:15", "9")
LAWS = ("52", "109", "76 a", "11, stk. 3")


def sentences() -> list[str]:
    days, amounts, clocks = itertools.cycle(DAYS), itertools.cycle(AMOUNTS), itertools.cycle(CLOCKS)
    counts, weeks, laws = (
        itertools.cycle(range(2, 9)),
        itertools.cycle(range(1, 53, 7)),
        itertools.cycle(LAWS),
    )
    said = []
    for opening, what in itertools.product(OPENINGS, WHAT):
        for _ in range(2):
            words = {"day": next(days), "amount": next(amounts), "clock": next(clocks), "count": next(counts)}
            inner = what.format(**words)
            words = {"day": next(days), "amount": next(amounts), "clock": next(clocks), "count": next(counts)}
            said.append(opening.format(**words, what=inner, week=next(weeks), law=next(laws)))
    return said


def test_of_two_hundred_ordinary_sentences_none_is_refused() -> None:
    said = sentences()
    assert len(set(said)) >= 200
    refused = {s: find(s) for s in said if find(s)}
    print(f"{len(refused)} of {len(set(said))} ordinary sentences refused")
    assert refused == {}
