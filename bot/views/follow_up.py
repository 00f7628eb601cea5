"""Follow-ups as people see them: four questions, another date, and the list of one's own (A6)."""

from __future__ import annotations

from datetime import date

from bot.domain.calendar import school_break
from bot.domain.case import AgeBand
from bot.domain.presentation import FOLLOW_UP_OUTCOMES, OWN_VIEWS, PROGRESS
from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.follow_ups import FollowUp, NewDateAsked, NewDateGiven
from bot.views.kit import Button, Choice, Json, Page, Surface, radio, select
from bot.views.referral import offered, terms

LIST_SHOWN = 12
Held = dict[str, str]


def ready_form(
    texts: Texts, rules: Rules, follow_up: FollowUp, *, meta: str, held: Held | None = None
) -> Json:
    """At most six fields: a goal each (three at most), the recommendation, the own view, the next meeting."""
    held = held or _answered_before(follow_up)
    page = Page(Surface.MODAL)
    page.section(_head(texts, follow_up))
    for goal in follow_up.goals:
        page.input(
            f"progress_{goal}",
            texts.say("follow_up", "label_progress", goal=texts.term("goal", goal)),
            radio(terms(texts, "progress", PROGRESS), initial=held.get(f"progress_{goal}")),
        )
    outcome = held.get("outcome", "")
    page.input(
        "outcome",
        texts.say("follow_up", "label_outcome"),
        radio(terms(texts, "outcome", FOLLOW_UP_OUTCOMES), initial=outcome or None),
        dispatch=True,
    )
    page.input(
        "own_view",
        texts.say("follow_up", "label_own_view", who=_whose(texts, follow_up.band)),
        radio(terms(texts, "own_view", OWN_VIEWS), initial=held.get("own_view")),
    )
    if outcome == "close":
        _closing(page, texts, rules, held)
    else:
        _next(page, texts, follow_up, held)
    return page.modal(
        title=texts.say("follow_up", "title_ready"),
        callback="follow_up.ready",
        submit=texts.say("follow_up", "submit_ready"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def _head(texts: Texts, f: FollowUp) -> Said:
    return texts.say("follow_up", "head", alias=f.alias, key=f.key, tail=f.tail, day=f.day)


def _whose(texts: Texts, band: AgeBand) -> Said:
    """»den unge« under 30, »borgeren« from 30."""
    return texts.say("follow_up", "the_citizen" if band == AgeBand.ADULT else "the_young")


def _answered_before(f: FollowUp) -> Held:
    r = f.presentation.recommendation
    held = {f"progress_{goal}": how for goal, how in r.progress.items()}
    own_view = f.presentation.ticks.get("own_view")
    held |= {"outcome": r.outcome} if r.outcome else {}
    held |= {"closing": r.closing} if r.closing else {}
    return held | ({"own_view": own_view.how} if own_view and own_view.how else {})


def _closing(page: Page, texts: Texts, rules: Rules, held: Held) -> None:
    choices = terms(texts, "closing", rules.choices.criteria)
    page.input(
        "closing",
        texts.say("follow_up", "label_closing"),
        select(choices, initial=held.get("closing"), hint=texts.say("common", "choose")),
    )


def _next(page: Page, texts: Texts, f: FollowUp, held: Held) -> None:
    if not f.next_choices:
        page.section(texts.say("follow_up", "no_next"))
        return
    page.input(
        "next",
        texts.say("follow_up", "label_next"),
        select(_meetings(texts, f.next_choices), initial=held.get("next") or f.proposed),
        hint=_break_hint(texts, f),
    )


def _meetings(texts: Texts, meetings: tuple[tuple[str, date], ...]) -> list[Choice]:
    return [
        Choice(texts.say("follow_up", "meeting_day", day=day), meeting, _break(texts, day))
        for meeting, day in meetings
    ]


def _break(texts: Texts, day: date) -> Said | None:
    """A warning by the day itself: most schools are closed that week."""
    name = school_break(day)
    if name is None:
        return None
    return texts.say("follow_up", "meeting_break", break_name=texts.term("break", name))


def _break_hint(texts: Texts, f: FollowUp) -> Said | None:
    """»Uge 7 er vinterferie. Nærmeste møde er torsdag 11. februar.« when that is why the day is another."""
    days = dict(f.next_choices)
    proposed = days.get(f.proposed or "")
    later = next((d for d in days.values() if proposed and d > proposed), None)
    name = school_break(later) if later else None
    if proposed is None or later is None or name is None:
        return None
    return texts.say(
        "follow_up", "hint_break", day=later, break_name=texts.term("break", name), nearest=proposed
    )


def done(texts: Texts, f: FollowUp) -> Json:
    """What came of it, with the next day echoed; what is missing still is named."""
    page = Page(Surface.MODAL)
    if not f.is_ready:
        whose = _whose(texts, f.band)
        page.section(texts.say("follow_up", "saved_incomplete", alias=f.alias, who=whose))
    elif f.day:
        page.section(texts.say("follow_up", "done", alias=f.alias, day=f.day))
    else:
        page.section(texts.say("follow_up", "done_no_day", alias=f.alias))
    next_on = f.presentation.recommendation.follow_up_on
    if next_on:
        page.context(texts.say("follow_up", "next_echo", day=next_on))
    page.buttons(
        Button(texts.say("case", "show_note"), "note.show", str(f.note)) if f.note else None,
    )
    return page.modal(
        title=texts.say("follow_up", "title_ready"),
        callback="follow_up.done",
        close=texts.say("common", "done"),
    )


def move_form(texts: Texts, rules: Rules, f: FollowUp, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(_head(texts, f))
    if not f.move_choices:
        page.section(texts.say("follow_up", "move_nowhere"))
        return page.modal(
            title=texts.say("follow_up", "title_move"),
            callback="follow_up.stays",
            close=texts.say("common", "close"),
        )
    choices = _meetings(texts, f.move_choices)
    page.input("meeting", texts.say("follow_up", "label_meeting"), radio(choices, initial=choices[0].value))
    page.input(
        "reason",
        texts.say("follow_up", "label_reason"),
        select(offered(texts, rules, "move"), hint=texts.say("common", "choose")),
        hint=texts.say("follow_up", "move_note"),
    )
    return page.modal(
        title=texts.say("follow_up", "title_move"),
        callback="follow_up.move",
        submit=texts.say("follow_up", "submit_move"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def mine(texts: Texts, follow_ups: list[FollowUp]) -> Page:
    page = Page(Surface.EPHEMERAL)
    if not follow_ups:
        return page.section(texts.say("follow_up", "mine_none"))
    page.section(texts.say("follow_up", "mine_head", count=len(follow_ups)))
    for f in follow_ups[:LIST_SHOWN]:
        page.section(
            texts.say(
                "follow_up",
                "line",
                alias=f.alias,
                key=f.key,
                day=f.day,
                ready=f.is_ready,
                wished=f.wished,
            )
        )
        page.buttons(*buttons(texts, f.presentation.id, f.alias)[:2])
    return page


def buttons(texts: Texts, presentation: str, alias: str) -> tuple[Button, Button, Button]:
    label = texts.say("follow_up", "get_ready_named", alias=alias)
    return (
        Button(texts.say("follow_up", "get_ready"), "follow_up.open", presentation, "primary", label),
        Button(texts.say("follow_up", "move"), "follow_up.move", presentation),
        Button(texts.say("follow_up", "tomorrow"), "follow_up.tomorrow", presentation),
    )


def new_date(told: NewDateAsked, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    wish_on(page, texts, told)
    return page.message(texts.say("common", "notification"))


def wish_on(page: Page, texts: Texts, told: NewDateAsked) -> None:
    """The wish, and a button per meeting the secretary may give."""
    texts = texts.about(told.band)
    block = "wish" if told.wished else "wish_open"
    page.section(
        texts.say(
            "follow_up",
            block,
            by=told.by,
            alias=told.alias,
            key=told.key,
            old_day=told.old_day,
            wished=told.wished,
            reason=told.reason,
        )
    )
    page.buttons(
        *(
            Button(
                texts.say("follow_up", "give", day=day),
                f"follow_up.give.{number}",
                f"{told.presentation}:{id}",
                "primary" if day == told.wished else None,
                texts.say("follow_up", "give_named", day=day),
            )
            for number, (id, day) in enumerate(told.choices)  # noqa: A001
        )
    )


def new_date_given(told: NewDateGiven, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    page.section(
        texts.say("follow_up", "given_message", alias=told.alias, key=told.key, day=told.day),
        button=None if told.ready else buttons(texts, told.presentation, told.alias)[0],
    )
    return page.message(texts.say("common", "news"))


def wishes_part(page: Page, texts: Texts, _rules: Rules, wishes: tuple[NewDateAsked, ...]) -> None:
    """The secretary's Home: who waits for a new date."""
    page.section(texts.say("follow_up", "wishes_head", count=len(wishes)))
    for wish in wishes[:5]:
        wish_on(page, texts, wish)
