"""*Gør klar*: the list in its groups, and a small form for each; the recommendation is entered here as data (D30)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.domain.case import AgeBand
from bot.domain.checklist import MEASURES_STAND
from bot.domain.decision import POINTS
from bot.domain.presentation import GOALS, OWN_VIEWS, Kind, State
from bot.domain.rules import Rules
from bot.texts import Said, Texts, colleague, figure, joined
from bot.texts.formats import as_typed
from bot.usecases.readiness import GroupShown, ReadyView
from bot.usecases.ready_news import ProposalTold
from bot.views import target_group
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    checkboxes,
    date_picker,
    multi_select,
    radio,
    select,
    text_field,
)
from bot.views.referral import offered, terms

IN_NO_LIST = ("motivation", MEASURES_STAND)
FORM_OF = {
    "person": "ready.person",
    "areas": "ready.areas",
    "plan": "ready.plan",
    "agreement": "ready.agreement",
}


def page(texts: Texts, view: ReadyView, *, meta: str) -> Json:
    texts = texts.about(view.case.band_now)
    shown = Page(Surface.MODAL)
    shown.section(_head(texts, view))
    if not view.groups:
        shown.section(texts.say("ready", "no_list"))
    for group in view.groups:
        _group(shown, texts, group, opens=_has_something_to_fill_in(view, group))
    if (
        view.presentation.kind == Kind.NEW and view.case.consent_missing
    ):  # the meeting can decide nothing without it
        target_group.on_page(shown, texts, view.case.id, may=view.may_fill)
    if view.presentation.state == State.READY:
        marked = {"by": view.marked_by, "at": view.presentation.ready_at}
        shown.section(texts.say("ready", "is_ready", **marked))
    elif view.may_mark:
        shown.buttons(Button(texts.say("ready", "mark"), "ready.mark", view.presentation.id, "primary"))
    elif not view.missing and view.groups:
        shown.context(texts.say("ready", "waits_for_leader"))
    return shown.modal(
        title=texts.say("ready", "title"),
        callback="ready.page",
        close=texts.say("common", "close"),
        meta=meta,
    )


def _head(texts: Texts, view: ReadyView) -> Said:
    return texts.say(
        "ready",
        "head",
        alias=view.case.alias,
        key=view.case.key,
        tail=view.tail,
        kind=view.presentation.kind,
        done=view.done,
        total=view.total,
    )


def _has_something_to_fill_in(view: ReadyView, group: GroupShown) -> bool:
    """For a background group the plan and the agreement stand as they run; nothing in them is the caseworker's."""
    runs = view.presentation.kind == Kind.BACKGROUND_GROUP
    return view.may_fill and (not runs or any(p.by != "bot" for p in group.points))


def _group(page: Page, texts: Texts, group: GroupShown, *, opens: bool) -> None:
    points = [texts.say("ready", "point", code=p.code, done=p.done) for p in group.points]
    page.section(
        texts.say(
            "ready",
            "group_line",
            group=group.code,
            done=group.done,
            total=len(group.points),
            points=joined("\n", points),
        ),
        button=Button(
            texts.say("ready", "open_group"),
            "ready.group",
            group.code,
            label=texts.say("ready", "open_group_named", group=group.code),
        )
        if opens
        else None,
    )


def person_form(texts: Texts, _rules: Rules, view: ReadyView, *, meta: str) -> Json:
    texts = texts.about(view.case.band_now)
    ticks = view.presentation.ticks
    page = Page(Surface.MODAL)
    how = ticks["own_view"].how if "own_view" in ticks else None
    page.input(
        "own_view",
        texts.say("ready", "label_own_view"),
        radio(terms(texts, "own_view", OWN_VIEWS), initial=how),
        optional=True,
    )
    _ticks(page, texts, "person", ("consent", "parents"), view)
    if view.has_birth_month:
        page.context(texts.say("ready", "birth_known"))
    _birth(page, texts, view)
    return _form(page, texts, "person", meta)


