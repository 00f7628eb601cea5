"""The plan on one page: goals, measures, who promised what by when, and what it refers to (R046-R051, R012, R017)."""

from __future__ import annotations

from datetime import date

from bot.domain.case import AgeBand
from bot.domain.document import LATE
from bot.domain.rules import Rules
from bot.texts import CaseNumber, Said, Texts, joined
from bot.usecases.plan_line import PlanLine
from bot.usecases.plans import DocumentLine, MeasureLine, PlanView, Promise
from bot.views import recommendation as rec
from bot.views.kit import (
    Button,
    Choice,
    Json,
    Page,
    Surface,
    date_picker,
    radio,
    select,
    text_field,
)

MOST_MEASURES = 15
MOST_DOCUMENTS = 10
MOST_ADJUSTMENTS = 3
LONGEST_NUMBER = 200


def on_case(page: Page, texts: Texts, line: PlanLine, case_id: str) -> None:
    """What a case shows first (R046); after it has come back, that the plan is the earlier one (T30)."""
    page.section(
        texts.say(
            "plan",
            "line_history" if line.history else "line",
            adult=line.adult,
            goals=rec.goals(texts, line.goals),
            day=line.decided_on,
            changed=line.changed_on,
            started=line.started,
            running=line.running,
            late=line.late,
        ),
        button=Button(texts.say("plan", "show"), "plan.open", case_id),
        id="plan",
    )


def page(texts: Texts, rules: Rules, view: PlanView, *, meta: str) -> Json:
    shown = Page(Surface.MODAL)
    _head(shown, texts, rules, view)
    shown.buttons(*_actions(texts, view))
    _measures(shown, texts, rules, view)
    if view.promises:
        lines = [_promise(texts, rules, p) for p in view.promises]
        shown.section(joined("\n", [texts.say("plan", "promises_head"), *lines]))
    _documents(shown, texts, rules, view)
    if view.adjustments:
        said = [
            texts.say(
                "plan",
                "adjusted",
                day=a.at.date(),
                how=rules.plan.named(a.how),
                measure=rules.measure(a.measure) if a.measure else None,
            )
            for a in view.adjustments[:MOST_ADJUSTMENTS]
        ]
        shown.context(*said)
    return shown.modal(
        title=texts.say("plan", "title"),
        callback="plan.page",
        close=texts.say("common", "close"),
        meta=meta,
    )


def _head(page: Page, texts: Texts, rules: Rules, view: PlanView) -> None:
    case = view.case
    standards = [texts.named(rules.plan.named(s)) for s in view.standards]
    page.section(
        texts.say(
            "plan",
            "head",
            alias=case.alias,
            key=case.key,
            adult=case.band_now == AgeBand.ADULT,
            goals=rec.goals(texts, view.goals) if view.goals else None,
            day=view.decided_on,
            changed=view.changed_on,
            motivation=view.motivation,
            standards=rec.list_of(texts, standards) if standards else None,
        )
    )
    page.context(texts.say("plan", "not_statutory"))


def _actions(texts: Texts, view: PlanView) -> tuple[Button | None, ...]:
    id = view.case.id  # noqa: A001
    mine = view.may_adjust
    return (
        Button(texts.say("adjust", "button"), "adjust.open", id, "primary") if mine else None,
        Button(texts.say("plan", "change"), "plan.change", id) if mine else None,
        Button(texts.say("plan", "briefing"), "plan.briefing", id) if mine else None,
        Button(texts.say("briefing", "send"), "plan.briefing.written", id) if mine else None,
        Button(texts.say("plan", "refer"), "plan.document", id) if view.may_refer else None,
    )


def _measures(page: Page, texts: Texts, rules: Rules, view: PlanView) -> None:
    page.section(texts.say("plan", "measures_head"))
    if not view.measures:
        page.section(texts.say("plan", "measures_none"))
    for measure in view.measures[:MOST_MEASURES]:
        page.section(_measure(texts, rules, measure), button=_start_button(texts, rules, measure))


