"""The agenda as people see it: the channel's two faces (A11), one's own agenda, one item opened."""

from __future__ import annotations

from bot.domain.calendar import local_date
from bot.domain.meeting import Face, Meeting, Stage, clears_on, totals
from bot.domain.presentation import Kind, Presentation, Recommendation, State
from bot.domain.rules import Rules
from bot.texts import Committee, Public, Said, Texts, joined
from bot.usecases.agenda_facts import AgendaView, ItemLine, MyAgenda, OpenedItem
from bot.usecases.post_words import Post
from bot.views import calendar, item_question, missing_again
from bot.views.briefing import read_button
from bot.views.kit import Button, Choice, Json, Page, Surface, radio
from bot.views.memory import memory_words

_BESIDE_A_MODAL = 50
"""Where the post's block ids begin, so that it can stand inside a preview."""


def post(told: Post, texts: Texts, rules: Rules) -> Json:
    """The channel's message, as the guard's look allows it."""
    return post_page(told, texts, rules).message(_notification(told, texts))


def post_page(told: Post, texts: Texts, rules: Rules) -> Page:
    closed = told.face == Face.CLOSED
    page = Page(Surface.CLOSED_CHANNEL if closed else Surface.OPEN_CHANNEL, _count=_BESIDE_A_MODAL)
    if told.stage == Stage.CANCELLED:
        _cancelled(page, told, texts)
    elif told.stage == Stage.CLEARED:
        _head(page, told, texts, "head_open")
        page.section(texts.say("agenda", "cleared"))
    elif closed:
        _closed(page, told, texts, rules)
    else:
        _open(page, told, texts, rules)
    return page


def _notification(told: Post, texts: Texts) -> Said:
    meeting = told.view.meeting
    stage = Public(told.stage.value)
    return texts.say("agenda", "notification", stage=stage, day=meeting.day, starts=meeting.starts)


def _head(page: Page, told: Post, texts: Texts, block: str) -> None:
    m = told.view.meeting
    page.header(texts.say("agenda", block, day=m.day, starts=m.starts, extra=m.extra))


def _cancelled(page: Page, told: Post, texts: Texts) -> None:
    _head(page, told, texts, "head_cancelled")
    following = told.view.next_meeting
    page.section(
        texts.say(
            "agenda",
            "cancelled",
            next_day=following.day if following else None,
            next_starts=following.starts if following else None,
        )
    )


def _where(told: Post, texts: Texts, block: str) -> list[Said]:
    meeting = told.view.meeting
    said = texts.say(
        "agenda",
        block,
        name=Public(told.view.committee.name),
        day=meeting.day,
        starts=meeting.starts,
        ends=meeting.ends_clock,
        room=Public(meeting.room),
    )
    return [*([texts.say("agenda", "late", at=told.late_at)] if told.late_at else []), said]


# --- the open face: nothing that tells one case from another ---


def _open(page: Page, told: Post, texts: Texts, rules: Rules) -> None:
    _head(page, told, texts, "head_open")
    page.section(joined("\n", [*_where(told, texts, "where_open"), *_counts(told, texts, rules)]))
    page.section(joined("\n", _open_points(told, texts)), button=practice_button(texts))
    m = told.view.meeting
    label = texts.say("agenda", "mine_label", day=m.day)
    mine = Button(texts.say("agenda", "mine"), "agenda.mine", m.id, "primary", label)
    page.buttons(mine, Button(texts.say("agenda", "absent"), "agenda.absent", m.id) if _ahead(told) else None)
    page.context(*_foot(told, texts), texts.say("agenda", "rule_open"))


def practice_button(texts: Texts) -> Button:
    """From the agenda's own point to the newest notes (R070)."""
    return Button(texts.say("common_practice", "show"), "praxis.open")


def _ahead(told: Post) -> bool:
    return told.stage in (Stage.PRELIMINARY, Stage.LOCKED)


def _counts(told: Post, texts: Texts, rules: Rules) -> list[Said]:
    view = told.view
    kinds = tuple(line.item.presentation.kind for line in view.lines)
    sums = totals(kinds, smallest=rules.agenda.smallest_group)
    deadline = [_deadline(view, texts)] if told.stage == Stage.PRELIMINARY else []
    if sums.few:
        return [texts.say("agenda", "few"), *deadline]
    if not sums.all:
        return [texts.say("agenda", "no_cases", minutes=_minutes_without_cases(rules)), *deadline]
    groups = tuple(texts.say("agenda", f"group_{name}", count=n) for name, n in sums.groups)
    total = texts.say("agenda", "total", count=sums.all, groups=groups)
    if not _ahead(told):
        return [total]
    ready = texts.say("agenda", "ready_open", ready=view.agenda.ready_count, count=sums.all)
    return [total, joined(" ", [ready, *deadline])]


