"""What can be done with the minutes of one case: a note to copy, a correction as a new version, the earlier ones (A7)."""

from __future__ import annotations

from bot.domain.decision import points_of
from bot.domain.presentation import PARTICIPATION
from bot.domain.rules import Rules
from bot.texts import Said, Texts, colleague, joined
from bot.usecases.amendments import AmendedTold, AmendView, NoteOfMinutes
from bot.usecases.minutes import CaseMinutes
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    checkboxes,
    multi_select,
    plain,
    select,
    text_field,
)
from bot.views.note import LONGEST_NOTE
from bot.views.referral import offered, terms


def case_buttons(page: Page, texts: Texts, m: CaseMinutes) -> None:
    ids = f"{m.meeting.id}:{m.presentation_id}"
    page.buttons(
        Button(texts.say("case", "show_note"), "minutes.note", f"{ids}:{m.version}")
        if m.approved_by and not m.superseded
        else None,
        Button(texts.say("minutes", "amend"), "minutes.amend", ids) if m.may_amend else None,
        Button(
            texts.say("minutes", "show_earlier", version=m.version - 1),
            "minutes.case",
            f"{ids}:{m.version - 1}",
        )
        if m.version > 1
        else None,
    )


def note_words(paragraphs: list[Said]) -> str:
    """The minutes as a note: bold on the page only."""
    return "\n\n".join(plain(said) for said in paragraphs).replace("*", "")[:LONGEST_NOTE]


def note_form(
    texts: Texts, paragraphs: list[Said], note: NoteOfMinutes, *, presentation: str, meta: str
) -> Json:
    """The minutes as they are journaled in the case system (D40): to be selected, copied, pasted, and ticked off."""
    page = Page(Surface.MODAL)
    page.input(
        f"note~{presentation}",
        texts.say("journal", "label"),
        text_field(most=LONGEST_NOTE, initial=note_words(paragraphs), lines=True),
        hint=texts.say("journal", "hint"),
    )
    if note.journaled:
        page.context(texts.say("journal", "marked"))
    return page.modal(
        title=texts.say("journal", "title"),
        callback="minutes.note",
        submit=texts.say("journal", "mark") if note.may_mark else texts.say("common", "done"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def form(texts: Texts, rules: Rules, view: AmendView, *, meta: str) -> Json:
    """Only what nothing has been carried out on; the first line says where everything else goes."""
    texts = texts.about(view.band)
    page, d = Page(Surface.MODAL), view.item.decision
    page.section(texts.say("minutes", "amend_about", alias=view.alias, key=view.key, number=view.item.number))
    hint = texts.say("common", "choose")
    if d.final is not None:
        options = terms(texts, "participation", PARTICIPATION)
        page.input(
            "participation",
            texts.say("session", "label_participation"),
            select(options, initial=d.participation, hint=hint),
        )
        reasons = offered(texts, rules, "participation", held=d.participation_reason)
        page.input(
            "participation_reason",
            texts.say("minutes", "label_why"),
            select(reasons, initial=d.participation_reason, hint=hint),
            optional=True,
        )
    people = [Choice(colleague(name), id) for id, name in view.people]  # noqa: A001
    page.input(
        "reservations",
        texts.say("session", "label_reservations"),
        multi_select(people, initial=d.reservations, hint=hint),
        optional=True,
    )
    points = points_of(view.item.kind, d.final) if d.final else ()
    if points:
        stood = [p for p in d.reservation_points if p in points]
        page.input(
            "reservation_points",
            texts.say("session", "label_reservation_points"),
            multi_select(terms(texts, "point", points), initial=stood, hint=hint),
            optional=True,
        )
    page.input("here", texts.say("minutes", "label_here"), checkboxes(people, initial=view.meeting.attending))
    return page.modal(
        title=texts.say("minutes", "title_amend"),
        callback="minutes.amend",
        submit=texts.say("minutes", "submit_amend", version=view.meeting.minutes_version + 1),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def told(facts: AmendedTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    version = facts.meeting.minutes_version
    page.section(
        joined(
            "\n",
            [
                texts.say("minutes", "told_amended", alias=facts.alias, key=facts.key, version=version),
                texts.say("minutes", "told_replace"),
            ],
        )
    )
    page.buttons(
        Button(texts.say("minutes", "open"), "minutes.case", f"{facts.meeting.id}:{facts.presentation_id}")
    )
    return page.message(texts.say("common", "news"))
