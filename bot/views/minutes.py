"""Minutes as people read them: composed sentences, »Ad 1.«, roles and areas instead of names (G2, D16, D40)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.calendar import local_date
from bot.domain.decision import CHANGED, DISCUSSED, OUT_OF_SCOPE, POSTPONED, is_closing, points_of
from bot.domain.meeting import MeetingState
from bot.domain.people import PersonId
from bot.domain.presentation import Recommendation
from bot.domain.rules import Rules
from bot.texts import Said, Texts, figure, joined
from bot.usecases.decided import DecidedTogether, DecidedTold, MandateLacked
from bot.usecases.minutes import Attendant, CaseMinutes, MinutesLine, MinutesTold, MinutesView, WaitingMinutes
from bot.views import amendment
from bot.views import recommendation as rec
from bot.views.handover import accept_button
from bot.views.kit import Button, Json, Page, Surface


def page(texts: Texts, view: MinutesView, *, approved_now: bool = False) -> Json:
    """The meeting's decisions, a line each, with the minutes of each case behind a button."""
    shown = Page(Surface.MODAL)
    shown.section(texts.say("minutes", "heading", day=view.meeting.day))
    if approved_now:
        shown.section(texts.say("minutes", "approved_form"))
    for line in view.lines:
        label = texts.say("minutes", "show_one_named", number=line.number)
        value = f"{view.meeting.id}:{line.presentation_id}"
        shown.section(
            _line(texts, view, line),
            button=Button(texts.say("minutes", "show_one"), "minutes.case", value, label=label),
        )
    _ended(shown, texts, view)
    shown.context(_standing(texts, view, me=False))
    shown.buttons(*_answers(texts, view))
    return shown.modal(
        title=texts.say("minutes", "title"), callback="minutes.page", close=texts.say("common", "close")
    )


def to_chair(told: MinutesTold, texts: Texts, _rules: Rules) -> Json:
    """One line per item and two presses; afterwards one line that says who approved."""
    view = told.view
    shown = Page(Surface.DIRECT)
    if view.meeting.state == MeetingState.IN_SESSION:
        shown.section(texts.say("minutes", "reopened", day=view.meeting.day))
        return shown.message(texts.say("common", "news"))
    if view.meeting.state == MeetingState.APPROVED:
        shown.section(_standing(texts, view, me=told.to_me))
        shown.buttons(_open(texts, view))
        return shown.message(texts.say("common", "news"))
    shown.section(texts.say("minutes", "heading", day=view.meeting.day))
    lines = joined("\n", [_line(texts, view, line) for line in view.lines])
    if lines:
        shown.section(lines)
    _ended(shown, texts, view)
    shown.buttons(*_answers(texts, view), _open(texts, view))
    return shown.message(texts.say("common", "notification"))


def _ended(shown: Page, texts: Texts, view: MinutesView) -> None:
    """A closing beside other items of its case is said before it is approved, and afterwards (T28)."""
    for alias, e in view.ended:
        others = [figure(n) for n in e.others]
        shown.section(texts.say("minutes", "ended", alias=alias, number=e.number, others=others))


def _answers(texts: Texts, view: MinutesView) -> tuple[Button | None, Button | None]:
    id = view.meeting.id  # noqa: A001
    return (
        Button(texts.say("minutes", "approve"), "minutes.approve", id, "primary")
        if view.may_approve
        else None,
        Button(texts.say("minutes", "correct"), "minutes.correct", id) if view.may_correct else None,
    )


def _open(texts: Texts, view: MinutesView) -> Button:
    return Button(texts.say("minutes", "open"), "minutes.open", view.meeting.id)


def _standing(texts: Texts, view: MinutesView, *, me: bool) -> Said:
    if view.meeting.approved_at:
        return texts.say(
            "minutes",
            "approved",
            day=view.meeting.day,
            me=me,
            by=view.approved_by,
            at=view.meeting.approved_at,
        )
    waits = texts.say("minutes", "waits")
    if view.recorded_by:
        return joined(" · ", [texts.say("minutes", "recorded", by=view.recorded_by), waits])
    return waits


def _line(texts: Texts, view: MinutesView, line: MinutesLine) -> Said:
    day = view.days.get(line.decision.to_meeting or "")
    facts = {"number": line.number, "alias": line.alias, "choice": line.decision.choice}
    if line.written:
        return texts.say("minutes", "line_written", **facts)
    if day:
        return texts.say("minutes", "line_to", day=day, **facts)
    return texts.say("minutes", "line", **facts)