def _minutes_without_cases(rules: Rules) -> int:
    return rules.agenda.opening_minutes + rules.agenda.tasks_minutes + 2 * rules.agenda.practice_minutes


def _deadline(view: AgendaView, texts: Texts) -> Said:
    return texts.say("agenda", "deadline", day=local_date(view.deadline), at=view.deadline)


def _open_points(told: Post, texts: Texts) -> list[Said]:
    """The cases as one span; what comes after them carries no clock time, and no number that would count them."""
    agenda, count = told.view.agenda, len(told.view.lines)
    few = 0 < count < 3
    lines = [
        texts.say("agenda", "point_opening", at=agenda.meeting.starts),
        texts.say("agenda", "point_tasks", at=agenda.tasks_at, open=None),
    ]
    if count:
        first, last = agenda.first_number, agenda.practice_number - 1
        lines.append(
            texts.say("agenda", "point_cases", first=first, last=None if few else last, at=agenda.cases_at)
        )
    practice, following = (None, None) if few else (agenda.practice_number, agenda.next_number)
    lines.append(texts.say("agenda", "point_practice", number=practice, at=None))
    lines.append(texts.say("agenda", "point_next", number=following, at=None, day=None))
    return lines


def _foot(told: Post, texts: Texts) -> list[Said]:
    following = told.view.next_meeting
    parts = [texts.say("agenda", "next_meeting", day=following.day)] if following else []
    return [joined("  ·  ", [*parts, _state(told, texts)])]


def _state(told: Post, texts: Texts) -> Said:
    if told.stage != Stage.PRELIMINARY:
        return texts.say("agenda", f"state_{told.stage.value}")
    if told.change is None:
        return texts.say("agenda", "state_preliminary", at=told.shown_at)
    few = told.face == Face.OPEN and len(told.view.lines) < 3
    change = Public("" if few else told.change)
    return texts.say("agenda", "state_updated", at=told.shown_at, change=change)


# --- the closed face: item by item ---


def _closed(page: Page, told: Post, texts: Texts, rules: Rules) -> None:
    view, agenda = told.view, told.view.agenda
    _head(page, told, texts, "head_closed")
    page.section(joined("\n", [*_where(told, texts, "where_closed"), *_readiness(told, texts, rules)]))
    page.section(
        joined(
            "\n",
            [
                texts.say("agenda", "point_opening", at=agenda.meeting.starts),
                texts.say("agenda", "point_tasks", at=agenda.tasks_at, open=view.open_tasks),
                *([texts.say("agenda", "written_since", count=view.written)] if view.written else []),
            ],
        )
    )
    _by_sections(page, view, texts, rules)
    page.section(joined("\n", _last_points(told, texts)), button=practice_button(texts))
    if _ahead(told):
        _member_buttons(page, texts, view.meeting)
    clears = texts.say("agenda", "clears", day=clears_on(view.meeting, rules))
    page.context(joined("  ·  ", [_state(told, texts), clears]), texts.say("agenda", "rule_closed"))


def _by_sections(page: Page, view: AgendaView, texts: Texts, rules: Rules) -> None:
    """A heading for each section; an item that stands there for its case's sake alone says what kind it is."""
    section = case = ""
    for line in view.lines:
        own, beside = line.item.section, line.case_id == case
        if own != section and not beside:
            page.context(texts.say("agenda", "section", name=texts.term("section", own)))
            section = own
        kind = line.item.presentation.kind if own != section else None
        page.section(_item(line, texts, rules, view, kind), button=_open_button(line, texts))
        case = line.case_id


def _readiness(told: Post, texts: Texts, rules: Rules) -> list[Said]:
    view = told.view
    deadline = [_deadline(view, texts)] if told.stage == Stage.PRELIMINARY else []
    if not view.lines:
        return [texts.say("agenda", "no_cases", minutes=_minutes_without_cases(rules)), *deadline]
    said = texts.say(
        "agenda",
        "ready_closed",
        ready=view.agenda.ready_count,
        count=len(view.lines),
        answered=view.answered,
        members=len(view.members),
    )
    return [said, *deadline] if _ahead(told) else deadline


def _last_points(told: Post, texts: Texts) -> list[Said]:
    agenda, following = told.view.agenda, told.view.next_meeting
    day = following.day if following else None
    return [
        texts.say("agenda", "point_practice", number=agenda.practice_number, at=agenda.practice_at),
        texts.say("agenda", "point_next", number=agenda.next_number, at=agenda.next_at, day=day),
    ]


