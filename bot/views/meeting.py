"""Mødepult: the secretary's and the chair's desk and its forms."""

from __future__ import annotations

from datetime import date

from bot.domain.calendar import local_date
from bot.domain.choices import NO_ITEMS
from bot.domain.meeting import Face, Meeting, MeetingState
from bot.domain.overtaking import would_end
from bot.domain.people import PersonId
from bot.domain.rules import Rules
from bot.texts import Privacy, Said, Texts, colleague, figure, joined
from bot.usecases.agenda_facts import AgendaView, Desk, ItemLine, Prepared
from bot.usecases.mandates import lamps
from bot.usecases.posts import Preview
from bot.usecases.urgent import UrgentTold
from bot.views.agenda import post_page, standing
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Overflow,
    Page,
    Surface,
    date_picker,
    multi_select,
    radio,
    select,
    time_picker,
)
from bot.views.memory import lamp_words
from bot.views.referral import offered

LENGTHS = (30, 45, 60, 90, 120)
ITEM_MINUTES = (5, 10, 15, 20, 25, 30, 40, 45, 60)


# --- Mødepult ---


def desk(page: Page, texts: Texts, rules: Rules, found: Desk) -> None:
    """This meeting item by item, what waits, what can be done; then the next one in short (A12)."""
    for meeting in found.undoable:
        _undoable(page, texts, meeting)
    if found.view is None:
        page.section(texts.say("meeting", "desk_none"))
        page.buttons(Button(texts.say("meeting", "extra"), "desk.extra"))
        return
    _desk_head(page, texts, rules, found, found.view)
    _desk_buttons(
        page, texts, found.view.meeting, found.today
    )  # before the list, however long: within eight blocks
    lit = lamps(found.view, rules, found.today)
    for line in found.view.lines:
        said = _desk_line(line, texts, found.view)
        if line.id in lit:
            said = joined("\n", [said, lamp_words(texts, rules, lit[line.id])])
        page.section(said, button=_overflow(line, texts, found.view))
    _desk_end(page, texts, found, found.view)
    for coming, count in found.coming:
        said = texts.say("meeting", "desk_coming", day=coming.day, extra=coming.extra, count=count)
        page.section(said, button=Button(texts.say("common", "open"), "desk.open", coming.id, label=said))


def desk_form(found: Desk, texts: Texts, rules: Rules, *, meta: str) -> Json:
    """The same desk as a form: for `/dagsorden`, and for another meeting than the next."""
    page = Page(Surface.MODAL)
    desk(page, texts, rules, found)
    return page.modal(
        title=texts.say("meeting", "desk_title"),
        callback="desk",
        close=texts.say("common", "close"),
        meta=meta,
    )


def _undoable(page: Page, texts: Texts, meeting: Meeting) -> None:
    page.section(told_of(texts, meeting), button=undo_button(texts, meeting))


def told_of(texts: Texts, meeting: Meeting) -> Said:
    """What was done with a meeting, and until when it can be undone."""
    facts = {"day": meeting.day, "starts": meeting.starts, "until": meeting.undo_until}
    if meeting.state == MeetingState.CANCELLED:
        return texts.say("meeting", "cancelled", **facts)
    return texts.say("meeting", "moved" if meeting.moved_at else "extra_added", **facts)


def undo_button(texts: Texts, meeting: Meeting) -> Button:
    cancelled = meeting.state == MeetingState.CANCELLED
    what = "cancel" if cancelled else "move" if meeting.moved_at else "extra"
    return Button(texts.say("common", "undo"), f"desk.{what}.undo", meeting.id)


def _desk_head(page: Page, texts: Texts, rules: Rules, found: Desk, view: AgendaView) -> None:
    m = view.meeting
    page.section(
        texts.say(
            "meeting",
            "desk_head",
            day=m.day,
            starts=m.starts,
            extra=m.extra,
            in_session=m.state == MeetingState.IN_SESSION,
            stage=view.stage.value,
            posted=m.posted_at is not None,
            waits=found.post_waits,
        )
    )
    warnings = _warnings(texts, rules, found, view)
    if warnings:
        page.context(joined("\n", warnings))