def case_page(words: Texts, texts: Texts, rules: Rules, minutes: CaseMinutes) -> Json:
    """`texts` speak the committee's language (D24); `words` are the reader's."""
    shown = Page(Surface.MODAL)
    if minutes.superseded:
        shown.section(words.say("minutes", "superseded", version=minutes.version, newest=minutes.newest))
    for said in case_minutes(texts, rules, minutes):
        shown.section(said)
    amendment.case_buttons(shown, words, minutes)
    return shown.modal(
        title=words.say("minutes", "title"), callback="minutes.case", close=words.say("common", "close")
    )


def case_minutes(texts: Texts, rules: Rules, m: CaseMinutes) -> list[Said]:
    """The paragraphs of one case's minutes: what is journaled in the case system."""
    texts = texts.about(m.band)
    head = _case_head(texts, m)
    decided = joined("\n", rec.numbered(texts, "minutes", "ad", _sentences(texts, rules, m)))
    return [head, decided, joined("\n", _about(texts, rules, m)), joined("\n", _signed(texts, rules, m))]


def _case_head(texts: Texts, m: CaseMinutes) -> Said:
    facts = {"committee": m.committee, "number": m.number, "alias": m.alias, "key": m.key, "kind": m.kind}
    if m.written and m.written.settled_at:
        return texts.say("minutes", "case_head_written", day=local_date(m.written.settled_at), **facts)
    return texts.say("minutes", "case_head", day=m.meeting.day, **facts)


def _sentences(texts: Texts, rules: Rules, m: CaseMinutes) -> list[Said]:
    d = m.decision
    if d.choice == POSTPONED:
        return [texts.say("minutes", "postponed", day=m.to_day, reason=d.reason)]
    if d.choice == OUT_OF_SCOPE:
        area = rec.area(texts, rules, d.area or "")
        return [texts.say("minutes", "out_of_scope", reason=d.reason, area=area)]
    if d.choice == DISCUSSED:
        return [texts.say("briefing", "minuted") if m.in_writing else texts.say("minutes", "discussed")]
    final = d.final or Recommendation()
    said = []
    for code in points_of(m.kind, final):
        sentence = _sentence(texts, rules, m, code, final)
        changed = _WHERE.get(code, code) in d.changed_points or (
            code == "frame" and "payer" in d.changed_points
        )
        said.append(texts.say("minutes", "ad_changed", said=sentence) if changed else sentence)
    return said or [texts.say("minutes", "ad_nothing")]


_WHERE = {"stops": "measures", "keep_frame": "payer"}
"""The point of the form under which a sentence is changed, where it has another name."""


def _sentence(texts: Texts, rules: Rules, m: CaseMinutes, code: str, r: Recommendation) -> Said:
    match code:
        case "plan":
            return texts.say("minutes", "ad_plan", goals=rec.goals(texts, r.goals))
        case "measures":
            return texts.say("minutes", "ad_measures", measures=rec.measures(texts, rules, r))
        case "caseworker":
            area = rec.area(texts, rules, m.caseworker_area) if m.caseworker_area else None
            return texts.say("minutes", "ad_caseworker", area=area, yes=r.caseworker_said_yes_at is not None)
        case "frame":
            return _frame(texts, rules, r)
        case "stops":
            return texts.say("minutes", "ad_stops", measures=rec.stops(texts, rules, r))
        case "handover" | "group" | "group_ends":
            return rec.continuity(texts, rules, r)[code]()
        case "keep_frame":
            return rec.frame_goes_on(texts, rules, r, "minutes", "ad_keep_frame")
        case "follow_up":
            return texts.say("minutes", "ad_follow_up", day=r.follow_up_on)
        case "progress":
            return texts.say("minutes", "ad_progress", goals=rec.progress(texts, r))
        case "outcome":
            return texts.say("minutes", "ad_outcome", outcome=r.outcome)
        case "support":
            return texts.say("minutes", "ad_support", closing=r.closing, reason=r.support_reason)
        case _:
            return texts.say("minutes", "ad_closing", closing=r.closing)


def _frame(texts: Texts, rules: Rules, r: Recommendation) -> Said:
    if r.frame is None or not r.frame.amount:
        return texts.say("minutes", "ad_no_frame")
    said = texts.say(
        "minutes",
        "ad_frame",
        amount=r.frame.amount,
        until=r.follow_up_on,
        purposes=rec.purposes(texts, rules, r.frame.purposes),
        payer=rec.area(texts, rules, r.frame.payer),
    )
    if r.frame.outside_reason:
        reason = texts.say("minutes", "ad_frame_reason", reason=r.frame.outside_reason)
        return joined(" ", [said, reason])
    return said