def _measure(texts: Texts, rules: Rules, m: MeasureLine) -> Said:
    return texts.say(
        "plan",
        "measure",
        measure=rules.measure(m.code),
        area=texts.named(rules.area(m.area)),
        planned=m.planned_on,
        started=m.started_on,
        stopped=m.stopped_on,
        late=m.late,
        step=m.next_step,
    )


def _start_button(texts: Texts, rules: Rules, m: MeasureLine) -> Button | None:
    if not m.mine or m.stopped_on or m.started_on:
        return None
    label = texts.say("plan", "start_named", measure=rules.measure(m.code))
    return Button(texts.say("plan", "start"), "plan.start", m.task, label=label)


def _promise(texts: Texts, rules: Rules, p: Promise) -> Said:
    by = p.by if p.what == "follow_up" else texts.named(rules.area(p.by))
    measure = rules.measure(p.code) if p.code else None
    return texts.say("plan", f"promise_{p.what}", by=by, measure=measure, day=p.day, overdue=p.overdue)


def _documents(page: Page, texts: Texts, rules: Rules, view: PlanView) -> None:
    if not view.documents:
        return
    page.section(texts.say("plan", "documents_head"))
    for document in view.documents[:MOST_DOCUMENTS]:
        remove = Button(
            texts.say("plan", "remove"),
            "plan.document.remove",
            document.id,
            label=texts.say("plan", "remove_named", code=document_name(texts, rules, document.code)),
        )
        page.section(
            _document(texts, rules, document),
            button=remove if document.may_remove else None,
        )


def _document(texts: Texts, rules: Rules, d: DocumentLine) -> Said:
    return texts.say(
        "plan",
        "document",
        name=document_name(texts, rules, d.code),
        area=texts.named(rules.area(d.area)),
        number=CaseNumber(d.number) if d.number else None,
        open=d.is_open,
        late=d.late,
        at=d.day,
    )


def document_name(texts: Texts, rules: Rules, code: str) -> Said:
    return texts.say("plan", "late_material") if code == LATE else texts.named(rules.plan.named(code))


def document_form(texts: Texts, rules: Rules, view: PlanView, *, areas: tuple[str, ...], meta: str) -> Json:
    """*Lovpligtige planer*: which plan, its number in the case system, closed unless said otherwise (R012, R137)."""
    shown = Page(Surface.MODAL)
    kinds = [Choice(texts.named(s), s.code) for s in rules.plan.statutory]
    if view.on_agenda:
        kinds.append(Choice(texts.say("plan", "late_material"), LATE))
    shown.input("code", texts.say("plan", "label_code"), select(kinds, hint=texts.say("common", "choose")))
    shown.input(
        "number",
        texts.say("plan", "label_number"),
        text_field(most=LONGEST_NUMBER),
        hint=texts.say("plan", "hint_number"),
    )
    named = [Choice(texts.named(rules.area(a)), a) for a in areas]
    shown.input("area", texts.say("case", "label_area"), select(named, initial=areas[0]))
    marks = [Choice(texts.say("plan", "closed"), "closed"), Choice(texts.say("plan", "open"), "open")]
    shown.input(
        "mark",
        texts.say("plan", "label_mark"),
        radio(
            marks,
            initial="closed",  # R137
        ),
        hint=texts.say("plan", "hint_mark"),
    )
    return shown.modal(
        title=texts.say("plan", "title_document"),
        callback="plan.document",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )


def start_form(texts: Texts, rules: Rules, measure: MeasureLine, *, today: date, meta: str) -> Json:
    shown = Page(Surface.MODAL)
    named = rules.measure(measure.code)
    shown.section(texts.say("plan", "start_about", measure=named, day=measure.planned_on))
    shown.input("started_on", texts.say("plan", "label_started"), date_picker(initial=today.isoformat()))
    return shown.modal(
        title=texts.say("plan", "title_start"),
        callback="plan.start",
        submit=texts.say("common", "save"),
        close=texts.say("common", "close"),
        meta=meta,
    )