def _item(line: ItemLine, texts: Texts, rules: Rules, view: AgendaView, kind: Kind | None) -> Said:
    item = line.item
    if line.conflicts:
        return texts.say("agenda", "item_hidden", number=item.number, at=item.starts)
    return texts.say(
        "agenda",
        "item",
        number=item.number,
        at=item.starts,
        alias=Committee(line.alias),
        kind=Committee(texts.term("kind", kind)) if kind else None,
        area=texts.named(rules.area(item.presentation.area)),
        standing=standing(line, texts, locked=view.is_locked),
        late=item.presentation.late_at,
    )


def standing(line: ItemLine, texts: Texts, *, locked: bool) -> Said:
    """Ready or not, in words: an emoji never carries it alone."""
    if line.item.presentation.state == State.DECIDED:
        return texts.say("agenda", "standing_decided")
    if line.item.presentation.in_writing:
        return texts.say("briefing", "standing")
    if line.ready:
        doubt = line.item.presentation.for_discussion_only
        return texts.say("agenda", "standing_discussion" if doubt else "standing_ready")
    if locked:
        return texts.say("agenda", "standing_discussion")
    if not line.missing:
        return texts.say("agenda", "standing_leader")
    return texts.say("agenda", "standing_missing", count=line.missing)


def _open_button(line: ItemLine, texts: Texts) -> Button:
    label = texts.say("agenda", "open_item", number=line.item.number)
    return Button(texts.say("common", "open"), "agenda.item", line.id, label=label)


def _member_buttons(page: Page, texts: Texts, meeting: Meeting) -> None:
    page.buttons(
        Button(texts.say("agenda", "mandate"), "agenda.mandate", meeting.id, "primary"),
        Button(texts.say("agenda", "absent"), "agenda.absent", meeting.id),
        Button(texts.say("agenda", "conflict"), "agenda.conflict", meeting.id),
    )


# --- one's own agenda, and one item opened ---


def mine(found: MyAgenda, texts: Texts) -> Json:
    """*Vis min dagsorden*: each their own truth; nothing tells whether there are cases one may not see."""
    page = Page(Surface.MODAL)
    meeting = found.view.meeting
    facts = {"starts": meeting.starts, "ends": meeting.ends_clock, "room": meeting.room}
    page.section(texts.say("agenda", "mine_head", day=meeting.day, **facts))  # which meeting, for everybody
    for line in found.lines:
        _mine_line(page, texts, found, line)
    if not found.lines:
        page.section(texts.say("agenda", "mine_none"))
    page.buttons(calendar.button(texts))
    if found.is_member and found.view.stage in (Stage.PRELIMINARY, Stage.LOCKED):
        _member_buttons(page, texts, meeting)
    page.buttons(practice_button(texts))
    return page.modal(
        title=texts.say("agenda", "title_mine"), callback="agenda.mine", close=texts.say("common", "close")
    )


def _mine_line(page: Page, texts: Texts, found: MyAgenda, line: ItemLine) -> None:
    at = line.item.starts
    if not found.whole and line.caseworker == found.me and line.ready:
        label = texts.say("common", "open_named", alias=line.alias)
        page.section(
            texts.say("agenda", "presenting", at=at, alias=line.alias),
            button=Button(texts.say("common", "open"), "case.open", line.case_id, label=label),
        )
        return
    if not found.whole and line.caseworker == found.me:
        label = texts.say("agenda", "get_ready_named", alias=line.alias)
        page.section(
            texts.say("agenda", "presenting", at=at, alias=line.alias),
            button=Button(texts.say("agenda", "get_ready"), "ready.open", line.id, "primary", label),
        )
        return
    said = texts.say(
        "agenda",
        "mine_line",
        number=line.item.number,
        at=at,
        alias=line.alias,
        standing=standing(line, texts, locked=found.view.is_locked),
    )
    page.section(said, button=_open_button(line, texts))


def item(found: OpenedItem, texts: Texts, rules: Rules, *, meta: str) -> Json:
    """*Åbn*: what the channel never shows; amounts and dates only here."""
    page = Page(Surface.MODAL)
    line, p = found.line, found.line.item.presentation
    page.section(
        texts.say(
            "agenda",
            "item_head",
            alias=line.alias,
            key=line.key,
            kind=p.kind,
            at=line.item.starts,
            minutes=line.item.minutes,
            area=texts.named(rules.area(p.area)),
            standing=standing(line, texts, locked=found.view.is_locked),
        )
    )
    if found.tail and found.case_system_of:
        system = rules.area(found.case_system_of).case_system
        page.context(texts.say("agenda", "item_tail", system=system, tail=found.tail))
    for at in found.sent_late:
        page.context(texts.say("agenda", "sent_late", at=at))
    if found.memory:
        page.section(memory_words(texts, rules, found.memory))
    _recommendation(page, texts, rules, p, found.caseworker_name)
    if p.in_writing:
        page.context(texts.say("briefing", "read_by", count=len(p.read_by)))
    if found.questions:
        mine = item_question.answer_button(texts, p.id, line.alias) if found.may_answer else None
        page.section(item_question.lines(texts, found.questions), button=mine)
    if found.may_take_mark:
        page.buttons(missing_again.button(texts, p.id))
    if found.is_member:
        _item_answers(page, texts, found)
    return page.modal(
        title=texts.say("agenda", "title_item", number=line.item.number),
        callback="agenda.item",
        close=texts.say("common", "close"),
        meta=meta,
    )