def _about(texts: Texts, rules: Rules, m: CaseMinutes) -> list[Said]:
    """The young person's part, tasks, mandates, reservations, who was there."""
    d = m.decision
    lines = []
    if d.adopted_from:
        lines.append(texts.say("minutes", "adopted", body=d.adopted_from, changed=d.choice == CHANGED))
    if m.ended_by is not None:
        lines.append(texts.say("minutes", "ended_by", number=m.ended_by))
    if d.participation and d.final:
        why = d.participation_reason
        lines.append(texts.say("minutes", "participation", how=d.participation, why=why))
    if d.final and d.final.measures and not is_closing(m.kind, d.final):
        tasks = [
            texts.say("minutes", "task", area=rec.area(texts, rules, t.area), measure=rules.measure(t.code))
            for t in d.final.measures
        ]
        lines.append(texts.say("minutes", "tasks", day=m.tasks_due_on, tasks=joined("; ", tasks)))
    if not m.written:
        lines.append(_mandates(texts, rules, m))
    if m.unconfirmed:
        lines.append(texts.say("minutes", "unconfirmed", people=_people(texts, rules, m, m.unconfirmed)))
    if d.reservations:
        who, numbers = _people(texts, rules, m, d.reservations), _numbers(m)
        lines.append(texts.say("minutes", "reservations", people=who, points=numbers))
    if d.dissent:
        lines.append(texts.say("minutes", "dissent", people=_people(texts, rules, m, d.dissent)))
    if d.conflicted:
        lines.append(texts.say("minutes", "conflicted", people=_people(texts, rules, m, d.conflicted)))
    if m.written:
        lines.append(texts.say("minutes", "written_by", people=_people(texts, rules, m, m.written.voters)))
        return lines
    there = [p for p in m.meeting.attending if p not in d.conflicted]
    if there:
        lines.append(texts.say("minutes", "present", people=_people(texts, rules, m, there)))
    if m.absent:
        lines.append(texts.say("minutes", "absent", people=_people(texts, rules, m, m.absent)))
    return lines


def _numbers(m: CaseMinutes) -> list[Said]:
    """The points a reservation concerns, by the numbers they have above (R130, R132)."""
    points = points_of(m.kind, m.decision.final) if m.decision.final else ()
    return [figure(n) for n, p in enumerate(points, start=1) if p in m.decision.reservation_points]


def _mandates(texts: Texts, rules: Rules, m: CaseMinutes) -> Said:
    without = m.decision.without_mandate
    if not without:
        return texts.say("minutes", "mandates_all")
    return texts.say("minutes", "mandates_but", people=_people(texts, rules, m, without))


def _signed(texts: Texts, rules: Rules, m: CaseMinutes) -> list[Said]:
    lines = [texts.say("minutes", "disclaimer")]
    if m.approved_by and m.meeting.approved_at:
        day = local_date(m.meeting.approved_at)
        lines.append(texts.say("minutes", "signed", day=day, who=_person(texts, rules, m.approved_by)))
        if m.amended_by and m.meeting.amended_at:
            who, on = _person(texts, rules, m.amended_by), local_date(m.meeting.amended_at)
            lines.append(texts.say("minutes", "amended", version=m.version, day=on, who=who))
    else:
        lines.append(texts.say("minutes", "unsigned"))
    return lines


def _people(texts: Texts, rules: Rules, m: CaseMinutes, people: Iterable[PersonId]) -> list[Said]:
    return [_person(texts, rules, m.people[p]) for p in people]


def _person(texts: Texts, rules: Rules, who: Attendant) -> Said:
    role = texts.term("seat" if who.seated else "role", who.role)
    area = rec.area(texts, rules, who.area) if who.area else None
    return texts.say("minutes", "person", role=role, area=area)


OUTCOMES_IN_A_MESSAGE = 4