def _warnings(texts: Texts, rules: Rules, found: Desk, view: AgendaView) -> list[Said]:
    said = [
        texts.say(
            "meeting", "warn_lacking", number=line.item.number, area=texts.named(rules.area(line.lacking[0]))
        )
        for line in view.lines
        if line.lacking
    ]
    said += [
        texts.say("meeting", "warn_away", number=line.item.number, name=line.away)
        for line in view.lines
        if line.away
    ]
    said += _would_end(texts, view)
    not_ready = tuple(str(line.item.number) for line in view.lines if not line.ready)
    if not_ready and view.is_locked:
        said.append(texts.say("meeting", "warn_not_ready", numbers=not_ready))
    if found.absent:
        said.append(texts.say("meeting", "warn_absent", names=found.absent))
    if view.committee.channel is None:
        said.append(texts.say("meeting", "warn_no_channel"))
    return said


def _would_end(texts: Texts, view: AgendaView) -> list[Said]:
    """Known before the meeting: one item closes the case that others are about (T28)."""
    aliases = {line.case_id: line.alias for line in view.lines}
    return [
        texts.say(
            "meeting",
            "warn_ends",
            alias=aliases[e.case_id],
            number=e.number,
            others=[figure(n) for n in e.others],
            locked=view.is_locked,
        )
        for e in would_end(view.agenda.items)
    ]


def _desk_line(line: ItemLine, texts: Texts, view: AgendaView) -> Said:
    item = line.item
    return texts.say(
        "meeting",
        "desk_line",
        number=item.number,
        at=item.starts,
        alias=line.alias,
        kind=item.presentation.kind,
        minutes=item.minutes,
        standing=standing(line, texts, locked=view.is_locked),
        late=item.presentation.late_at,
        fits=item.fits,
        conflicts=bool(line.conflicts),
    )


def _overflow(line: ItemLine, texts: Texts, view: AgendaView) -> Overflow | Button:
    """At most five choices; a locked agenda only opens."""
    if view.is_locked:
        label = texts.say("agenda", "open_item", number=line.item.number)
        return Button(texts.say("common", "open"), "agenda.item", line.id, label=label)
    verbs = ("up", "down", "to", "minutes", "off")
    return Overflow("desk.item", tuple(Choice(texts.say("meeting", v), f"{v}:{line.id}") for v in verbs))


def _desk_end(page: Page, texts: Texts, found: Desk, view: AgendaView) -> None:
    if not view.lines:
        page.section(texts.say("meeting", "desk_no_items"))
    agenda = view.agenda
    end = texts.say("meeting", "desk_end", at=view.meeting.ends_clock, left=agenda.minutes_left)
    if not found.waiting:
        page.section(end)
        return
    aliases = tuple(dict.fromkeys(w.alias for w in found.waiting))
    said = joined(" · ", [end, texts.say("meeting", "desk_waiting", aliases=aliases)])
    add = Button(texts.say("meeting", "add"), "desk.add", view.meeting.id)
    page.section(said, button=None if view.is_locked else add)


def _desk_buttons(page: Page, texts: Texts, meeting: Meeting, today: date) -> None:
    on = meeting.state == MeetingState.IN_SESSION
    style = "primary" if on or meeting.day <= today else None  # before its day there is nothing to start
    start = Button(texts.say("meeting", "go_on" if on else "start"), "session.start", meeting.id, style)
    show = Button(texts.say("meeting", "preview"), "desk.preview", meeting.id)
    if on:
        page.buttons(start, show)
        return
    page.buttons(
        start,
        show,
        Button(texts.say("meeting", "cancel"), "desk.cancel", meeting.id),
        Button(texts.say("meeting", "move"), "desk.move", meeting.id),
        Button(texts.say("meeting", "extra"), "desk.extra"),
    )


# --- a member's preparation ---


