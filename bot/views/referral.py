"""Asking, referring, returning and declining, as people see them."""

from __future__ import annotations

from bot.domain.case import AgeBand
from bot.domain.choices import WORDS
from bot.domain.presentation import (
    CRITERIA,
    QUESTIONS,
    Presentation,
    State,
)
from bot.domain.rules import Rules
from bot.texts import Public, Said, Texts, alias_and_key, colleague, joined
from bot.usecases.cases import CaseLine
from bot.usecases.referral_news import AnswerTold, RequestTold
from bot.usecases.referrals import CONSENTS, Request
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    checkboxes,
    date_picker,
    radio,
    select,
)


def terms(texts: Texts, group: str, codes: tuple[str, ...]) -> list[Choice]:
    return [Choice(texts.term(group, code), code) for code in codes]


def offered(texts: Texts, rules: Rules, what: str, *, held: str | None = None) -> list[Choice]:
    """A list of the rules file, as it is now; what was chosen before it changed still stands (`held`)."""
    codes = getattr(rules.choices, what)
    kept = (held,) if held and held not in codes else ()
    return terms(texts, WORDS[what], (*codes, *kept))


def request_form(
    texts: Texts,
    rules: Rules,
    case: CaseLine,
    *,
    meta: str,
    urgent: bool = False,
    consent: bool = False,
    just_created: bool = False,
) -> Json:
    """Only what fits the age band is asked; a reason is unfolded when it is urgent."""
    page = Page(Surface.MODAL)
    block = "created" if just_created else "about_case"
    page.section(
        texts.say("referral", "created", alias=case.alias, key=case.key)
        if block == "created"
        else texts.say("case", "head", alias=case.alias, key=case.key, tail=case.tail)
    )
    page.input(
        "criteria",
        texts.say("referral", "label_criteria"),
        checkboxes(terms(texts, "criterion", CRITERIA)),
        hint=texts.say("referral", "hint_criteria"),
        dispatch=True,
    )
    if case.band == AgeBand.TEENS:
        _assessment(page, texts, rules)
    if case.band == AgeBand.ADULT:
        _consent(page, texts, asked_for_date=consent)
    page.input(
        "questions",
        texts.say("referral", "label_questions"),
        checkboxes(terms(texts, "question", QUESTIONS), initial=QUESTIONS),
        dispatch=True,
    )
    choices = [
        Choice(texts.say("referral", "urgent_no"), "no"),
        Choice(texts.say("referral", "urgent_yes"), "yes"),
    ]
    page.input(
        "urgent",
        texts.say("referral", "label_urgent"),
        radio(choices, initial="yes" if urgent else "no"),
        dispatch=True,
    )
    if urgent:
        page.section(texts.say("referral", "urgent_note"))
        page.input(
            "urgent_reason",
            texts.say("referral", "label_urgent_reason"),
            select(offered(texts, rules, "urgent"), hint=texts.say("common", "choose")),
        )
    return page.modal(
        title=texts.say("referral", "title_request"),
        callback="referral.request",
        submit=texts.say("referral", "submit_request"),
        close=texts.say("referral", "save_draft"),
        meta=meta,
    )


def _consent(page: Page, texts: Texts, *, asked_for_date: bool) -> None:
    page.input("consent", texts.say("referral", "label_consent"), radio(_consents(texts)), dispatch=True)
    if asked_for_date:
        page.input("consent_on", texts.say("referral", "label_consent_on"), date_picker())


def _consents(texts: Texts) -> list[Choice]:
    return [Choice(texts.say("referral", f"consent_{said}"), said) for said in CONSENTS]


def asked_anew(page: Page, texts: Texts, rules: Rules, band: AgeBand) -> None:
    """What a referral asks, asked of the leader who reopens a case; at most four fields (R035, R036, R039)."""
    criteria = terms(texts, "criterion", CRITERIA)
    hint = texts.say("referral", "hint_criteria")
    page.input("criteria", texts.say("referral", "label_criteria"), checkboxes(criteria), hint=hint)
    if band == AgeBand.TEENS:
        _assessment(page, texts, rules)
    if band == AgeBand.ADULT:
        page.input("consent", texts.say("referral", "label_consent"), radio(_consents(texts)))
        page.input("consent_on", texts.say("referral", "label_consent_on"), date_picker(), optional=True)
    _exemption(page, texts, rules)


def _assessment(page: Page, texts: Texts, rules: Rules) -> None:
    page.input(
        "assessed_by",
        texts.say("referral", "label_assessed_by"),
        select(offered(texts, rules, "assessors"), hint=texts.say("common", "choose")),
        hint=texts.say("referral", "hint_assessed_by"),
    )


def _exemption(page: Page, texts: Texts, rules: Rules) -> None:
    page.input(
        "exemption",
        texts.say("referral", "label_exemption"),
        select(offered(texts, rules, "exemption"), hint=texts.say("common", "choose")),
        optional=True,
    )