def decided(told: DecidedTogether, texts: Texts, rules: Rules) -> Json:
    """What came of a person's items, to the fixed caseworker and whoever presented them: one is told whole."""
    if len(told.items) == 1:
        return one_decided(told.items[0], texts, rules)
    shown = Page(Surface.DIRECT)
    shown.section(texts.say("minutes", "told_several", count=len(told.items)))
    for one in told.items[:OUTCOMES_IN_A_MESSAGE]:
        opens = texts.say("common", "open_named", alias=one.alias)
        button = Button(texts.say("minutes", "open_case"), "case.open", one.case_id, label=opens)
        if one.may_accept:
            button = accept_button(texts, one.case_id, one.alias)
        shown.section(_in_short(one, texts, rules), button=button if one.sees else None)
    rest = len(told.items) - OUTCOMES_IN_A_MESSAGE
    if rest > 0:
        shown.context(texts.say("overview", "more", count=rest))
    return shown.message(texts.say("common", "news"))


def _in_short(told: DecidedTold, texts: Texts, rules: Rules) -> Said:
    """What came of it, in a line; the rest stands on the case."""
    texts = texts.about(told.band)
    lines = [_came_of(told, texts, rules)]
    if told.ended:
        lines.append(texts.say("minutes", "told_ended"))
    return joined("\n", lines)


def one_decided(told: DecidedTold, texts: Texts, rules: Rules) -> Json:
    shown = Page(Surface.DIRECT)
    shown.section(_told(told, texts, rules))
    if told.sees:
        shown.buttons(
            accept_button(texts, told.case_id, told.alias) if told.may_accept else None,
            Button(texts.say("minutes", "open_case"), "case.open", told.case_id),
        )
    return shown.message(texts.say("common", "news"))


def contact(told: DecidedTold, texts: Texts, rules: Rules) -> Json:
    area = rec.area(texts, rules, told.decision.area or "")
    shown = Page(Surface.DIRECT)
    shown.section(texts.say("minutes", "told_contact", alias=told.alias, key=told.key, area=area))
    return shown.message(texts.say("common", "news"))


def mandate_lacked(told: MandateLacked, texts: Texts, rules: Rules) -> Json:
    area = rec.area(texts, rules, told.area)
    shown = Page(Surface.DIRECT)
    shown.section(texts.say("minutes", "mandate_lacked", area=area, day=told.day, to_day=told.to_day))
    return shown.message(texts.say("common", "news"))


def _came_of(told: DecidedTold, texts: Texts, rules: Rules) -> Said:
    d = told.decision
    facts = {"alias": told.alias, "key": told.key}
    if d.choice == POSTPONED:
        return texts.say("minutes", "told_postponed", day=told.to_day, reason=d.reason, **facts)
    if d.choice == OUT_OF_SCOPE:
        area = rec.area(texts, rules, d.area or "")
        return texts.say("minutes", "told_out_of_scope", area=area, contact=told.contact, **facts)
    if d.choice == DISCUSSED:
        return texts.say("minutes", "told_discussed", kind=told.kind, **facts)
    if d.final and is_closing(told.kind, d.final):
        return texts.say("minutes", "told_closed", **facts)
    return texts.say("minutes", "told_decided", kind=told.kind, **facts)


def _told(told: DecidedTold, texts: Texts, rules: Rules) -> Said:
    texts = texts.about(told.band)
    d = told.decision
    lines = [_came_of(told, texts, rules)]
    if d.choice in (POSTPONED, OUT_OF_SCOPE, DISCUSSED) or (d.final and is_closing(told.kind, d.final)):
        return lines[0]
    if told.caseworker:
        lines.append(
            texts.say("minutes", "told_you")
            if told.mine
            else texts.say("minutes", "told_caseworker", name=told.caseworker)
        )
    if told.frame:
        lines.append(texts.say("minutes", "told_frame", amount=told.frame.amount))
    if told.follow_up_on:
        lines.append(texts.say("minutes", "told_follow_up", day=told.follow_up_on))
    if told.ended:
        lines.append(texts.say("minutes", "told_ended"))
    return joined("\n", lines)


def home_part(page: Page, texts: Texts, _rules: Rules, waiting: tuple[WaitingMinutes, ...]) -> None:
    for one in waiting:
        day = one.meeting.day
        if one.may_approve:
            page.section(texts.say("minutes", "home_approve", day=day))
            page.buttons(
                Button(texts.say("minutes", "approve"), "minutes.approve", one.meeting.id, "primary"),
                Button(texts.say("minutes", "open"), "minutes.open", one.meeting.id),
            )
        else:
            page.section(
                texts.say("minutes", "home_waits", day=day),
                button=Button(texts.say("minutes", "open"), "minutes.open", one.meeting.id),
            )
