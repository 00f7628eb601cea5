"""What people hear about meetings in direct messages: their time, a change, regrets, and what is urgent."""

from __future__ import annotations

from bot.domain.ballot import Ballot, BallotState
from bot.domain.meeting import Blocked
from bot.domain.presentation import State
from bot.domain.rules import Rules
from bot.texts import Public, Said, Texts, joined
from bot.usecases.agendas import AbsenceTold, SeatNotLent
from bot.usecases.calling import REGRET, YES, CalledTold
from bot.usecases.meetings import MeetingChanged
from bot.usecases.post_words import PostTrouble
from bot.usecases.presenters import PresentedItem, Presenting
from bot.usecases.taking_off import TakenOffTold
from bot.usecases.urgent import CanWait, UrgentTold
from bot.views.kit import Button, Json, Page, Surface

WITH_ITS_LEADER = (State.REQUESTED, State.RETURNED)
"""Chosen for a meeting, and not yet to be put on it."""
LINES_IN_A_MESSAGE = 6
BUTTONS_IN_A_MESSAGE = 4
CHANGES_IN_A_MESSAGE = 3


def presenting(told: Presenting, texts: Texts, _rules: Rules) -> Json:
    """One item in two lines; several are a line each, with *Gør klar* at those that are not."""
    page = Page(Surface.DIRECT)
    day, count = told.meeting.day, len(told.items)
    if count == 1:
        (item,) = told.items
        facts = {"at": item.starts, "alias": item.alias, "number": item.number}
        page.section(texts.say("agenda", "presenting_dm", day=day, **facts))
        page.buttons(None if item.ready else _get_ready(texts, item))
        return page.message(texts.say("common", "news"))
    page.section(texts.say("agenda", "presenting_several_dm", day=day, count=count))
    shown = told.items[:LINES_IN_A_MESSAGE]
    unready = [item for item in shown if not item.ready][:BUTTONS_IN_A_MESSAGE]
    for item in shown:
        facts = {"at": item.starts, "alias": item.alias, "number": item.number}
        button = _get_ready(texts, item, named=True) if item in unready else None
        page.section(texts.say("agenda", "presenting_line_dm", **facts), button=button)
    if count > len(shown):
        page.context(texts.say("overview", "more", count=count - len(shown)))
    return page.message(texts.say("common", "news"))


def _get_ready(texts: Texts, item: PresentedItem, *, named: bool = False) -> Button:
    label = texts.say("agenda", "get_ready_named", alias=item.alias) if named else None
    return Button(texts.say("agenda", "get_ready"), "ready.open", item.presentation, "primary", label)


def changed(told: MeetingChanged, texts: Texts, _rules: Rules) -> Json:
    """What happened to the meeting, and a line for each of the reader's items."""
    page = Page(Surface.DIRECT)
    what = "cancelled" if told.cancelled else "moved"
    shown = told.items[:CHANGES_IN_A_MESSAGE]
    lines = [texts.say("agenda", f"meeting_{what}_dm", day=told.old_day)]
    for item in shown:
        now = item.meeting
        facts = {"now_day": now.day if now else None, "now_starts": now.starts if now else None}
        lines.append(texts.say("agenda", f"meeting_{what}_line_dm", alias=item.alias, **facts))
    page.section(joined("\n", lines))
    if len(told.items) > len(shown):
        page.context(texts.say("overview", "more", count=len(told.items) - len(shown)))
    return page.message(texts.say("common", "news"))


def taken_off(told: TakenOffTold, texts: Texts, _rules: Rules) -> Json:
    texts = texts.about(told.band)
    page = Page(Surface.DIRECT)
    facts = {"alias": told.alias, "key": told.key, "by": told.by, "day": told.day}
    if told.undone:
        page.section(texts.say("undo", "told_taken_off", **facts))
    else:
        page.section(texts.say("agenda", "taken_off_dm", reason=told.reason, **facts))
    return page.message(texts.say("common", "news"))


