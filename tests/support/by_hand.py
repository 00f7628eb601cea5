"""What people press between two meetings, and at one: the lists of *Gør klar*, a leader's mark, wishes, decisions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import monotonic

from tests.support.stage import Actor, NotThere

GROUP = re.compile(r"^\*(.+)\* · (\d+) af (\d+)$", re.MULTILINE)
Given = str | tuple[str, ...]


def finds_at_home(actor: Actor, words: str) -> None:
    """The Home tab is opened until the morning's round has been there: nobody stares at a page that stands still."""
    until = monotonic() + 25
    while True:
        actor.home()
        try:
            actor.sees(words, in_="home", within=0.3)
        except NotThere:
            if monotonic() > until:
                raise
        else:
            return


def closes_all(actor: Actor) -> None:
    while actor.modal:
        actor.closes()


def opens_the_case(actor: Actor, alias: str, *path: str) -> None:
    """The case by its alias, and button after button from it."""
    actor.types(f"/sag {alias}")
    for button in path:
        actor.presses(button, in_="modal")


def gets_ready(
    actor: Actor, alias: str, kind: str, given: Mapping[str, Given], *measure: str, every: bool = False
) -> None:
    """*Gør klar* of an item: every group that lacks something (or `every` one), its ticks and what is `given`.

    `given` is by the field's id, where a group has one of that name; `measure` is its kind and its area.
    """
    opens_the_case(actor, alias, "Gør klar")
    form = actor.waits_for_modal("Gør klar")
    assert f"· {kind}" in form.text, form.text
    for group, done, of in GROUP.findall(form.text):
        if every or done != of:
            actor.presses("ready.group", in_="modal", near=group)
            _fills(actor, group, given, measure)
    form = actor.waits_for_modal("Gør klar")
    assert "▫️" not in form.text, form.text
    closes_all(actor)


def _fills(actor: Actor, group: str, given: Mapping[str, Given], measure: tuple[str, ...]) -> None:
    form = actor.waits_for_modal(group)
    if measure and "Tilføj indsats" in form.buttons:
        actor.presses("Tilføj indsats", in_="modal")
        actor.chooses("measure", measure[0], in_="modal")
        actor.chooses("area", measure[1], in_="modal")
        actor.submits()
        form = actor.waits_for_modal(group)
    asked = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    if "ticks" in asked:
        actor.chooses("ticks", *form.options("ticks"), in_="modal")
    for name in (n for n in asked if n in given):
        answer = given[name]
        if isinstance(answer, tuple):
            actor.chooses(name, *answer, in_="modal")
        else:
            actor.fills(name, answer, in_="modal")
    after = actor.submits()
    assert after is not None and not after.complaints, after


def marks_ready(leader: Actor, alias: str, kind: str) -> None:
    """The leader attests from Home (T08)."""
    waits = f"»{alias}« er klar til dig · {kind.lower()}"
    finds_at_home(leader, waits)
    leader.presses("Markér velbelyst", in_="home", near=waits)
    closes_all(leader)


def is_placed(secretary: Actor, alias: str, kind: str) -> None:
    """On the next agenda, from the secretary's desk (T10)."""
    finds_at_home(secretary, f"»{alias}«")
    secretary.presses("Tilføj", in_="home")
    secretary.chooses("item", f"»{alias}« {kind.lower()}", in_="modal")
    after = secretary.submits()
    assert after is None or not after.complaints, after
    closes_all(secretary)


def follows_up(actor: Actor, alias: str) -> None:
    """Four questions, from the case: it goes well, and nothing changes (A6)."""
    opens_the_case(actor, alias, "Gør klar")
    form = actor.waits_for_modal()
    for block in (b for b in form.blocks if b["type"] == "input"):
        if block["label"]["text"].startswith("Hvordan går det"):
            actor.chooses(block["block_id"], "På vej", in_="modal")
    actor.chooses("Hvad indstiller du?", "Uændret", in_="modal")
    actor.chooses("own_view", "Ja, samtale", in_="modal")
    after = actor.submits()
    assert after is None or not after.complaints, after
    closes_all(actor)


def decides(lone: Actor) -> None:
    form = lone.waits_for_modal()
    assert form.title.startswith("Punkt"), form.text
    decided = "Som indstillet" in form.options("Beslutning")
    lone.chooses("Beslutning", "Som indstillet" if decided else "Drøftet")
    labels = lone.waits_for_modal(form.title).labels if decided else ()
    for part in (label for label in labels if "medvirken" in label):  # the young person's, or the citizen's
        lone.chooses(part, "Deltog")
    after = lone.submits()
    assert after is not None and not after.complaints, after


def asks_for_a_group(maja: Actor, alias: str) -> None:
    opens_the_case(maja, alias, "Kontakter")
    maja.waits_for_modal("Overdragelse")
    maja.presses("Bed om baggrundsgruppe", in_="modal")
    form = maja.waits_for_modal("Baggrundsgruppe")
    maja.chooses("complicated", *form.options("complicated"), in_="modal")
    maja.chooses("provider", "Mentor · Socialområdet", "Lærer · Trivsel og Læring", in_="modal")
    maja.chooses("own_view", "Ja, samtale", in_="modal")
    maja.submits()
    maja.sees("er sendt til udvalget", in_="modal")
    closes_all(maja)


def meets_and_asks_for_advice(maja: Actor, lise: Actor, alias: str) -> None:
    """A meeting of three, another area's answer, and the committee's advice: the case stays where it is (R118)."""
    opens_the_case(maja, alias, "Trekantmøde")
    maja.chooses("outcome", "Enighed", in_="modal")
    maja.submits()
    closes_all(maja)
    for where, question in (
        ("Ungeindsatsen og UU", "Hvordan gør vi det sammen?"),
        ("Udvalget, på næste møde", "Hvilken hjælp kan I give?"),
    ):
        opens_the_case(maja, alias, "Bed om råd")
        maja.chooses("where", where, in_="modal")
        maja.chooses("question", question, in_="modal")
        maja.submits()
        closes_all(maja)
    asked = f"beder om råd til »{alias}«"
    lise.sees(asked, within=25)
    lise.presses("Giv råd", near=asked)
    lise.chooses("answer", "Ja, vi kan hjælpe.", in_="modal")
    lise.submits()
    closes_all(lise)


def asks_for_another(maja: Actor, alias: str, new: str, day: str) -> None:
    opens_the_case(maja, alias, "Kontakter")
    maja.waits_for_modal("Overdragelse")
    maja.presses("Bed om sagsbehandlerskifte", in_="modal")
    maja.waits_for_modal("Sagsbehandlerskifte")
    maja.chooses("reason", "Fordeling af sager", in_="modal")
    maja.chooses("caseworker", new, in_="modal")
    maja.fills("handover_on", day, in_="modal")
    maja.chooses("own_view", "Ja, samtale", in_="modal")
    maja.submits()
    maja.sees(f"{new} er spurgt.", in_="modal")
    closes_all(maja)
