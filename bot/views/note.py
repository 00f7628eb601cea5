"""A note for the case system: filled in, to be copied; and the ones that are missing there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.calendar import local
from bot.domain.money import Kroner
from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.notes import Note
from bot.views.kit import Button, Choice, Json, Page, Surface, checkboxes, plain, text_field

MOST_TICKS = 10
LONGEST_NOTE = 3000


def form(texts: Texts, rules: Rules, note: Note, *, meta: str, words: str | None = None) -> Json:
    """Select all, copy, paste (an app has no clipboard, F15); sending it ticks it off. `words`: minutes are their own."""
    page = Page(Surface.MODAL)
    page.context(_entry(texts, note))
    page.input(
        f"note~{note.seq}",
        texts.say("journal", "label"),
        text_field(most=LONGEST_NOTE, initial=words or plain(note_text(texts, rules, note)), lines=True),
        hint=texts.say("journal", "hint"),
    )
    if note.journaled and note.mine:
        page.context(texts.say("journal", "marked"))
    waits = note.mine and not note.journaled
    return page.modal(
        title=texts.say("journal", "title"),
        callback="note.mark",
        submit=texts.say("journal", "mark") if waits else texts.say("common", "close"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def note_text(texts: Texts, rules: Rules, note: Note) -> Said:
    """Composed from codes, never typed (D16): when, who, what and on which ground, and the way back to here."""
    texts = texts.about(note.band)
    at: datetime = local(note.at)
    block = f"note_{note.act}" if texts.has("journal", f"note_{note.act}") else "note_any"
    first = texts.say(
        "journal",
        "note",
        day=at.date(),
        at=at,
        by=note.by,
        role=_small(texts.term("role", note.role)) if note.role else None,
        area=texts.named(rules.area(note.area)) if note.area else None,
        what=texts.say("journal", block, **_named(texts, rules, note)),
    )
    foot = texts.say("journal", "foot", alias=note.alias, key=note.key)
    return joined("\n", [first, foot])


def _small(said: Said) -> Said:
    return Said(said[:1].lower() + said[1:], said.privacy)


def _named(texts: Texts, rules: Rules, note: Note) -> dict[str, Any]:
    """The words for the codes an act was written down with; what it does not have is left out."""
    facts = note.facts
    missing = [texts.term("missing", code) for code in facts.get("missing", "").split(",") if code]
    purpose = next((p for p in rules.purposes if p.code == facts.get("purpose")), None)
    return {
        "act": texts.term("act", note.act) if texts.has("terms", f"act_{note.act}") else note.act,
        "missing": joined(", ", [_small(m) for m in missing]),
        "reason": _small(texts.term("decline", facts["reason"])) if note.act.endswith("_declined") else None,
        "amount": Kroner(int(facts["amount"])) if "amount" in facts else None,
        "purpose": _small(texts.named(purpose)) if purpose else None,
    }


def missing(texts: Texts, notes: list[Note], *, meta: str) -> Json:
    """The notes that are missing in the case system, to be shown one by one, or ticked off."""
    page = Page(Surface.MODAL)
    title = texts.say("journal", "title_list")
    if not notes:
        page.section(texts.say("journal", "none_missing"))
        return page.modal(title=title, callback="note.list", close=texts.say("common", "close"))
    page.section(
        texts.say("journal", "missing", count=len(notes)),
        button=Button(texts.say("journal", "in_a_row"), "note.show", str(notes[0].seq), "primary"),
    )
    shown = notes[:MOST_TICKS]
    choices = [Choice(_entry(texts, n), str(n.seq)) for n in shown]
    page.input(f"done~{shown[0].seq}", texts.say("journal", "label_done"), checkboxes(choices))
    if len(notes) > MOST_TICKS:
        page.context(texts.say("journal", "more", count=len(notes) - MOST_TICKS))
    return page.modal(
        title=title,
        callback="note.list",
        submit=texts.say("journal", "mark"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def _entry(texts: Texts, note: Note) -> Said:
    day = local(note.at).date()
    if note.minutes:
        amended = note.act == "minutes_amended"
        return texts.say("journal", "entry_minutes", alias=note.alias, day=day, amended=amended)
    return texts.say("journal", "entry", alias=note.alias, act=note.act, day=day)


def notes_part(page: Page, texts: Texts, _rules: Rules, count: int) -> None:
    """The line on Home."""
    page.section(
        texts.say("journal", "missing", count=count),
        button=Button(texts.say("journal", "show"), "note.list", label=texts.say("journal", "show_missing")),
    )