def month_choices(texts: Texts) -> list[Choice]:
    """The twelve of any year, by name."""
    first = [date(2000, n, 1) for n in range(1, 13)]
    return [Choice(texts.say("ready", "birth_month_is", day=day), f"{day:%m}") for day in first]


def _birth(page: Page, texts: Texts, view: ReadyView) -> None:
    page.input(
        "birth_month",
        texts.say("ready", "label_birth_month"),
        select(month_choices(texts), hint=texts.say("common", "choose")),
        optional=True,
    )
    this_year = view.today.year
    first, last = born_between(view.rules, view.case.band_now, this_year)
    years = [Choice(figure(y), str(y)) for y in range(last, first - 1, -1)]
    page.input(
        "birth_year",
        texts.say("ready", "label_birth_year"),
        select(years, hint=texts.say("common", "choose")),
        hint=texts.say("ready", "hint_birth"),
        optional=True,
    )


OLDEST = 75
"""The list of years is not longer than a menu takes."""


def born_between(rules: Rules, band: AgeBand, this_year: int) -> tuple[int, int]:
    """The years somebody of the band can be born in, by the ages in force; one more at each end for birthdays."""
    youngest, oldest = rules.ages.years(band)
    return this_year - (oldest or OLDEST) - 1, this_year - youngest + 1


