"""What lacks something: on top of a leader's and the chair's Home, and in one message when it is found (T32)."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.two_chairs import AlarmLine, Alarms, DateChoices, PayerChoices
from bot.views.kit import Button, Choice, Json, Page, Surface, radio

LINES_IN_A_MESSAGE = 3
LINES_IN_HOME = 5


def alarms_part(page: Page, texts: Texts, _rules: Rules, found: Alarms) -> None:
    """Zero is said as zero; a department head reads only how many."""
    block = "head" if found.count else "none"
    page.section(texts.say("alarms", block, count=found.count))
    if found.count and not found.lines:
        page.context(texts.say("alarms", "leaders_see"))
    _lines(page, texts, found.lines, page.most(LINES_IN_HOME))


def message(found: Alarms, texts: Texts, _rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    if found.count > 1 or len(found.lines) != 1:
        page.section(texts.say("alarms", "head", count=found.count))
    _lines(page, texts, found.lines, LINES_IN_A_MESSAGE)
    if found.instead:
        page.context(texts.say("alarms", "instead"))
    if len(found.lines) == 1:
        page.buttons(*(_fix(texts, found.lines[0], fix) for fix in found.lines[0].fixes[1:]))
    return page.message(texts.say("common", "notification"))


def _lines(page: Page, texts: Texts, lines: tuple[AlarmLine, ...], most: int) -> None:
    for line in lines[:most]:
        page.section(words(texts, line), button=button(texts, line))
    rest = len(lines) - most
    if rest > 0:
        page.context(texts.say("alarms", "more", count=rest))
    left_by = next((line.left_by for line in lines if line.left_by), None)
    if left_by:  # one form for all that the colleague has left (D31)
        page.buttons(Button(texts.say("substitute", "set"), "sick.open", left_by, "primary"), id="left_cases")


def words(texts: Texts, line: AlarmLine) -> Said:
    return texts.say("alarms", "line", alias=line.alias, key=line.key, gap=line.gap)


def button(texts: Texts, line: AlarmLine) -> Button:
    """The one that mends it, or the case itself."""
    if line.fixes:
        return _fix(texts, line, line.fixes[0], style="primary")
    label = texts.say("alarms", "see_named", alias=line.alias)
    return Button(texts.say("alarms", "see"), "case.open", line.case_id, label=label)


def _fix(texts: Texts, line: AlarmLine, fix: str, *, style: str | None = None) -> Button:
    label = texts.say("alarms", f"{fix}_named", alias=line.alias)
    return Button(texts.say("alarms", fix), ACTIONS[fix], line.case_id, style, label=label)


ACTIONS = {
    "date": "alarm.date",
    "substitute": "substitute.open",
    "change": "change.open",
    "anchor": "anchor.open",
    "payer": "alarm.payer",
}
"""The forms that mend a gap."""


def date_form(texts: Texts, facts: DateChoices, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("alarms", "date_intro", alias=facts.alias, key=facts.key))
    if not facts.choices:
        page.section(texts.say("alarms", "no_meetings"))
        return page.modal(
            title=texts.say("alarms", "title_date"), callback="told", close=texts.say("common", "close")
        )
    choices = [Choice(texts.say("alarms", "meeting", day=day), id) for id, day in facts.choices]  # noqa: A001
    page.input("meeting", texts.say("alarms", "label_meeting"), radio(choices, initial=facts.choices[0][0]))
    return page.modal(
        title=texts.say("alarms", "title_date"),
        callback="alarm.date",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )


def payer_form(texts: Texts, rules: Rules, facts: PayerChoices, *, meta: str) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("alarms", "payer_intro", alias=facts.alias, key=facts.key))
    choices = [Choice(texts.named(rules.area(code)), code) for code in facts.areas]
    page.input("payer", texts.say("alarms", "label_payer"), radio(choices, initial=facts.proposed))
    return page.modal(
        title=texts.say("alarms", "title_payer"),
        callback="alarm.payer",
        submit=texts.say("common", "save"),
        close=texts.say("common", "cancel"),
        meta=meta,
    )
