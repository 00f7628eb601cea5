"""»Gængs praksis«: what stands, how it came to stand, and figures without small groups (R070, R075)."""

from __future__ import annotations

from bot.domain.calendar import local_date
from bot.domain.common_practice import LONGEST
from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.common_practice import Cell, NoteShown, PracticeView
from bot.views.kit import Button, Choice, Json, Page, Surface, select, text_field

MOST_NOTES = 12


def page(texts: Texts, rules: Rules, view: PracticeView, *, meta: str) -> Json:
    shown = Page(Surface.MODAL)
    if view.may_write:
        shown.buttons(Button(texts.say("common_practice", "write"), "praxis.write", style="primary"))
    if not view.notes:
        shown.section(texts.say("common_practice", "none"))
    for note in view.notes[:MOST_NOTES]:
        versions = (
            Button(
                texts.say("common_practice", "versions"),
                "praxis.versions",
                note.note.topic,
                label=texts.say("common_practice", "versions_named", topic=rules.plan.named(note.note.topic)),
            )
            if note.versions > 1
            else None
        )
        shown.section(_note(texts, rules, note), button=versions)
    _figures(shown, texts, rules, view)
    return shown.modal(
        title=texts.say("common_practice", "title"),
        callback="praxis.page",
        close=texts.say("common", "close"),
        meta=meta,
    )


def _note(texts: Texts, rules: Rules, shown: NoteShown) -> Said:
    note = shown.note
    return texts.say(
        "common_practice",
        "note",
        topic=rules.plan.named(note.topic),
        text=note.text,
        day=local_date(note.at),
        by=shown.by,
        number=note.number,
    )


def _figures(page: Page, texts: Texts, rules: Rules, view: PracticeView) -> None:
    """How what was presented has been decided, why cases came back, what was adjusted alone; never a small group."""
    if not (view.decided or view.adjusted):
        return
    page.divider()
    page.section(texts.say("common_practice", "figures_head", day=local_date(view.since)))
    for block, cells in (("decided", view.decided), ("reasons", view.reasons), ("adjusted", view.adjusted)):
        if cells:
            lines = [_cell(texts, rules, block, cell) for cell in cells]
            page.section(joined("\n", [texts.say("common_practice", f"head_{block}"), *lines]))
    page.context(texts.say("common_practice", "small", smallest=rules.plan.smallest_cell))


def _cell(texts: Texts, rules: Rules, block: str, cell: Cell) -> Said:
    match block:
        case "decided":
            row, column = texts.term("kind", cell.row), texts.term("choice", cell.column)
            words = texts.say("common_practice", "pair", row=row, column=column)
        case "reasons":
            words = texts.term("significant", cell.column)
        case _:
            words = texts.named(rules.plan.named(cell.column))
    return texts.say(
        "common_practice", "cell", words=words, count=cell.count, smallest=rules.plan.smallest_cell
    )


def form(texts: Texts, rules: Rules, *, meta: str) -> Json:
    """A topic, and a short text that is about nobody."""
    shown = Page(Surface.MODAL)
    topics = [Choice(texts.named(t), t.code) for t in rules.plan.topics]
    shown.input(
        "topic",
        texts.say("common_practice", "label_topic"),
        select(topics, hint=texts.say("common", "choose")),
    )
    shown.input(
        "text",
        texts.say("common_practice", "label_text"),
        text_field(most=LONGEST, lines=True),
        hint=texts.say("common_practice", "hint_text"),
    )
    return shown.modal(
        title=texts.say("common_practice", "title_write"),
        callback="praxis.write",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def versions(texts: Texts, rules: Rules, found: tuple[NoteShown, ...]) -> Json:
    shown = Page(Surface.MODAL)
    for note in found[:40]:
        shown.section(_note(texts, rules, note))
    return shown.modal(
        title=texts.say("common_practice", "title"),
        callback="praxis.versions",
        close=texts.say("common", "close"),
    )
