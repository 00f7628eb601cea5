"""Written procedure as people see it: the chair's form, the question to a member, the recommendation behind a button."""

from __future__ import annotations

from bot.domain.ballot import BallotState
from bot.domain.calendar import local_date
from bot.domain.decision import OTHER_PART
from bot.domain.presentation import PARTICIPATION
from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.ballot_facts import BallotsHome, BallotTold, BallotView
from bot.usecases.ballots import BallotForm
from bot.usecases.urgent import UrgentTold
from bot.views import recommendation as rec
from bot.views.kit import Button, Choice, Json, Page, Surface, radio, select
from bot.views.meeting import urgent_about
from bot.views.referral import offered, terms


def form(
    found: BallotForm, texts: Texts, rules: Rules, *, meta: str, participation: str | None = None
) -> Json:
    """The chair's form begins with the sentence; the citizen's own part is asked where nobody has written it down."""
    texts = texts.about(found.band)
    page = Page(Surface.MODAL)
    page.section(texts.say("ballot", "duty"))
    page.section(
        texts.say("ballot", "form_about", alias=found.alias, key=found.key, kind=found.presentation.kind)
    )
    days = [
        Choice(texts.say("ballot", "day_option", day=d, clock=found.clock), d.isoformat()) for d in found.days
    ]
    page.input(
        "answer_on", texts.say("ballot", "label_answer_on"), select(days, initial=found.usual.isoformat())
    )
    if found.participation is None:
        options = terms(texts, "participation", PARTICIPATION)
        hint = texts.say("common", "choose")
        chosen = select(options, initial=participation, hint=hint)
        page.input("participation", texts.say("session", "label_participation"), chosen, dispatch=True)
        if participation == OTHER_PART:
            reasons = offered(texts, rules, "participation")
            label = texts.say("session", "label_participation_reason")
            page.input("participation_reason", label, select(reasons, hint=hint))
    return page.modal(
        title=texts.say("ballot", "title"),
        callback="ballot.begin",
        submit=texts.say("ballot", "submit"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def hurry_form(texts: Texts, rules: Rules, *, meta: str) -> Json:
    """*Det haster*: the sentence first, then why, from a list (A5)."""
    page = Page(Surface.MODAL)
    page.section(texts.say("referral", "urgent_note"))
    page.input(
        "urgent_reason",
        texts.say("referral", "label_urgent_reason"),
        radio(offered(texts, rules, "urgent")),
    )
    return page.modal(
        title=texts.say("ballot", "hurry"),
        callback="urgent.ask",
        submit=texts.say("ballot", "submit_hurry"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def wait_form(texts: Texts, rules: Rules, told: UrgentTold, *, meta: str) -> Json:
    """*Kan vente*: why, from a list; it too begins with the sentence (A5)."""
    page = Page(Surface.MODAL)
    page.section(texts.say("ballot", "duty")).section(urgent_about(texts, told))
    page.input("reason", texts.say("ballot", "label_wait"), radio(offered(texts, rules, "wait")))
    return page.modal(
        title=texts.say("agenda", "urgent_wait"),
        callback="urgent.wait",
        submit=texts.say("ballot", "submit_wait"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def asked(told: BallotTold, texts: Texts, rules: Rules) -> Json:
    """To one member: what it is about, until when, and three answers; afterwards their own answer, to be undone."""
    view = told.view
    page = Page(Surface.DIRECT)
    page.section(_about(texts, rules, view))
    if view.mine:
        page.section(texts.say("ballot", "answered", answer=view.mine.answer, at=view.mine.at))
        page.buttons(_open(texts, view), _undo(texts, view) if view.may_answer else None)
        return page.message(texts.say("common", "news"))
    if view.may_answer:
        page.buttons(_open(texts, view), *_answers(texts, view))
    return page.message(texts.say("common", "notification"))


def agreed(told: BallotTold, texts: Texts, _rules: Rules) -> Json:
    """To the chair: everybody agreed, and it takes effect when it is approved."""
    view = told.view
    page = Page(Surface.DIRECT)
    facts = {"alias": view.alias, "key": view.key}
    if view.ballot.state == BallotState.APPROVED:
        by = view.ballot.approved_by
        page.section(texts.say("ballot", "approved", at=view.ballot.approved_at, me=by == view.me, **facts))
        return page.message(texts.say("common", "news"))
    page.section(texts.say("ballot", "agreed", count=view.ballot.agreed, **facts))
    page.buttons(_approve(texts, view) if view.may_approve else None, _open(texts, view))
    return page.message(texts.say("common", "notification"))


def to_meeting(told: BallotTold, texts: Texts, _rules: Rules) -> Json:
    """To who presents it and who asked: it is on the meeting's agenda instead. Nobody is named."""
    view = told.view
    facts = {"alias": view.alias, "key": view.key, "day": view.to_day, "why": view.ballot.why}
    page = Page(Surface.DIRECT).section(texts.say("ballot", "to_meeting", **facts))
    return page.message(texts.say("common", "news"))


def page(view: BallotView, texts: Texts, rules: Rules) -> Json:
    """*Se indstillingen*: the points that are asked about, and one's own answer."""
    texts = texts.about(view.band)
    shown = Page(Surface.MODAL)
    shown.section(texts.say("ballot", "duty"))
    shown.section(_about(texts, rules, view))
    shown.section(_recommendation(texts, rules, view))
    decision = view.ballot.decision
    shown.context(
        texts.say("minutes", "participation", how=decision.participation, why=decision.participation_reason)
    )
    if view.runs or view.may_approve:
        shown.section(_standing(texts, view))
    if view.mine:
        shown.section(texts.say("ballot", "answered", answer=view.mine.answer, at=view.mine.at))
    if view.may_answer:
        shown.buttons(*(a for a in _answers(texts, view) if a))
        shown.buttons(
            _undo(texts, view) if view.mine else None,
            Button(texts.say("agenda", "have_conflict"), "ballot.conflict", view.ballot.id),
        )
    if view.may_approve:
        shown.buttons(_approve(texts, view))
    return shown.modal(
        title=texts.say("ballot", "title"), callback="ballot.page", close=texts.say("common", "close")
    )


def home_part(page: Page, texts: Texts, _rules: Rules, found: BallotsHome) -> None:
    """One's own answer first; then how each stands, for who follows them."""
    for view in found.mine:
        page.section(
            texts.say("ballot", "home_mine", alias=view.alias, key=view.key, until=view.ballot.deadline,
                      answer=view.mine.answer if view.mine else None),
            button=_open(texts, view, primary=view.mine is None),
        )  # fmt: skip
    for view in found.running:
        page.section(
            joined(
                "\n",
                [texts.say("ballot", "home_running", alias=view.alias, key=view.key), _standing(texts, view)],
            ),
            button=_approve(texts, view) if view.may_approve else _open(texts, view),
        )


def _about(texts: Texts, rules: Rules, view: BallotView) -> Said:
    return texts.say(
        "ballot",
        "about",
        alias=view.alias,
        key=view.key,
        kind=view.presentation.kind,
        area=rec.area(texts, rules, view.presentation.area),
        day=local_date(view.ballot.deadline),
        until=view.ballot.deadline,
    )


def _recommendation(texts: Texts, rules: Rules, view: BallotView) -> Said:
    final = view.ballot.decision.final or view.presentation.recommendation
    points = rec.numbered_points(texts, rules, view.presentation.kind, final, view.names)
    area = rec.area(texts, rules, view.presentation.area)
    return texts.say("session", "recommendation", points=joined("\n", points), area=area)


def _standing(texts: Texts, view: BallotView) -> Said:
    """How many of how many have agreed, and who has not answered; never who said what."""
    ballot = view.ballot
    if ballot.state == BallotState.AGREED:
        return texts.say("ballot", "standing_agreed", count=len(ballot.voters))
    if ballot.state == BallotState.APPROVED:
        return texts.say("ballot", "standing_approved", at=ballot.approved_at)
    if ballot.state == BallotState.TO_MEETING:
        return texts.say("ballot", "standing_to_meeting", day=view.to_day, why=ballot.why)
    return texts.say(
        "ballot",
        "standing",
        answered=len(ballot.votes),
        count=len(ballot.voters),
        missing=list(view.waits_for),
        until=ballot.deadline,
    )


def _answers(texts: Texts, view: BallotView) -> tuple[Button, ...]:
    id, given = view.ballot.id, view.mine.answer if view.mine else None  # noqa: A001
    offered = (("agree", "primary"), ("disagree", None), ("meeting", None))
    return tuple(
        Button(texts.say("ballot", f"answer_{code}"), f"ballot.{code}", id, style)
        for code, style in offered
        if code != given
    )


def _open(texts: Texts, view: BallotView, *, primary: bool = False) -> Button:
    label = texts.say("ballot", "open_named", alias=view.alias)
    return Button(
        texts.say("ballot", "open"),
        "ballot.open",
        view.ballot.id,
        "primary" if primary else None,
        label=label,
    )


def _undo(texts: Texts, view: BallotView) -> Button:
    return Button(texts.say("common", "undo"), "ballot.undo", view.ballot.id)


def _approve(texts: Texts, view: BallotView) -> Button:
    label = texts.say("ballot", "approve_named", alias=view.alias)
    return Button(texts.say("ballot", "approve"), "ballot.approve", view.ballot.id, "primary", label=label)
