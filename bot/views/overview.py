"""The morning overview, and I DAG in Home: the same lines with the same buttons."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.todays import AreaNow, LongOverdue, Today
from bot.usecases.waiting import Waiting
from bot.views import aside, follow_up, gathering, item_question
from bot.views.kit import Button, Json, Page, Surface

LINES_IN_A_MESSAGE = 3
LINES_IN_HOME = 8
WITH_ALL_BUTTONS = 3
"""So many follow-ups have *Flyt dato* and *Mind mig i morgen* in Home; the later ones get them when they come up."""


def message(today: Today, texts: Texts, rules: Rules) -> Json:
    """At most three lines and four buttons; when all is handled, one line that says when."""
    page = Page(Surface.DIRECT)
    if today.done_at:
        page.section(texts.say("overview", "done", count=today.total, at=today.done_at))
        return page.message(texts.say("common", "news"))
    page.section(texts.say("overview", "head", count=len(today.lines)))
    if today.late:
        page.context(texts.say("overview", "late"))
    shown = today.lines[:LINES_IN_A_MESSAGE]
    if len(today.lines) == 1 and shown[0].kind in aside.KINDS:
        page.section(words(texts, rules, shown[0]))
        page.buttons(*aside.all_buttons(texts, shown[0]))
    elif len(today.lines) == 1 and shown[0].kind == "follow_up":
        page.section(words(texts, rules, shown[0]))
        page.buttons(*follow_up.buttons(texts, shown[0].subject, shown[0].alias))
    else:
        for line in shown:
            page.section(words(texts, rules, line), button=button(texts, line))
    rest = len(today.lines) - len(shown)
    if rest:
        page.context(texts.say("overview", "more", count=rest))
    return page.message(texts.say("common", "notification"))


def today_part(page: Page, texts: Texts, rules: Rules, today: Today) -> None:
    """I DAG: zero is said as zero."""
    if not today.lines:
        page.section(texts.say("overview", "nothing"))
        return
    page.section(texts.say("overview", "home_head", count=len(today.lines)))
    most = page.most(LINES_IN_HOME)
    for number, line in enumerate(today.lines[:most]):
        if line.kind in aside.KINDS:
            page.section(aside.words(texts, line))
            page.buttons(*aside.all_buttons(texts, line))
            continue
        page.section(words(texts, rules, line), button=button(texts, line))
        if line.kind == "follow_up" and number < WITH_ALL_BUTTONS:
            page.buttons(*follow_up.buttons(texts, line.subject, line.alias)[1:])
    rest = len(today.lines) - most
    if rest > 0:
        page.context(texts.say("overview", "more_in_home", count=rest))


def words(texts: Texts, rules: Rules, line: Waiting) -> Said:
    if line.kind in aside.KINDS:
        return aside.words(texts, line)
    facts = {"alias": line.alias, "day": line.day}
    match line.kind:
        case "follow_up":
            return texts.say("overview", "follow_up_overdue" if line.overdue else "follow_up", **facts)
        case "agenda":
            return texts.say("overview", "agenda", at=line.at, missing=line.missing, **facts)
        case "unplaced":
            return texts.say("overview", "unplaced", alias=line.alias, missing=line.missing)
        case "attest":
            return texts.say("overview", "attest", alias=line.alias, kind=line.code)
        case "gaps":
            return texts.say("overview", "gaps", missing=line.missing, **facts)
        case "mandate":
            return texts.say("overview", "mandate", day=line.day, count=line.missing)
        case "unanswered_in_area":
            area = texts.named(rules.area(line.code or ""))
            return texts.say("overview", "unanswered_in_area", area=area, count=line.missing)
        case "item_question":
            return texts.say("item_question", "waits", count=line.missing, **facts)
        case "task":
            measure = texts.named(rules.measure(line.code or ""))
            return texts.say("overview", "task", measure=measure, **facts)
        case "start":
            return texts.say(
                "overview", "start", measure=texts.named(rules.measure(line.code or "")), **facts
            )
        case _:
            return texts.say("overview", line.kind, **facts)


def button(texts: Texts, line: Waiting) -> Button | None:
    """None: there is nothing to press; a head is told how many, and of no case."""
    if line.kind in aside.KINDS:
        return aside.button(texts, line)
    label = texts.say("common", "open_named", alias=line.alias)
    match line.kind:
        case "unanswered_in_area":
            return None
        case "follow_up":
            return follow_up.buttons(texts, line.subject, line.alias)[0]
        case "agenda" | "unplaced":
            named = texts.say("agenda", "get_ready_named", alias=line.alias)
            return Button(texts.say("case", "get_ready"), "ready.open", line.subject, "primary", named)
        case "attest":
            named = texts.say("ready", "mark_named", alias=line.alias)
            return Button(texts.say("ready", "mark"), "ready.mark", line.subject, "primary", named)
        case "returned":
            named = texts.say("overview", "answer_named", alias=line.alias)
            return Button(
                texts.say("referral", "answer_missing"), "referral.answer", line.subject, "primary", named
            )
        case "unsent":
            named = texts.say("overview", "send_named", alias=line.alias)
            return Button(texts.say("referral", "send"), "referral.open", line.subject, label=named)
        case "advice":
            return gathering.answer_button(texts, line.subject, line.alias)
        case "mandate":
            return Button(texts.say("agenda", "mandate"), "agenda.mandate", line.subject, "primary")
        case "item_question":
            return item_question.answer_button(texts, line.subject, line.alias)
        case "task" | "start":
            named = texts.say("task", "open_named", alias=line.alias)
            return Button(texts.say("task", "open"), "task.open", line.subject, label=named)
        case _:
            return Button(texts.say("common", "open"), "case.open", line.subject, label=label)


def area_part(page: Page, texts: Texts, _rules: Rules, now: AreaNow) -> None:
    page.section(
        texts.say(
            "overview",
            "area_now",
            active=now.active,
            overdue=now.overdue,
            over=now.over,
            mark=now.mark,
            days=now.answered_in,
        )
    )


def long_overdue_part(page: Page, texts: Texts, _rules: Rules, found: tuple[LongOverdue, ...]) -> None:
    page.section(texts.say("overview", "long_overdue_head", count=len(found)))
    for one in found[: page.most(LINES_IN_HOME)]:
        label = texts.say("common", "open_named", alias=one.alias)
        page.section(
            texts.say("overview", "long_overdue", alias=one.alias, key=one.key, day=one.day),
            button=Button(texts.say("common", "open"), "case.open", one.case_id, label=label),
        )