def trouble(told: PostTrouble, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    day = told.meeting.day
    if told.blocked is None:
        page.section(texts.say("agenda", "post_missed_dm", day=day))
        return page.message(texts.say("common", "news"))
    page.section(
        texts.say("agenda", "post_blocked_dm", day=day, why=told.blocked.value, over=bool(told.over_in))
    )
    act = "send_again" if told.blocked == Blocked.DELETED else "try_again"
    again = ("place.again", told.over_in) if told.over_in else ("post.again", told.meeting.id)
    page.buttons(Button(texts.say("agenda", act), *again, "primary"))
    return page.message(texts.say("common", "notification"))


def regret(told: AbsenceTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    points = tuple(sorted({n for n, _ in told.lacking}))
    page.section(
        texts.say(
            "agenda",
            "regret_dm",
            name=told.absent_name,
            day=told.meeting.day,
            still=told.still,
            stand_in=told.stand_in_name,
            points=tuple(str(n) for n in points),
        )
    )
    return page.message(texts.say("common", "news"))


def stand_in(told: AbsenceTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"day": told.meeting.day, "starts": told.meeting.starts, "name": told.absent_name}
    page.section(
        texts.say(
            "agenda", "stand_in_dm", still=told.still, to_me=told.to_me, stand_in=told.stand_in_name, **facts
        )
    )
    value = f"{told.meeting.id}:{told.absent}"
    if told.still and (told.to_me or told.stand_in_name is None):
        page.buttons(
            None if told.to_me else Button(texts.say("agenda", "can"), "standin.yes", value, "primary"),
            Button(texts.say("agenda", "cannot"), "standin.no", value),
        )
    return page.message(texts.say("common", "notification" if told.still else "news"))


def seat_not_lent(told: SeatNotLent, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"day": told.day, "name": told.absent, "deputy": told.deputy}
    said = texts.say("agenda", "seat_not_lent", stand_in=told.stand_in, count=told.alternates, **facts)
    return page.section(said).message(texts.say("common", "news"))


def urgent(told: UrgentTold, texts: Texts, rules: Rules) -> Json:
    """The chair's message: to choose, or what was chosen and by whom."""
    page = Page(Surface.DIRECT)
    p = told.presentation
    if p.urgent_choice is None:
        _to_choose(page, texts, rules, told)
        return page.message(texts.say("common", "notification"))
    page.section(
        urgent_chosen(texts, told),
        button=Button(texts.say("common", "undo"), "urgent.undo", p.id) if told.may_undo else None,
    )
    return page.message(texts.say("common", "news"))


def urgent_chosen(texts: Texts, told: UrgentTold) -> Said:
    if told.written:
        return _written(texts, told, told.written)
    said = _chosen(texts, told)
    if told.chosen and told.presentation.state in WITH_ITS_LEADER:
        said = joined("\n", [said, texts.say("agenda", "urgent_not_referred")])
    if told.called is None:
        return said
    facts = {"count": told.called.count, "yes": told.called.yes, "regrets": told.called.regrets}
    return joined("\n", [said, texts.say("agenda", "called_standing", **facts)])


def _chosen(texts: Texts, told: UrgentTold) -> Said:
    p = told.presentation
    return texts.say(
        "agenda",
        f"urgent_chosen_{p.urgent_choice}",
        alias=told.alias,
        key=told.key,
        day=told.chosen.day if told.chosen else None,
        starts=told.chosen.starts if told.chosen else None,
        me=told.to_me,
        by=told.by_name,
        at=p.urgent_at,
    )


def called(told: CalledTold, texts: Texts, _rules: Rules) -> Json:
    """To a member: come, or send regrets; answered, one line with the way back."""
    page, meeting = Page(Surface.DIRECT), told.meeting
    facts = {"day": meeting.day, "starts": meeting.starts, "room": Public(meeting.room)}
    page.section(texts.say("agenda", f"called_{told.answer or 'ask'}", **facts))
    come = Button(texts.say("agenda", "called_come"), "called.yes", meeting.id, "primary")
    absent = Button(texts.say("agenda", "absent"), "agenda.absent", meeting.id)
    page.buttons(None if told.answer == YES else come, None if told.answer == REGRET else absent)
    return page.message(texts.say("common", "notification" if told.waits else "news"))


def _written(texts: Texts, told: UrgentTold, ballot: Ballot) -> Said:
    """How the written procedure stands, in numbers; who said what is nobody's but their own."""
    facts = {"alias": told.alias, "key": told.key, "me": told.to_me, "by": told.by_name}
    said = texts.say("ballot", "chosen", at=told.presentation.urgent_at, **facts)
    if ballot.state == BallotState.OPEN:
        counts = {"answered": len(ballot.votes), "count": len(ballot.voters), "missing": []}
        return joined("\n", [said, texts.say("ballot", "standing", until=ballot.deadline, **counts)])
    if ballot.state == BallotState.TO_MEETING:
        day = told.chosen.day if told.chosen else None
        return joined("\n", [said, texts.say("ballot", "standing_to_meeting", day=day, why=ballot.why)])
    if ballot.state == BallotState.APPROVED:
        return joined("\n", [said, texts.say("ballot", "standing_approved", at=ballot.approved_at)])
    return joined("\n", [said, texts.say("ballot", "standing_agreed", count=len(ballot.voters))])


def _to_choose(page: Page, texts: Texts, rules: Rules, told: UrgentTold) -> None:
    p, m = told.presentation, told.next_meeting
    page.section(
        texts.say(
            "referral",
            "urgent_to_chair",
            alias=told.alias,
            key=told.key,
            kind=p.kind,
            urgent=p.urgent_reason,
            area=texts.named(rules.area(told.area)),
            cancelled=told.cancelled,
        )
    )
    extra = texts.say("agenda", "urgent_extra_on", day=m.day) if m else texts.say("agenda", "urgent_extra")
    if p.is_open:
        page.buttons(
            Button(extra, "urgent.extra", p.id, "primary") if m else None,
            Button(texts.say("agenda", "urgent_now"), "urgent.now", p.id),
            Button(texts.say("ballot", "offer"), "urgent.written", p.id) if told.offers_written else None,
            Button(texts.say("agenda", "urgent_wait"), "urgent.wait", p.id),
        )


def can_wait(told: CanWait, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(texts.say("agenda", "can_wait_dm", alias=told.alias, key=told.key, reason=told.reason))
    return page.message(texts.say("common", "news"))