def sent(texts: Texts, case: CaseLine, presentation: Presentation) -> Json:
    """The receipt that cannot be lost: the last view of the form (D37)."""
    page = Page(Surface.MODAL)
    page.section(
        texts.say("referral", "sent", alias=case.alias, key=case.key, answer_by=presentation.answer_by)
    )
    page.buttons(
        Button(texts.say("referral", "get_ready_now"), "ready.open", presentation.id, "primary"),
        Button(texts.say("case", "show_note"), "note.case", case.id),
    )
    return page.modal(
        title=texts.say("referral", "title_sent"), callback="referral.sent", close=texts.say("common", "done")
    )


def to_leader(told: RequestTold, texts: Texts) -> Json:
    """A message with three buttons; when answered, one line and *Fortryd* for whoever answered."""
    request = told.request
    page = Page(Surface.DIRECT)
    if request.presentation.state == State.REQUESTED:
        _to_answer(page, texts, request, as_deputy=told.as_deputy)
        return page.message(texts.say("common", "notification"))
    page.section(
        settled(texts, request, me=told.to_me),
        button=Button(texts.say("common", "undo"), "referral.undo", request.presentation.id)
        if request.may_undo
        else None,
    )
    return page.message(texts.say("common", "news"))


def _to_answer(page: Page, texts: Texts, request: Request, *, as_deputy: bool) -> None:
    p = request.presentation
    said = texts.say(
        "referral",
        "to_leader",
        alias=request.alias,
        key=request.key,
        by=request.by_name,
        answer_by=p.answer_by,
        urgent=p.urgent_reason,
    )
    if as_deputy:
        said = joined("\n", [said, texts.say("referral", "passed_on")])
    page.section(said)
    page.buttons(
        *answer_buttons(texts, p.id), Button(texts.say("referral", "open_case"), "case.open", p.case_id)
    )


def answer_buttons(texts: Texts, presentation: str) -> tuple[Button, Button, Button]:
    return (
        Button(texts.say("referral", "refer"), "referral.refer", presentation, "primary"),
        Button(texts.say("referral", "return"), "referral.return", presentation),
        Button(texts.say("referral", "decline"), "referral.decline", presentation),
    )


def settled(texts: Texts, request: Request, *, me: bool) -> Said:
    state = request.presentation.state
    block = f"settled_{state}" if texts.has("referral", f"settled_{state}") else "settled_referred"
    return texts.say(
        "referral",
        block,
        alias=request.alias,
        key=request.key,
        by=request.settled_by_name or request.by_name,
        me=me,
        at=request.presentation.settled_at or request.presentation.requested_at,
    )


def _about(page: Page, texts: Texts, request: Request) -> None:
    page.section(
        texts.say("referral", "about_request", alias=request.alias, key=request.key, by=request.by_name)
    )