def _item_answers(page: Page, texts: Texts, found: OpenedItem) -> None:
    if found.me in found.line.mandates:
        page.context(texts.say("agenda", "answered"))
    has = found.me in found.line.mandates
    page.buttons(
        None
        if has
        else Button(texts.say("agenda", "have_mandate"), "agenda.mandate.one", found.line.id, "primary"),
        Button(texts.say("agenda", "have_conflict"), "agenda.conflict.one", found.line.id),
        item_question.ask_button(texts, found.line.id, found.line.item.number) if found.may_ask else None,
        read_button(texts, found.line.id) if _is_to_read(found) else None,
    )


def _is_to_read(found: OpenedItem) -> bool:
    p = found.line.item.presentation
    return p.in_writing and p.is_open and found.me not in p.read_by


def _recommendation(page: Page, texts: Texts, rules: Rules, p: Presentation, name: str | None) -> None:
    """Who recommends, and the points (R142)."""
    r = p.recommendation
    lines = recommendation_lines(texts, rules, r, name)
    if not lines:
        page.section(texts.say("agenda", "recommendation_none"))
        return
    head = texts.say("agenda", "recommendation", area=texts.named(rules.area(p.area)))
    page.section(joined("\n", [head, *lines]))


def recommendation_lines(texts: Texts, rules: Rules, r: Recommendation, name: str | None) -> list[Said]:
    """The »indstilling« in words: composed from codes, amounts, dates and areas (D16)."""
    lines: list[Said] = []
    if r.outcome:
        lines.append(texts.say("agenda", "rec_outcome", outcome=r.outcome))
    if r.support_reason:
        lines.append(texts.say("agenda", "rec_support", closing=r.closing, reason=r.support_reason))
    elif r.closing:
        lines.append(texts.say("agenda", "rec_closing", closing=r.closing))
    if r.goals:
        goals = tuple(texts.term("goal", g) for g in r.goals)
        lines.append(texts.say("agenda", "rec_goals", goals=goals))
    for m in r.measures:
        area = texts.named(rules.area(m.area))
        facts = {"measure": rules.measure(m.code), "area": area, "price": m.price}
        lines.append(texts.say("agenda", "rec_measure", **facts))
    if name:
        yes = r.caseworker_said_yes_at is not None
        lines.append(texts.say("agenda", "rec_caseworker", name=name, yes=yes))
    if r.frame:
        purposes = tuple(rules.purpose(p) for p in r.frame.purposes)
        payer = texts.named(rules.area(r.frame.payer))
        lines.append(texts.say("agenda", "rec_frame", amount=r.frame.amount, purposes=purposes, payer=payer))
    if r.follow_up_on:
        lines.append(texts.say("agenda", "rec_follow_up", day=r.follow_up_on))
    return lines


def conflict_form(found: MyAgenda, texts: Texts, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    choices = [
        Choice(texts.say("agenda", "conflict_choice", number=i.item.number, alias=i.alias), i.id)
        for i in found.lines
    ]
    if not choices:
        page.section(texts.say("agenda", "mine_none"))
        return page.modal(
            title=texts.say("agenda", "title_conflict"),
            callback="told",
            close=texts.say("common", "close"),
        )
    page.input("item", texts.say("agenda", "label_conflict"), radio(choices))
    return page.modal(
        title=texts.say("agenda", "title_conflict"),
        callback="agenda.conflict",
        submit=texts.say("agenda", "submit_conflict"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def answer(said: Said, texts: Texts, *, undo: Button | None = None) -> Json:
    """What came of it, with *Fortryd* where it told others; as a form."""
    page = Page(Surface.MODAL).section(said).buttons(undo)
    return page.modal(title=texts.say("common", "title"), callback="told", close=texts.say("common", "close"))


def answer_aside(said: Said, *, undo: Button | None = None) -> Json:
    """The same, beside a message."""
    page = Page(Surface.EPHEMERAL).section(said).buttons(undo)
    return page.aside(said)