def areas_form(texts: Texts, rules: Rules, view: ReadyView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    for area in rules.areas if "area_status" in view.codes else ():
        known: date | None = view.presentation.area_status.get(area.code)
        page.input(
            f"status_{area.code}",
            texts.say("ready", "label_status", area=texts.named(area)),
            date_picker(initial=known.isoformat() if known else None),
            optional=True,
        )
    if "area_status" in view.codes:
        page.context(texts.say("ready", "hint_status"))
    _ticks(page, texts, "areas", ("other_parties", "documents"), view)
    if "mandates" in view.codes:
        page.context(texts.say("ready", "mandates", yes=view.mandates, all=view.members))
    return _form(page, texts, "areas", meta)


def plan_form(texts: Texts, rules: Rules, view: ReadyView, *, meta: str) -> Json:
    r = view.presentation.recommendation
    page = Page(Surface.MODAL)
    page.input(
        "goals",
        texts.say("ready", "label_goals"),
        checkboxes(terms(texts, "goal", GOALS), initial=r.goals),
        optional=True,
    )
    _ticks(page, texts, "plan", _plan_ticks(view), view)
    if view.presentation.kind == Kind.CHANGE and view.running:
        ending = [
            Choice(
                texts.say(
                    "ready", "stop", measure=rules.measure(s.code), area=texts.named(rules.area(s.area))
                ),
                s.task,
            )
            for s in view.running
        ]
        chosen = [s.task for s in r.stops]
        page.input(
            "stops", texts.say("ready", "label_stops"), checkboxes(ending, initial=chosen), optional=True
        )
    if rules.plan.standards:
        known = [Choice(texts.named(s), s.code) for s in rules.plan.standards]
        page.input(
            "standards",
            texts.say("ready", "label_standards"),
            multi_select(known, initial=r.standards, hint=texts.say("common", "choose")),
            optional=True,
        )
    page.section(texts.say("ready", "measures_head"))
    if not r.measures:
        page.section(texts.say("ready", "measures_none"))
    for index, measure in enumerate(r.measures):
        named = rules.measure(measure.code)
        page.section(
            texts.say(
                "ready",
                "measure_line",
                measure=named,
                area=texts.named(rules.area(measure.area)),
                price=measure.price,
            ),
            button=Button(
                texts.say("ready", "remove_measure"),
                "ready.measure.remove",
                str(index),
                label=texts.say("ready", "remove_measure_named", measure=named),
            ),
        )
    page.buttons(Button(texts.say("ready", "add_measure"), "ready.measure"))
    return _form(page, texts, "plan", meta)


def _plan_ticks(view: ReadyView) -> tuple[str, ...]:
    """A change may leave the measures as they are, and says so. Nobody is held back by motivation, so it is in no list."""
    stands = (MEASURES_STAND,) if view.presentation.kind == Kind.CHANGE else ()
    return ("statutory_plans", "motivation", *stands)


def measure_form(texts: Texts, rules: Rules, view: ReadyView, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    measures = [Choice(texts.named(m), m.code) for m in rules.measures]
    page.input(
        "measure", texts.say("ready", "label_measure"), select(measures, hint=texts.say("common", "choose"))
    )
    areas = [Choice(texts.named(a), a.code) for a in rules.areas]
    page.input(
        "area", texts.say("ready", "label_measure_area"), select(areas, initial=view.presentation.area)
    )
    page.input(
        "amount",
        texts.say("ready", "label_price"),
        text_field(most=14, example=texts.say("ready", "example_amount")),
        optional=True,
    )
    page.input(
        "start_on",
        texts.say("ready", "label_start"),
        date_picker(),
        hint=texts.say("ready", "hint_start", days=rules.deadlines.task_days),
        optional=True,
    )
    return page.modal(
        title=texts.say("ready", "title_measure"),
        callback="ready.measure",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def agreement_form(texts: Texts, rules: Rules, view: ReadyView, *, meta: str) -> Json:
    r = view.presentation.recommendation
    page = Page(Surface.MODAL)
    points = POINTS.get(view.presentation.kind, ())
    if "caseworker" in points:
        people = [Choice(colleague(name), id) for id, name in view.caseworkers]  # noqa: A001
        page.input(
            "caseworker",
            texts.say("ready", "label_caseworker"),
            select(people, initial=r.caseworker or view.case.caseworker),
            hint=texts.say("ready", "hint_caseworker"),
        )
        _answer_so_far(page, texts, view)
    if "frame" in points:
        _frame_fields(page, texts, rules, view)
    if "follow_up" in points:
        _follow_up_field(page, texts, view)
    return _form(page, texts, "agreement", meta)


def _frame_fields(page: Page, texts: Texts, rules: Rules, view: ReadyView) -> None:
    """A change may let the open frame go on; a new frame replaces it when the minutes are approved."""
    r = view.presentation.recommendation
    if view.presentation.kind == Kind.CHANGE and view.frame:
        options = [
            Choice(texts.say("ready", "frame_goes_on", left=view.frame.left), "keep"),
            Choice(texts.say("ready", "frame_new"), "new"),
        ]
        initial = "keep" if r.keep_frame else "new"
        page.input("frame", texts.say("ready", "label_frame"), radio(options, initial=initial))
    page.input(
        "amount",
        texts.say("ready", "label_amount"),
        text_field(
            most=14,
            example=texts.say("ready", "example_amount"),
            initial=as_typed(r.frame.amount) if r.frame else None,
        ),
        hint=texts.say("ready", "hint_amount", least=rules.frame.least, most=rules.frame.most),
        optional=True,
    )
    purposes = [Choice(texts.named(p), p.code) for p in rules.purposes]
    chosen = r.frame.purposes if r.frame else ()
    page.input(
        "purposes", texts.say("ready", "label_purposes"), checkboxes(purposes, initial=chosen), optional=True
    )
    areas = [Choice(texts.named(a), a.code) for a in rules.areas]
    paying = view.frame.payer if view.frame else view.presentation.area
    open_payer = rules.frame.proposed_payer(anchored=view.case.area, paying=paying)
    payer = r.frame.payer if r.frame else r.payer or open_payer
    page.input("payer", texts.say("ready", "label_payer"), select(areas, initial=payer))
    page.input(
        "frame_reason",
        texts.say("ready", "label_frame_reason"),
        select(
            offered(texts, rules, "frame", held=r.frame.outside_reason if r.frame else None),
            initial=r.frame.outside_reason if r.frame else None,
            hint=texts.say("common", "choose"),
        ),
        optional=True,
    )


def _follow_up_field(page: Page, texts: Texts, view: ReadyView) -> None:
    r = view.presentation.recommendation
    days = {day: texts.say("ready", "meeting_option", day=day) for _, day in view.meetings}
    if r.follow_up_on and r.follow_up_on not in days:
        days[r.follow_up_on] = texts.say("ready", "meeting_option", day=r.follow_up_on)
    meetings = [Choice(said, day.isoformat()) for day, said in sorted(days.items())]
    if meetings:
        page.input(
            "follow_up_on",
            texts.say("ready", "label_follow_up"),
            select(
                meetings, initial=r.follow_up_on.isoformat() if r.follow_up_on else _in_twelve_weeks(view)
            ),
        )


def _in_twelve_weeks(view: ReadyView) -> str | None:
    """The last meeting within twelve weeks of the next one: inside the longest interval."""
    days = [day for _, day in view.meetings]
    near = [d for d in days if (d - days[0]).days <= 84]
    return near[-1].isoformat() if near else None


def _answer_so_far(page: Page, texts: Texts, view: ReadyView) -> None:
    r = view.presentation.recommendation
    if r.caseworker is None or view.proposed_name is None:
        return
    block = "said_yes" if r.caseworker_said_yes_at else "said_no" if r.caseworker_said_no_at else "asked"
    page.context(texts.say("ready", block, name=view.proposed_name))
    if block == "asked" and view.may_mark:
        page.buttons(Button(texts.say("ready", "on_behalf"), "ready.on_behalf", view.presentation.id))


def _ticks(page: Page, texts: Texts, group: str, points: tuple[str, ...], view: ReadyView) -> None:
    """The points that count for this kind, and those that belong to no list."""
    points = tuple(p for p in points if p in view.codes or p in IN_NO_LIST)
    if not points:
        return
    done = [p for p in points if p in view.presentation.ticks]
    page.input(
        "ticks",
        texts.say("ready", f"label_ticks_{group}"),
        checkboxes(terms(texts, "point", points), initial=done),
        optional=True,
    )


def _form(page: Page, texts: Texts, group: str, meta: str) -> Json:
    return page.modal(
        title=texts.term("group", group),
        callback=FORM_OF[group],
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


FORMS: dict[str, Callable[..., Json]] = {
    "person": person_form,
    "areas": areas_form,
    "plan": plan_form,
    "agreement": agreement_form,
}


def proposal(told: ProposalTold, texts: Texts) -> Json:
    page = Page(Surface.DIRECT)
    facts = {"alias": told.alias, "key": told.key}
    if told.answered:
        page.section(texts.say("ready", f"proposal_said_{told.answered}", **facts))
        return page.message(texts.say("common", "news"))
    page.section(texts.say("ready", "proposal", by=told.by_name, **facts))
    page.buttons(
        Button(texts.say("ready", "proposal_yes"), "proposal.yes", told.presentation, "primary"),
        Button(texts.say("ready", "proposal_no"), "proposal.no", told.presentation),
    )
    return page.message(texts.say("common", "notification"))


def proposal_answer(told: ProposalTold, texts: Texts) -> Json:
    page = Page(Surface.DIRECT)
    page.section(texts.say("ready", f"answer_{told.answered}", who=told.who, alias=told.alias))
    return page.message(texts.say("common", "news"))


def complete(told: ProposalTold, texts: Texts) -> Json:
    page = Page(Surface.DIRECT)
    page.section(texts.say("ready", "complete", alias=told.alias, key=told.key))
    page.buttons(
        Button(texts.say("ready", "mark"), "ready.mark", told.presentation, "primary"),
        Button(texts.say("case", "get_ready"), "ready.open", told.presentation),
    )
    return page.message(texts.say("common", "notification"))
