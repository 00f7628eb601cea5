"""Answers to what is written to the bot in plain words: short, and with doors instead of deeds (A10)."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.case import Stage
from bot.domain.intents import Intent
from bot.domain.people import Person, Role
from bot.domain.rules import Rules
from bot.texts import Public, Texts
from bot.usecases.conversation import Reply
from bot.views import case, overview
from bot.views.kit import Button, Json, Page, Surface


def reply(facts: Reply, texts: Texts, rules: Rules) -> Json:
    page = Page(Surface.DIRECT)
    if facts.intent in _WITH_RULES:
        _WITH_RULES[facts.intent](page, texts, rules, facts)
    else:
        _ANSWERS.get(facts.intent, _short)(page, texts, facts)
    return page.message(texts.say("common", "news"))


def _short(page: Page, texts: Texts, facts: Reply) -> None:
    page.section(texts.say("conversation", facts.intent.value))


def _help(page: Page, texts: Texts, facts: Reply) -> None:
    page.section(texts.say("conversation", "help", name=facts.person.name.split(" ")[0]))
    page.buttons(*buttons_for(texts, facts.person))


def _unknown(page: Page, texts: Texts, facts: Reply) -> None:
    page.section(texts.say("conversation", "unknown"))
    page.buttons(*buttons_for(texts, facts.person))


def buttons_for(texts: Texts, person: Person) -> tuple[Button, ...]:
    """What the person does most: three doors."""
    find = Button(texts.say("case", "title_find"), "case.find")
    help_ = Button(texts.say("help", "title"), "help.open")
    if person.has(Role.CASEWORKER):
        new = Button(texts.say("case", "title_new"), "case.new")
        return (Button(texts.say("case", "use_frame"), "frame.open"), new, find)
    if person.is_leader:
        return (Button(texts.say("referral", "title_queue"), "referral.queue"), find, help_)
    settings = Button(texts.say("settings", "title"), "settings.open")
    if person.has(Role.ADMINISTRATOR):
        return (Button(texts.say("conversation", "roles"), "roles.open"), settings, help_)
    return (find, settings, help_)


def _no_role(page: Page, texts: Texts, _facts: Reply) -> None:
    page.section(
        texts.say("refusal", "no_role"), button=Button(texts.say("home", "ask_access"), "access.wish")
    )


def _today(page: Page, texts: Texts, rules: Rules, facts: Reply) -> None:
    """The same three lines as Home."""
    lines = facts.today.lines if facts.today else ()
    if not lines and not facts.waiting:
        page.section(texts.say("conversation", "today_none"))
        return
    page.section(texts.say("conversation", "today", count=len(lines) + facts.waiting))
    for line in lines[: overview.LINES_IN_A_MESSAGE]:
        page.section(overview.words(texts, rules, line), button=overview.button(texts, line))
    if facts.waiting:
        queue = Button(texts.say("common", "open"), "referral.queue")
        page.section(texts.say("conversation", "waiting", count=facts.waiting), button=queue)
    rest = len(lines) - overview.LINES_IN_A_MESSAGE
    if rest > 0:
        page.context(texts.say("overview", "more", count=rest))


def _case(page: Page, texts: Texts, facts: Reply) -> None:
    for line in facts.cases[:1]:
        page.section(case.line(texts, line))
        use = Button(texts.say("case", "use_frame"), "frame.open", line.id)
        page.buttons(case.open_button(texts, line), use if line.left is not None else None)
    if not facts.cases:
        _unknown(page, texts, facts)


def _cases(page: Page, texts: Texts, facts: Reply) -> None:
    page.section(texts.say("conversation", "cases", count=len(facts.cases)))
    for line in facts.cases:
        page.section(case.line(texts, line), button=case.open_button(texts, line))


def _use_frame(page: Page, texts: Texts, rules: Rules, facts: Reply) -> None:
    """Amount, purpose and case echoed, with a button that books and one that opens the form; nothing is booked yet."""
    line = next(iter(facts.cases), None)
    if line and facts.use:
        use = facts.use.use
        purpose = texts.named(rules.purpose(use.purpose))
        page.section(texts.say("conversation", "meant", amount=use.amount, purpose=purpose, alias=line.alias))
        page.buttons(
            Button(texts.say("frame", "submit_use"), "reply.book", facts.key, "primary"),
            Button(texts.say("conversation", "fix"), "reply.fix", facts.key),
        )
        return
    said = (
        texts.say("conversation", "use_frame", alias=line.alias)
        if line
        else texts.say("conversation", "use_frame_which")
    )
    page.section(said)
    page.buttons(Button(texts.say("case", "use_frame"), "frame.open", line.id if line else "x"))


def _left(page: Page, texts: Texts, facts: Reply) -> None:
    line = next(iter(facts.cases), None)
    if line is None:
        page.section(texts.say("conversation", "which_case"))
        page.buttons(Button(texts.say("case", "title_find"), "case.find"))
        return
    said = (
        texts.say("conversation", "left_none", alias=line.alias)
        if line.left is None
        else texts.say(
            "conversation",
            "left",
            alias=line.alias,
            left=line.left,
            amount=line.amount,
            follow_up=line.follow_up_on,
        )
    )
    page.section(said, button=case.open_button(texts, line))


def _meeting(page: Page, texts: Texts, facts: Reply) -> None:
    found = facts.meeting
    if found is None:
        page.section(texts.say("conversation", "meeting_none"))
        return
    page.section(
        texts.say(
            "conversation",
            "meeting",
            day=found.day,
            starts=found.starts,
            room=Public(found.room),
            mine=found.mine,
        )
    )


def _away(page: Page, texts: Texts, facts: Reply) -> None:
    page.section(texts.say("conversation", "away"))
    regrets = (
        Button(texts.say("agenda", "absent"), "agenda.absent", facts.meeting_id) if facts.meeting_id else None
    )
    page.buttons(regrets, Button(texts.say("settings", "away"), "away.open"))


def _urgent(page: Page, texts: Texts, facts: Reply) -> None:
    page.section(texts.say("conversation", "urgent"))
    asking = [
        Button(
            texts.say("conversation", "ask_urgent", alias=line.alias),
            "referral.open",
            line.id,
        )
        for line in facts.cases[:2]
        if line.stage == Stage.REGISTERED
    ]
    asking += [case.open_button(texts, line) for line in facts.cases[:2] if line.stage != Stage.REGISTERED]
    new = Button(texts.say("case", "title_new"), "case.new") if facts.person.has(Role.CASEWORKER) else None
    page.buttons(*asking, None if asking else new, Button(texts.say("case", "title_find"), "case.find"))


def _who(page: Page, texts: Texts, facts: Reply) -> None:
    line = next(iter(facts.cases), None)
    page.section(texts.say("conversation", "who"))
    if line is None:
        return
    linked = Button(texts.say("case", "open_system"), "case.system", line.id) if line.linked else None
    page.buttons(Button(texts.say("case", "show_number"), "case.number", line.id), linked)


def _must(page: Page, texts: Texts, _facts: Reply) -> None:
    page.section(texts.say("conversation", "must"), button=Button(texts.say("adjust", "must"), "must.open"))


def _remove(page: Page, texts: Texts, facts: Reply) -> None:
    page.section(texts.say("conversation", "remove"))
    line = next(iter(facts.cases), None)
    find = Button(texts.say("case", "title_find"), "case.find")
    cancel = (
        Button(texts.say("conversation", "cancel_meeting"), "desk.cancel", facts.meeting_id)
        if facts.meeting_id
        else None
    )
    page.buttons(case.open_button(texts, line) if line else find, cancel)


Answer = Callable[[Page, Texts, Reply], None]
_ANSWERS: dict[Intent, Answer] = {
    Intent.HELP: _help,
    Intent.CASE: _case,
    Intent.CASES: _cases,
    Intent.LEFT: _left,
    Intent.MEETING: _meeting,
    Intent.AWAY: _away,
    Intent.URGENT: _urgent,
    Intent.WHO: _who,
    Intent.MUST: _must,
    Intent.REMOVE: _remove,
    Intent.NO_ROLE: _no_role,
    Intent.UNKNOWN: _unknown,
}
"""Those that need more than a sentence."""

_WITH_RULES = {Intent.TODAY: _today, Intent.USE_FRAME: _use_frame}
"""Those that name a purpose or a measure."""
