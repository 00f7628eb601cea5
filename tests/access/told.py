"""Every kind of message: who hears it, and what there must be for it to have something to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.demo import town as demo
from bot.domain.ballot import Ballot, BallotState
from bot.domain.chain import Check, Fault, Verdict
from bot.domain.committee import Regret
from bot.domain.contacts import Handover
from bot.domain.gathering import AdviceRequest
from bot.domain.item_question import ItemQuestion
from bot.domain.meeting import Minuted
from bot.domain.people import PersonId, Post, Role
from bot.domain.presentation import Kind
from bot.domain.substitute import Substitute
from tests.access.world import ALI, DAY, DECISION, JENS, KIM, LISE, MAJA, World
from tests.access.world import build as build_world
from tests.support.office import OfficeTown

CASEWORKER = Post(Role.CASEWORKER, "social")
LEADS = Post(Role.AREA_LEADER, "social")
HEAD = Post(Role.DEPARTMENT_HEAD, "social")
ADMIN, CHAIR, SECRETARY, MEMBER = (
    Post(Role.ADMINISTRATOR),
    Post(Role.CHAIR),
    Post(Role.SECRETARY),
    Post(Role.COMMITTEE_MEMBER),
)
HENRIK, LONE, EVA = "U0HENRIK01", "U0LONE0001", "U0EVA00001"
BO, DITTE, ANNE = "U0BO000001", "U0DITTE001", "U0ANNE0001"
Facts = Callable[[World], dict[str, str]]


@dataclass(frozen=True)
class News:
    """`place`: where the teller asks whether its reader may still see the case (`tests/access/sites.py`)."""

    kind: str
    to: PersonId
    by_right_of: Post
    facts: Facts
    of: str = "case"  # which of the world's cases it is about
    place: str | None = None  # None: it asks for a role instead
    what: str = ""  # when a kind has more than one story
    left: tuple[Post, ...] = (Post(Role.EVALUATOR),)  # what the reader holds afterwards

    @property
    def name(self) -> str:
        return f"{self.kind} {self.what}".strip()


def _item(which: str, **more: str) -> Facts:
    return lambda w: {"presentation": getattr(w, which), **more}


def _is(**facts: str) -> Facts:
    return lambda _: facts


NEWS = (
    News("advice", JENS, LEADS, _is(advice="advice-social")),
    News("advice_answer", MAJA, CASEWORKER, _is(advice="answered"), place="gatherings._tell_advice_answer/case_of"),
    News("advice", MAJA, LEADS, _is(advice="advice-social"), what="own case", left=(CASEWORKER,), place="gatherings._tell_advice/told"),
    News("advisory", MAJA, CASEWORKER, _item("item"), place="advisory._tell_advice/case_of"),
    News("alarm", JENS, LEADS, _is(alarms="alarm"), of="quiet", place="two_chairs.tellers.tell/seen_by"),
    News("anchored", JENS, LEADS, _is(area="social"), place="anchorings._tell_anchored/case_of"),
    News("answered", MAJA, CASEWORKER, _item("requested"), of="requested", place="referral_news._tell_answer/case_of"),
    News("answered", MAJA, CASEWORKER, _item("declined"), of="declined", what="declined", place="referral_news._tell_answer/told"),
    News("area_tasks", JENS, LEADS, lambda w: {"area": "social", "meeting": w.meeting}, place="decided._tell_area_tasks/told"),
    News("ballot", HENRIK, MEMBER, lambda w: {"ballot": w.ballot}, of="on", place="ballot_facts._told/seen_by"),
    News("ballot_agreed", HENRIK, CHAIR, lambda w: {"ballot": w.ballot}, of="on", left=(SECRETARY,), place="ballot_facts._tell_agreed/told"),
    News("ballot_to_meeting", HENRIK, MEMBER, _is(ballot="sent-on"), of="on"),
    News("briefing", JENS, LEADS, _item("written_brief"), of="on", place="briefings._tell_briefing/case_of"),
    News("brought_back", JENS, LEADS, _item("on_item", by=MAJA), of="on", place="adjustments._tell_brought_back/case_of"),
    News("can_wait", MAJA, CASEWORKER, _item("chosen"), of="chosen", place="urgent._tell_can_wait/case_of"),
    News("case_cancelled", MAJA, CASEWORKER, _is(by=JENS), of="closed", place="cases._case_of/seen_by"),
    News("closed", MAJA, CASEWORKER, _item("item"), place="closing_news._closing/case_of"),
    News("closing", JENS, LEADS, _item("item")),
    News("complete", JENS, LEADS, _item("on_item"), of="on", place="ready_news._tell_complete/case_of"),
    News("contact", MAJA, CASEWORKER, lambda w: {"meeting": w.approved, "presentation": w.item}, place="decided._tell_contact/told"),
    News("decided", MAJA, CASEWORKER, lambda w: {"meeting": w.approved, "presentation": w.item}, place="decided._tell_decided/told"),
    News("does_not_hold", JENS, LEADS, lambda w: {"by": MAJA, "case": w.case}, place="closing_news._does_not_hold/case_of"),
    News("double_refused", JENS, LEADS, _is(by=LISE)),
    News("emergency", JENS, LEADS, _is(door="door-hidden"), place="emergencies._tell/told"),
    News("frame_mark", MAJA, CASEWORKER, lambda w: {"frame": f"frame-{w.case}", "mark": "0"}, place="frame_facts._tell_mark/case_of"),
    News("handover", KIM, CASEWORKER, _is(handover="handover"), place="handover_effect._tell_handover/seen_by"),
    News("handover", KIM, CASEWORKER, _is(handover="handover"), what=":ahead:", place="handover_effect._tell_handover/told"),
    News("item_answer", JENS, LEADS, _item("asked_about", question="answered"), of="on", place="item_questions._told/case_of"),
    News("item_question", JENS, LEADS, _item("asked_about", question="open"), of="on"),
    News("meeting_cancelled", MAJA, CASEWORKER, lambda w: {"meeting": w.meeting, "presentation": w.on_item}, of="on", place="meetings._tell_changed/seen_among"),
    News("meeting_moved", MAJA, CASEWORKER, lambda w: {"meeting": w.meeting, "presentation": w.on_item}, of="on"),
    News("minutes", HENRIK, CHAIR, lambda w: {"meeting": w.about}, of="on"),
    News("minutes_amended", MAJA, CASEWORKER, lambda w: {"meeting": w.approved, "presentation": w.item}, place="amendments._tell_amended/seen_by"),
    News("mark_lost", JENS, LEADS, _item("on_item", by=MAJA, points="consent"), of="on", place="ready_news._tell_mark_lost/case_of"),
    News("missing_again", MAJA, CASEWORKER, _item("on_item", by=LONE, missing="consent"), of="on", place="missing_again._told/case_of"),
    News("new_date", LONE, SECRETARY, lambda w: {"presentation": w.on_item, "meeting": w.meeting}, of="on", place="follow_ups.tellers.tell/case_of"),
    News("new_date_given", MAJA, CASEWORKER, _item("on_item"), of="on", place="follow_ups._tell_new_date_given/case_of"),
    News("new_frame", JENS, LEADS, _item("on_item"), of="on", place="frame_facts._tell_new_frame/case_of"),
    News("no_plan", JENS, LEADS, _is(), of="closed", place="target_group._tell_no_plan/case_of"),
    News("old_correction", EVA, Post(Role.CONTROLLER), _is(entry="entry", counter="entry-of-another", reason="other"), place="frame_facts._tell_old_correction/told"),
    News("overview", MAJA, CASEWORKER, lambda w: {"day": w.town.today.isoformat()}, of="on"),
    News("overview", JENS, LEADS, lambda w: {"day": w.town.today.isoformat()}, what="advice"),
    News("presenting", MAJA, CASEWORKER, lambda w: {"meeting": w.meeting, "items": f"{w.on_item}@0910"}, of="on", place="presenters.tellers.tell/seen_among"),
    News("proposal", KIM, CASEWORKER, _item("proposed"), of="proposed", place="ready_news._tell_proposal/told"),
    News("proposal_answer", MAJA, CASEWORKER, _item("proposed", who=KIM), of="proposed", place="ready_news._tell_proposal_answer/case_of"),
    News("referral", JENS, LEADS, _item("requested"), of="requested", place="referral_news._tell_request/case_of"),
    News("reopened", JENS, LEADS, _item("on_item", by=LISE, reason="other"), of="on", place="closing_news._reopened/case_of"),
    News("reply", MAJA, CASEWORKER, lambda w: {"intent": "case", "cases": w.case}, what="cases", place="conversation._still_seen/seen_by"),
    News("reply", MAJA, CASEWORKER, _is(intent="meeting"), of="on", what="meeting", place="conversation._meeting/seen_by"),
    News("substitute", ALI, CASEWORKER, _is(batch="batch"), of="conflicted", place="substitutes._tell_substitute/seen_by"),
    News("substitute_long", JENS, LEADS, _is(substitute="stint"), of="conflicted", place="substitutes._tell_long/seen_by"),
    News("taken_off", JENS, LEADS, lambda w: {"meeting": w.approved, "presentation": w.on_item, "by": LISE, "reason": "time"}, of="on", place="taking_off._taken_off/case_of"),
    News("urgent", HENRIK, CHAIR, _item("hurried"), of="hurried", place="urgent.tellers.tell_urgent/told"),
    News("withdrawn", LONE, SECRETARY, lambda w: {"meeting": w.meeting, "presentation": w.item, "reason": "other"}, place="closing_news._withdrawn/told"),
)  # fmt: skip

DUTIES = (
    News("access_wish", BO, ADMIN, _is(name="Kim Nyholm", person="U0KIM00001"), place="people._tell_access_wish/told"),
    News("alarm", ANNE, HEAD, _is(alarms="alarm", instead="1"), of="quiet", what="instead, how many"),
    News("alarm", LONE, SECRETARY, _is(alarms="alarm", instead="1"), of="quiet", what="instead, the secretary"),
    News("called", HENRIK, MEMBER, lambda w: {"meeting": w.meeting}, place="calling._tell/told"),
    News("journal_broken", BO, ADMIN, lambda w: {"day": w.town.today.isoformat()}, place="journal_watch._tell_broken/told"),
    News("journal_mark", LONE, SECRETARY, lambda w: {"day": w.town.today.isoformat(), "anchor": f"1:{'ab' * 20}"}, place="journal_watch._tell_mark/told"),
    News("mark_unwritten", BO, ADMIN, lambda w: {"day": w.town.today.isoformat()}, place="journal_watch._tell_unwritten/told"),
    News("mandate_lacked", JENS, LEADS, lambda w: {"area": "social", "to": "", "meeting": w.meeting}, place="decided._tell_mandate_lacked/told"),
    News("minutes", HENRIK, CHAIR, lambda w: {"meeting": w.about}, what="at all", place="minutes._tell_minutes/told"),
    News("place_broken", BO, ADMIN, _is(place="C0BROKEN01"), place="outbox._tell_broken/told"),
    News("post_blocked", LONE, SECRETARY, lambda w: {"meeting": w.meeting, "why": "guest"}, place="post_words._tell_trouble/told"),
    News("regret", HENRIK, CHAIR, lambda w: {"meeting": w.meeting, "absent": ALI}, left=(), place="agendas.tellers.tell/told"),
    News("retention", DITTE, Post(Role.DPO), lambda w: {"day": w.town.today.isoformat()}, place="retention._tell/told"),
    News("sample", JENS, LEADS, _is(sample="sample"), place="looks._tell/told"),
    News("seat_not_lent", HENRIK, CHAIR, lambda w: {"meeting": w.meeting, "absent": ALI, "deputy": LISE}, place="agendas._tell_not_lent/told"),
    News("unreadable", BO, ADMIN, _is(request="BCDFGH"), place="unread._tell/told"),
    News("slack_back", BO, ADMIN, lambda w: {"code": "token_revoked", "since": w.town.clock.at.isoformat()}, place="outbox._tell_back/told"),
)  # fmt: skip
"""What names no case, and is still told to those in the role alone."""

NO_CASE = {
    "access_wish": "an employee's name",
    "agenda": "to a channel, whose members are looked at: test_the_channel.py",
    "away": "a colleague's days",
    "away_answer": "a colleague's days",
    "away_wish": "a colleague's days, and how many cases",
    "back": "how often, how many, and which colleague took over",
    "called": "a meeting",
    "journal_broken": "a day",
    "journal_mark": "a day and a sum",
    "mark_unwritten": "a day",
    "mandate_lacked": "an area and a day",
    "place_broken": "a channel or a colleague",
    "post_blocked": "a meeting",
    "post_missed": "a meeting",
    "regret": "a meeting and a colleague",
    "retention": "a day",
    "roles_changed": "colleagues and roles",
    "sample": "a month, an area, how many",
    "seat_not_lent": "a meeting and colleagues",
    "slack_back": "how many",
    "unreadable": "the number of a request",
    "substituted": "who stands in, in how many cases",
    "stand_in": "a meeting and a colleague",
    "welcome": "the person's own roles",
}
"""What says nothing of a case, and what it says instead."""


class Told(World):
    """The world, and what more the messages are about."""

    declined = proposed = asked_about = about = ""


def build(town: OfficeTown) -> Told:
    w = Told(**{k: v for k, v in vars(build_world(town)).items() if k != "asked"})
    w.declined, w.proposed = (town.requested("Maja Holm").id for _ in range(2))
    at = town.clock.at
    town.office.referrals.decline(
        town.asked("Jens Toft"), w.declined, reason="one_area_enough", area="social", contact=MAJA
    )
    town.jump(hours=1)
    town.deliver()
    with town.house.storage.open_work(at=at) as work:
        _lay(w, work, at)
    return w


def _lay(w: Told, work: Any, at: Any) -> None:
    today = w.town.today
    work.people.end_absence(w.wish)  # whoever is away hears later
    work.advice.add(
        AdviceRequest("answered", w.case, "schools", "what_help", MAJA, at, "we_can_help", LISE, at)
    )
    work.handovers.add(Handover("handover", w.case, w.item, MAJA, KIM, today + 20 * DAY, overlap_from=today))
    conflicted = work.presentations.get(w.conflicted).case_id
    work.substitutes.add(
        Substitute("stint", conflicted, ALI, today, today + 3 * DAY, JENS, at, batch="batch")
    )
    gone = work.cases.get(w.closed)
    work.cases.save(replace(gone, cancelled_for="other", plan_choice="no"))
    item = work.presentations.get(w.item)
    ending = replace(item.recommendation, closing="education")
    work.presentations.save(replace(item, settled_by=MAJA, recommendation=ending))
    proposed = work.presentations.get(w.proposed)
    r = replace(proposed.recommendation, caseworker=KIM)
    work.presentations.save(replace(proposed, recommendation=r))
    asked = (
        ItemQuestion("open", LISE, at, "area_status"),
        ItemQuestion("answered", LISE, at, "area_status", "yes", MAJA, at),
    )
    w.asked_about = w.on_item
    work.presentations.save(replace(work.presentations.get(w.on_item), asked=asked))
    for id, state in ((w.ballot, BallotState.OPEN), ("sent-on", BallotState.TO_MEETING)):  # noqa: A001
        keep = work.ballots.save if id == w.ballot else work.ballots.add
        keep(_ballot(w, work, id, state, at))
    w.about = _minutes_about(w, work)
    work.lanes.break_off("C0BROKEN01", "channel_not_found", at=at)
    work.meetings.put_regret(Regret(w.meeting, ALI, at))
    work.journal.keep_check(Check(today, at, Verdict(1, None, Fault.CHANGED, 1)))


def _ballot(w: Told, work: Any, id: str, state: BallotState, at: Any) -> Ballot:  # noqa: A002
    known = work.ballots.find(id)
    whole = known or Ballot(
        id, w.on_item, w.on, demo.COMMITTEE, Kind.NEW, at + 3 * DAY, JENS, at, DECISION, (HENRIK,)
    )
    why = "disagreed" if state == BallotState.TO_MEETING else None
    return replace(whole, state=state, why=why, voters=(HENRIK,))


def _minutes_about(w: Told, work: Any) -> str:
    """Minutes with an item of a case that a chair may see."""
    on = work.presentations.get(w.on_item)
    record = (Minuted(1, on.id, on.case_id, on.kind, DECISION),)
    work.meetings.save(replace(work.meetings.get(w.waiting), record=record))
    return w.waiting
