"""What stands beside a case's plan on its page, and the words and buttons of the lines it gives in I DAG."""

from __future__ import annotations

from bot.domain.closing import CHECK, JOURNAL
from bot.domain.presentation import State
from bot.domain.rules import Rules
from bot.texts import Said, Texts, joined
from bot.usecases.aside import CaseAside
from bot.usecases.cases import CaseView
from bot.usecases.waiting import Waiting
from bot.views import closing, gathering, missing_again, passage, target_group
from bot.views.kit import Button, Page

SHOWN = 3


def actions(texts: Texts, view: CaseView) -> tuple[tuple[bool, Button], ...]:
    """What one may do about the end of the case."""
    aside, id = view.aside, view.line.id  # noqa: A001
    under_way = aside.closing
    return (
        (aside.may_ask_closing, Button(texts.say("closing", "ask"), "closing.ask", id)),
        (
            under_way is not None and aside.may_plan,
            Button(texts.say("closing", "take_back"), "closing.take_back", under_way.id if under_way else ""),
        ),
        (
            aside.withdrawable is not None,
            Button(
                texts.say("referral", "withdraw"),
                "referral.withdraw",
                aside.withdrawable.id if aside.withdrawable else "",
            ),
        ),
        (
            aside.to_hurry is not None,
            Button(texts.say("ballot", "hurry"), "urgent.ask", aside.to_hurry.id if aside.to_hurry else ""),
        ),
        (
            aside.to_take_back is not None,
            Button(
                texts.say("undo", "take_back_referral"),
                "undo.referral",
                aside.to_take_back.id if aside.to_take_back else "",
            ),
        ),
        (aside.marked is not None, missing_again.button(texts, aside.marked.id if aside.marked else "")),
        (aside.may_reopen, closing.reopen_button(texts, id, view.line.alias)),
    )


def on_page(page: Page, texts: Texts, rules: Rules, view: CaseView) -> None:
    aside = view.aside
    for said in _end(texts, view, aside):
        page.section(said)
    if aside.consent_missing:
        target_group.on_page(page, texts, view.line.id, may=aside.may_consent)
    for found, months in aside.transitions[:SHOWN]:
        button = passage.open_button(texts, found.id, view.line.alias)
        page.section(passage.line(texts, rules, found, months), button=button)
    for held in aside.gatherings[:SHOWN]:
        button_ = gathering.record_button(texts, held.id, view.line.alias) if held.is_planned else None
        page.section(gathering.line(texts, held), button=button_ if aside.may_plan else None)
    if aside.advice:
        lines = [gathering.advice_line(texts, rules, a) for a in aside.advice[:SHOWN]]
        mine = aside.may_answer
        answer = gathering.answer_button(texts, mine.id, view.line.alias) if mine else None
        page.section(joined("\n", lines), button=answer)
    _buttons(page, texts, view, aside)


def _end(texts: Texts, view: CaseView, aside: CaseAside) -> list[Said]:
    case, said = view.case, []
    if case.closed_on and case.closed_for:
        said.append(texts.say("closing", "on_page_closed", day=case.closed_on, why=case.closed_for))
    if aside.support:
        r = aside.support.recommendation
        if aside.support.decision and aside.support.decision.final:
            r = aside.support.decision.final
        facts = {"closing": r.closing, "reason": r.support_reason}
        said.append(texts.say("closing", "on_page_support", **facts))
    if case.complicated:
        said.append(texts.say("handover", "is_complicated"))
    if case.ending:
        said.append(texts.say("closing", "on_page_ended", why=case.ending))
    if aside.closing:
        ready = aside.closing.state == State.READY
        said.append(texts.say("closing", "on_page_open", ready=ready, day=aside.closing_day))
    return said


def _buttons(page: Page, texts: Texts, view: CaseView, aside: CaseAside) -> None:
    if not aside.may_plan:
        return
    id = view.line.id  # noqa: A001
    page.buttons(
        Button(texts.say("gathering", "plan"), "gathering.plan", id),
        Button(texts.say("gathering", "ask_advice"), "advice.ask", id),
        Button(texts.say("passage", "add"), "passage.add", id),
        Button(texts.say("passage", "add_birth"), "birth.month", id) if aside.lacks_birth_month else None,
    )


# --- lines in I DAG and in the morning overview ---

KINDS = frozenset({"transition", "gathering", "check", "journal_closed"})


def words(texts: Texts, line: Waiting) -> Said:
    match line.kind:
        case "transition":
            months = None if line.code is None else int(line.code)
            past = months is not None and months < 0
            return texts.say("passage", "waits", alias=line.alias, when=_when(texts, months), past=past)
        case "gathering":
            return texts.say("gathering", "waits", alias=line.alias, kind=line.code, day=line.day)
        case "check":
            return closing.question(texts, CHECK, line.alias, int(line.code or 0))
        case _:
            return closing.question(texts, JOURNAL, line.alias, 0)


def _when(texts: Texts, months: int | None) -> Said | None:
    return None if months is None else passage.when(texts, months)


def button(texts: Texts, line: Waiting) -> Button:
    """The one button there is room for beside a line."""
    match line.kind:
        case "transition":
            return passage.open_button(texts, line.subject, line.alias)
        case "gathering":
            return gathering.record_button(texts, line.subject, line.alias)
        case "check":
            named = texts.say("closing", "answer_named", alias=line.alias)
            return Button(texts.say("closing", "answer"), "after.open", line.subject, label=named)
        case _:
            return closing.after_buttons(texts, JOURNAL, line.subject, line.alias)[0]


def all_buttons(texts: Texts, line: Waiting) -> tuple[Button, ...]:
    """Where a line stands alone: both answers to a check."""
    if line.kind == "check":
        return closing.after_buttons(texts, CHECK, line.subject, line.alias)
    return (button(texts, line),)