def member(page: Page, texts: Texts, rules: Rules, found: Prepared) -> None:
    """From Thursday of the week before: each item, and whether one has answered for it (D18, R013)."""
    mine, meeting = found.mine, found.mine.view.meeting
    facts = {"day": meeting.day, "starts": meeting.starts}
    if not mine.lines:
        page.section(texts.say("meeting", "prepare_none", **facts))
    else:
        page.section(texts.say("meeting", "prepare_head", count=len(mine.lines), **facts))
    for line in mine.lines[:10]:
        _prepare_line(page, texts, rules, found, line)
    if mine.regretted:
        undo = Button(texts.say("common", "undo"), "agenda.absent.undo", meeting.id)
        page.section(texts.say("meeting", "regretted", day=meeting.day), button=undo)
        return
    page.buttons(
        Button(texts.say("agenda", "mandate"), "agenda.mandate", meeting.id, "primary")
        if any(not line.answered_by(mine.me) for line in mine.lines)
        else None,
        Button(texts.say("agenda", "absent"), "agenda.absent", meeting.id),
        Button(texts.say("agenda", "conflict"), "agenda.conflict", meeting.id) if mine.lines else None,
    )


def _prepare_line(page: Page, texts: Texts, rules: Rules, found: Prepared, line: ItemLine) -> None:
    area, tail = found.tails.get(line.id, (None, None))
    answered = line.answered_by(found.mine.me)
    said = texts.say(
        "meeting",
        "prepare_line",
        number=line.item.number,
        at=line.item.starts,
        alias=line.alias,
        system=rules.area(area).case_system if area else None,
        tail=tail,
        answered=answered,
    )
    label = texts.say("agenda", "open_item", number=line.item.number)
    opens = Button(texts.say("common", "open"), "agenda.item", line.id, label=label)
    if answered or page.tight:  # where it is tight, the item's own page has the answer
        page.section(said, button=opens)
        return
    page.section(said)
    named = texts.say("agenda", "have_mandate_named", number=line.item.number)
    mandate = Button(texts.say("agenda", "have_mandate"), "agenda.mandate.one", line.id, label=named)
    page.buttons(opens, mandate)


# --- the desk's forms ---


