"""Closing a case, going on though a criterion is met, what is asked afterwards, and opening again (T28-T30)."""

from __future__ import annotations

from bot.domain.case import AgeBand
from bot.domain.closing import JOURNAL, AfterClosing, is_ending
from bot.domain.presentation import OWN_VIEWS
from bot.domain.rules import Rules
from bot.texts import Said, Texts, colleague, joined
from bot.usecases.closing_news import AfterTold, ClosingTold, ReopenedTold
from bot.usecases.closings import CLOSE, CONTINUE, TICKS, ClosingView
from bot.usecases.reopening import ReopenView
from bot.views.kit import Button, Choice, Json, Page, Surface, checkboxes, radio, select
from bot.views.referral import asked_anew, offered, terms

Held = dict[str, str]


def form(
    texts: Texts, rules: Rules, view: ClosingView, *, meta: str, held: Held | None = None, fresh: str = ""
) -> Json:
    """At most six fields; for somebody who has died, moved or withdrawn, two."""
    held = held if held is not None else _answered_before(view)
    what, closing = held.get("what", CLOSE), held.get("closing", "")
    page = Page(Surface.MODAL)
    page.section(_head(texts, view))
    if view.held.amount and what == CLOSE:
        page.section(_held(texts, view))
    whats = [Choice(texts.say("closing", f"what_{w}"), w) for w in (CLOSE, CONTINUE)]
    page.input("what", texts.say("closing", "label_what"), radio(whats, initial=what), dispatch=True)
    codes = rules.choices.closing if what == CLOSE else rules.choices.criteria
    page.input(
        f"closing~{fresh}{what}",
        texts.say("closing", f"label_closing_{what}"),
        select(
            terms(texts, "closing", codes),
            initial=closing if closing in codes else None,
            hint=texts.say("common", "choose"),
        ),
        dispatch=True,
    )
    if what == CLOSE and closing and is_ending(closing):
        page.section(_gentle(texts, view, closing))
    else:
        _points(page, texts, rules, view, held=held, what=what)
    return page.modal(
        title=texts.say("closing", "title_ask"),
        callback="closing.ask",
        submit=texts.say("closing", "submit_ask"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def _head(texts: Texts, view: ClosingView) -> Said:
    return texts.say("case", "head", alias=view.case.alias, key=view.case.key, tail=view.tail)


def _held(texts: Texts, view: ClosingView) -> Said:
    return texts.say("closing", "held", held=view.held.amount, purposes=view.held.purposes)


def _gentle(texts: Texts, view: ClosingView, closing: str) -> Said:
    block = "gentle_dead" if closing == "dead" else "gentle"
    return texts.say("closing", block, alias=view.case.alias)


def _points(page: Page, texts: Texts, rules: Rules, view: ClosingView, *, held: Held, what: str) -> None:
    adult = view.case.band_now == AgeBand.ADULT
    who = texts.say("follow_up", "the_citizen" if adult else "the_young")
    own_view = texts.say("follow_up", "label_own_view", who=who)
    page.input("own_view", own_view, radio(terms(texts, "own_view", OWN_VIEWS), initial=held.get("own_view")))
    chosen = held.get("ticks", "").split(",")
    ticks = checkboxes(terms(texts, "point", TICKS), initial=chosen)
    page.input("ticks", texts.say("closing", "label_ticks"), ticks, optional=True)
    if what == CLOSE:
        return
    choose = texts.say("common", "choose")
    page.input(
        "support_reason",
        texts.say("closing", "label_support_reason"),
        select(offered(texts, rules, "support"), initial=held.get("support_reason"), hint=choose),
    )
    if not view.next_choices:
        page.section(texts.say("follow_up", "no_next"))
        return
    days = [Choice(texts.say("follow_up", "meeting_day", day=day), id) for id, day in view.next_choices]  # noqa: A001
    page.input(
        "next", texts.say("follow_up", "label_next"), select(days, initial=held.get("next") or view.proposed)
    )


def _answered_before(view: ClosingView) -> Held:
    there = view.presentation
    if there is None:
        return {}
    r, own_view = there.recommendation, there.ticks.get("own_view")
    days = {day: id for id, day in view.next_choices}  # noqa: A001
    known = {
        "what": CONTINUE if r.support_reason else CLOSE,
        "closing": r.closing,
        "support_reason": r.support_reason,
        "own_view": own_view.how if own_view else None,
        "ticks": ",".join(t for t in TICKS if t in there.ticks),
        "next": days.get(r.follow_up_on) if r.follow_up_on else None,
    }
    return {name: value for name, value in known.items() if value}


def done(texts: Texts, view: ClosingView) -> Json:
    """What came of it; what stopped can be started again from here."""
    page = Page(Surface.MODAL).section(_receipt(texts, view))
    there = view.presentation
    if there and view.ended and view.held.amount:
        page.section(_held(texts, view))
    page.buttons(
        Button(texts.say("common", "undo"), "closing.take_back", there.id) if there else None,
        Button(texts.say("case", "show_note"), "note.show", str(view.note)) if view.note else None,
    )
    return page.modal(
        title=texts.say("closing", "title_ask"), callback="closing.done", close=texts.say("common", "done")
    )


def _receipt(texts: Texts, view: ClosingView) -> Said:
    facts = {"alias": view.case.alias, "day": view.day}
    if view.ended:
        return texts.say("closing", "done_ended", **facts)
    if view.missing:
        points = joined(", ", [texts.term("point", code) for code in view.missing])
        return texts.say("closing", "done_incomplete", missing=len(view.missing), points=points, **facts)
    there = view.presentation
    if there and there.recommendation.support_reason:
        return texts.say("closing", "done_continue", next=there.recommendation.follow_up_on, **facts)
    return texts.say("closing", "done_agree" if view.by_agreement else "done_close", **facts)


# --- what others hear ---


def asked(told: ClosingTold, texts: Texts, _rules: Rules) -> Json:
    """The leader hears that the committee is asked; nothing is wanted, unless meetings only advise (D3, R106)."""
    block = "told_ended" if told.ended else "told_continue" if told.support_reason else "told_close"
    page = Page(Surface.DIRECT)
    facts = {"alias": told.alias, "key": told.key, "by": told.by, "day": told.day}
    page.section(texts.say("closing", block, closing=told.closing, reason=told.support_reason, **facts))
    if told.may_close:
        named = texts.say("closing", "close_named", alias=told.alias)
        page.buttons(Button(texts.say("closing", "close"), "closing.agree", told.case_id, "primary", named))
    return page.message(texts.say("common", "notification" if told.may_close else "news"))


def closed(told: ClosingTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(texts.say("closing", "told_agreed", alias=told.alias, key=told.key, by=told.by))
    return page.message(texts.say("common", "news"))


def does_not_hold(told: AfterTold, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"alias": told.alias, "key": told.key, "by": told.by}
    if told.undone:
        page.section(texts.say("undo", "told_after_closing", **facts))
        return page.message(texts.say("common", "news"))
    page.section(texts.say("closing", "told_does_not_hold", **facts))
    if told.may_reopen:
        page.buttons(reopen_button(texts, told.case_id, told.alias, primary=True))
    return page.message(texts.say("common", "notification"))


# --- afterwards ---


def after_form(texts: Texts, after: AfterClosing, alias: str) -> Json:
    """The question on a page of its own, for a line that has room for one button only."""
    page = Page(Surface.MODAL)
    page.section(question(texts, after.kind, alias, after.months))
    page.buttons(*after_buttons(texts, after.kind, after.id, alias))
    return page.modal(
        title=texts.say("closing", "title_after"), callback="after.page", close=texts.say("common", "close")
    )


def question(texts: Texts, kind: str, alias: str, months: int) -> Said:
    block = "ask_journal" if kind == JOURNAL else "ask_check"
    return texts.say("closing", block, alias=alias, months=months)


def after_buttons(texts: Texts, kind: str, id: str, alias: str) -> tuple[Button, ...]:  # noqa: A002
    if kind == JOURNAL:
        named = texts.say("closing", "confirm_named", alias=alias)
        return (Button(texts.say("closing", "confirm"), "after.confirm", id, "primary", named),)
    return (
        Button(
            texts.say("closing", "holds"),
            "after.holds",
            id,
            "primary",
            texts.say("closing", "holds_named", alias=alias),
        ),
        Button(
            texts.say("closing", "does_not_hold"),
            "after.does_not_hold",
            id,
            None,
            texts.say("closing", "does_not_hold_named", alias=alias),
        ),
    )


# --- again ---


def reopen_button(texts: Texts, case: str, alias: str, *, primary: bool = False) -> Button:
    named = texts.say("closing", "reopen_named", alias=alias)
    return Button(texts.say("closing", "reopen"), "case.reopen", case, "primary" if primary else None, named)


def reopen_form(texts: Texts, rules: Rules, view: ReopenView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("closing", "reopen_head", alias=view.alias, key=view.key, name=view.former_name))
    page.input(
        "reason",
        texts.say("closing", "label_reopen"),
        select(offered(texts, rules, "reopen"), hint=texts.say("common", "choose")),
    )
    if view.presenters:
        people = [Choice(colleague(name), id) for id, name in view.presenters]  # noqa: A001
        page.input(
            "presenter",
            texts.say("closing", "label_presenter"),
            select(people, initial=view.former),
            hint=texts.say("closing", "hint_presenter"),
        )
    asked_anew(page, texts, rules, view.band)
    return page.modal(
        title=texts.say("closing", "title_reopen"),
        callback="case.reopen",
        submit=texts.say("closing", "reopen"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def reopened(told: ReopenedTold, texts: Texts, _rules: Rules) -> Json:
    """The former caseworker is proposed, and asked (T30)."""
    page = Page(Surface.DIRECT)
    facts = {"alias": told.alias, "key": told.key, "by": told.by, "reason": told.reason}
    page.section(texts.say("closing", "told_reopened", proposed=told.proposed, **facts))
    waits = told.proposed and told.answered is None
    page.buttons(
        Button(texts.say("ready", "proposal_yes"), "proposal.yes", told.presentation, "primary")
        if waits
        else None,
        Button(texts.say("ready", "proposal_no"), "proposal.no", told.presentation) if waits else None,
        Button(texts.say("case", "get_ready"), "ready.open", told.presentation),
    )
    if told.answered:
        page.context(texts.say("ready", f"proposal_said_{told.answered}", alias=told.alias, key=told.key))
    return page.message(texts.say("common", "notification" if waits else "news"))