def refer_form(texts: Texts, rules: Rules, request: Request, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    _about(page, texts, request)
    page.input(
        "judged",
        texts.say("referral", "label_judged"),
        checkboxes(
            [
                Choice(texts.say("referral", "judged"), "yes"),
                Choice(texts.say("referral", "excluded"), "excluded"),
                Choice(texts.say("referral", "conflicted"), "conflicted"),
            ]
        ),
    )
    _exemption(page, texts, rules)
    collectors = [Choice(colleague(name), id) for id, name in request.collectors]  # noqa: A001
    if collectors:
        page.input(
            "collector",
            texts.say("referral", "label_collector"),
            select(collectors, initial=request.presentation.requested_by),
        )
    meetings = [Choice(texts.say("meeting", "long_day", day=day), id) for id, day in request.meetings]  # noqa: A001
    meetings.append(Choice(texts.say("referral", "no_meeting"), "none"))
    page.input("meeting", texts.say("referral", "label_meeting"), select(meetings, initial=meetings[0].value))
    return page.modal(
        title=texts.say("referral", "title_refer"),
        callback="referral.refer",
        submit=texts.say("referral", "submit_refer"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def return_form(texts: Texts, rules: Rules, request: Request, *, meta: str) -> Json:
    texts = texts.about(request.band)
    page = Page(Surface.MODAL)
    _about(page, texts, request)
    page.input(
        "missing", texts.say("referral", "label_missing"), checkboxes(offered(texts, rules, "missing"))
    )
    return page.modal(
        title=texts.say("referral", "title_return"),
        callback="referral.return",
        submit=texts.say("referral", "submit_return"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def decline_form(texts: Texts, rules: Rules, request: Request, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    _about(page, texts, request)
    page.input(
        "reason",
        texts.say("referral", "label_reason"),
        select(offered(texts, rules, "decline"), hint=texts.say("common", "choose")),
    )
    areas = [Choice(texts.named(a), a.code) for a in rules.areas]
    page.input("area", texts.say("referral", "label_responsible_area"), select(areas, initial=request.area))
    colleagues = [Choice(colleague(name), id) for id, name in request.contacts]  # noqa: A001
    page.input(
        "contact",
        texts.say("referral", "label_contact"),
        select(colleagues, hint=texts.say("common", "choose")),
    )
    return page.modal(
        title=texts.say("referral", "title_decline"),
        callback="referral.decline",
        submit=texts.say("referral", "submit_decline"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def answered(texts: Texts, request: Request, *, left: int) -> Json:
    """What came of the leader's form, *Fortryd*, and how many wait still."""
    p = request.presentation
    page = Page(Surface.MODAL)
    page.section(texts.say("referral", f"done_{p.state}", alias=request.alias))
    page.buttons(
        Button(texts.say("referral", "next_button"), "referral.queue", style="primary") if left else None,
        Button(texts.say("common", "undo"), "referral.undo", p.id),
    )
    if left:
        page.context(texts.say("referral", "next_one", count=left))
    return page.modal(
        title=texts.say("referral", f"title_{_TITLES[p.state]}"),
        callback="referral.done",
        close=texts.say("common", "done"),
    )


_TITLES = {State.REFERRED: "refer", State.RETURNED: "return", State.DECLINED: "decline"}


MOST_AT_HOME, MOST_IN_A_FORM = 5, 45
"""Slack shows a hundred blocks in a form, and each takes two."""


def queue(texts: Texts, requests: list[Request], *, surface: Surface) -> Page:
    """»Venter på dig«."""
    page = Page(surface)
    queue_on(page, texts, requests)
    return page


def queue_on(page: Page, texts: Texts, requests: list[Request]) -> None:
    if not requests:
        page.section(texts.say("referral", "queue_none"))
        return
    page.section(texts.say("referral", "queue_head", count=len(requests)))
    most = MOST_IN_A_FORM if page.surface == Surface.MODAL else page.most(MOST_AT_HOME)
    for request in requests[:most]:
        p = request.presentation
        page.section(
            texts.say("referral", "queue_line", alias=request.alias, key=request.key, answer_by=p.answer_by)
        )
        page.buttons(*answer_buttons(texts, p.id))
    if len(requests) > most and page.surface == Surface.MODAL:
        page.context(texts.say("referral", "queue_more", count=len(requests) - most))
    elif len(requests) > most:
        page.buttons(Button(texts.say("referral", "queue_all", count=len(requests)), "referral.queue"))


def to_caseworker(told: AnswerTold, texts: Texts, rules: Rules) -> Json:
    texts = texts.about(told.request.band)
    p, request = told.request.presentation, told.request
    page = Page(Surface.DIRECT)
    facts = {"alias": request.alias, "key": request.key}
    if not told.still:
        page.section(texts.say("referral", "taken_back", alias=request.alias))
    elif p.state == State.RETURNED and p.returned:
        missing = joined(
            "\n",
            [joined("", [Public("• "), texts.term("missing", m)]) for m in p.returned.missing],
        )
        page.section(
            texts.say("referral", "answer_returned", missing=missing, answer_by=p.answer_by, **facts)
        )
        page.buttons(
            Button(texts.say("referral", "answer_missing"), "referral.answer", p.id, "primary"),
            Button(texts.say("referral", "withdraw"), "referral.withdraw", p.id),
        )
    elif p.state == State.DECLINED and p.declined:
        page.section(
            texts.say(
                "referral",
                "answer_declined",
                reason=p.declined.reason,
                area=texts.named(rules.area(p.declined.area)),
                contact=told.contact_name,
                **facts,
            )
        )
    else:
        page.section(
            texts.say(
                "referral", "answer_referred", by=request.settled_by_name, day=told.meeting_day, **facts
            ),
            button=Button(texts.say("case", "get_ready"), "ready.open", p.id, "primary"),
        )
    return page.message(texts.say("common", "notification"))


def answer_form(texts: Texts, request: Request, *, meta: str) -> Json:
    texts = texts.about(request.band)
    missing = request.presentation.returned.missing if request.presentation.returned else ()
    page = Page(Surface.MODAL)
    page.section(texts.say("case", "head", alias=request.alias, key=request.key, tail=None))
    page.input(
        "answered", texts.say("referral", "label_answered"), checkboxes(terms(texts, "missing", missing))
    )
    return page.modal(
        title=texts.say("referral", "title_answer"),
        callback="referral.answer",
        submit=texts.say("referral", "submit_answer"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def pick_case(texts: Texts, cases: list[CaseLine], *, meta: str) -> Json:
    """`/henvis` without a case: one of those not sent yet, or a new one."""
    page = Page(Surface.MODAL)
    choices = [Choice(texts.say("referral", "pick_new"), "new")]
    choices += [Choice(alias_and_key(c.alias, c.key), c.id) for c in cases]
    page.input("case", texts.say("referral", "label_case"), radio(choices, initial=choices[-1].value))
    return page.modal(
        title=texts.say("referral", "title_pick"),
        callback="referral.pick",
        submit=texts.say("referral", "submit_pick"),
        close=texts.say("common", "close"),
        meta=meta,
    )