def add_form(found: Desk, texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    choices = [
        Choice(texts.say("meeting", "add_choice", alias=w.alias, kind=w.kind, minutes=w.minutes), w.id)
        for w in found.waiting
    ]
    page.input("item", texts.say("meeting", "label_add"), select(choices, initial=choices[0].value))
    return _form(page, texts, "add", meta)


def to_form(line: ItemLine, view: AgendaView, texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    choices = [
        Choice(texts.say("meeting", "to_choice", number=i.item.number, at=i.item.starts), str(i.item.number))
        for i in view.lines
    ]
    now = str(line.item.number)
    page.input("number", texts.say("meeting", "label_to", alias=line.alias), select(choices, initial=now))
    return _form(page, texts, "to", meta)


def minutes_form(line: ItemLine, texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    offered = sorted({*ITEM_MINUTES, line.item.minutes})
    choices = [Choice(texts.say("meeting", "minutes_choice", minutes=m), str(m)) for m in offered]
    now = str(line.item.minutes)
    page.input(
        "minutes", texts.say("meeting", "label_minutes", alias=line.alias), select(choices, initial=now)
    )
    return _form(page, texts, "minutes", meta)


def off_form(line: ItemLine, texts: Texts, rules: Rules, *, meta: str) -> Json:
    """A reason by a code, which whoever presents the item reads (T11)."""
    page = Page(Surface.MODAL)
    reasons = offered(texts, rules, "postpone")
    page.input("reason", texts.say("meeting", "label_off", alias=line.alias), radio(reasons))
    return _form(page, texts, "off", meta)


def cancel_form(meeting: Meeting, count: int, texts: Texts, rules: Rules, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    facts = {"day": meeting.day, "starts": meeting.starts, "count": count}
    page.section(texts.say("meeting", "cancel_about", **facts))
    reasons = [
        r for r in offered(texts, rules, "cancel_meeting") if r.value != NO_ITEMS or not count
    ]  # »Ingen punkter« would not be true of a meeting that has some
    page.input("reason", texts.say("meeting", "label_reason"), radio(reasons))
    return _form(page, texts, "cancel", meta)


def move_form(meeting: Meeting, texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("meeting", "day_and_clock", day=meeting.day, starts=meeting.starts))
    _slot(page, texts, day=meeting.day.isoformat(), starts=meeting.starts.strftime("%H:%M"))
    return _form(page, texts, "move", meta)


def extra_form(texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    _slot(page, texts, day=None, starts="09:00")
    lengths = [Choice(texts.say("meeting", "minutes_choice", minutes=m), str(m)) for m in LENGTHS]
    page.input("minutes", texts.say("meeting", "label_length"), select(lengths, initial="60"))
    return _form(page, texts, "extra", meta)


def urgent_now_form(
    texts: Texts, told: UrgentTold, members: tuple[tuple[PersonId, str], ...], *, meta: str
) -> Json:
    page = Page(Surface.MODAL).section(texts.say("ballot", "duty")).section(urgent_about(texts, told))
    _slot(page, texts, day=None, starts="08:15")
    everybody = [Choice(colleague(name), id) for id, name in members]  # noqa: A001 - a person's
    chosen = [c.value for c in everybody]
    called = multi_select(everybody, initial=chosen, hint=texts.say("common", "choose"))
    page.input("called", texts.say("agenda", "label_called"), called, hint=texts.say("agenda", "hint_called"))
    return page.modal(
        title=texts.say("agenda", "title_urgent_now"),
        callback="urgent.now",
        submit=texts.say("agenda", "submit_urgent_now"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def urgent_about(texts: Texts, told: UrgentTold) -> Said:
    """Which case it is about, on each form the chair opens from the message."""
    p = told.presentation
    facts = {"alias": told.alias, "key": told.key, "kind": p.kind, "urgent": p.urgent_reason}
    return texts.say("agenda", "urgent_about", **facts)


def _slot(page: Page, texts: Texts, *, day: str | None, starts: str) -> None:
    page.input("day", texts.say("meeting", "label_day"), date_picker(initial=day))
    page.input("starts", texts.say("meeting", "label_starts"), time_picker(initial=starts))


def _form(page: Page, texts: Texts, name: str, meta: str) -> Json:
    return page.modal(
        title=texts.say("meeting", f"title_{name}"),
        callback=f"desk.{name}",
        submit=texts.say("meeting", f"submit_{name}"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def preview(found: Preview, texts: Texts, rules: Rules, *, meeting: str) -> Json:
    """*Vis opslaget*: why it has this face, and then exactly what the channel gets."""
    page = Page(Surface.MODAL)
    outside = Button(texts.say("meeting", "see_who"), "desk.outside", meeting) if found.outside else None
    page.section(_why(found, texts), button=outside)
    at = found.posting_at
    page.context(
        texts.say("meeting", "posted")
        if found.posted
        else texts.say("meeting", "posting_at", day=local_date(at), at=at)
    )
    if found.post.face != Face.NONE:
        page.divider()
        page.blocks += post_page(found.post, texts, rules).blocks
    return page.modal(
        title=texts.say("meeting", "title_preview"),
        callback="desk.preview",
        close=texts.say("common", "close"),
    )


def _why(found: Preview, texts: Texts) -> Said:
    if found.blocked:
        return texts.say("meeting", f"why_{found.blocked.value}")
    if found.post.face == Face.CLOSED:
        return texts.say("meeting", "why_closed")
    if found.outside:
        return texts.say("meeting", "why_outside", count=len(found.outside))
    return texts.say("meeting", "why_public")


def outside(found: Preview, texts: Texts) -> Json:
    """*Se hvem*: the people who keep the aliases out of the channel."""
    page = Page(Surface.MODAL)
    page.section(
        joined("\n", [Said(f"• <@{person}>", Privacy.P1_COMMITTEE) for person in found.outside[:60]])
    )
    return page.modal(
        title=texts.say("meeting", "title_outside"), callback="told", close=texts.say("common", "close")
    )
