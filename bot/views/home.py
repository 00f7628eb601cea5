"""App Home: what waits, then what one does most, then one's cases. Phone first: the next action within eight blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.calendar import local, local_date
from bot.domain.people import Role
from bot.domain.rules import Rules
from bot.texts import Said, Texts
from bot.usecases.homes import HomeFacts, MyCases
from bot.usecases.people import AccessAsked
from bot.usecases.referrals import Request
from bot.views import case, practice, referral
from bot.views.kit import Button, Json, Page, Surface

HomeView = Callable[[Page, Texts, Rules, Any], None]
MOST_CASES = 10
MOST_BLOCKS = 60
ROOM = MOST_BLOCKS - 3
"""What is left above the footer."""


def home(facts: HomeFacts, texts: Texts, rules: Rules, views: dict[str, HomeView]) -> Json:
    """`views` draws each part, in order; where it would be too long, each list is cut shorter (A12)."""
    page = _drawn(facts, texts, rules, views, tight=False)
    if len(page.blocks) > ROOM:
        page = _drawn(facts, texts, rules, views, tight=True)
        del page.blocks[ROOM:]
    _footer(page, texts, facts)
    return page.home()


def _drawn(facts: HomeFacts, texts: Texts, rules: Rules, views: dict[str, HomeView], *, tight: bool) -> Page:
    page = Page(Surface.HOME, tight=tight)
    hour = local(facts.at).hour
    greeting = "morning" if hour < 10 else "day" if hour < 18 else "evening"
    page.header(texts.say("home", greeting, name=facts.person.name.split(" ")[0]))
    page.context(texts.say("home", "today", day=local_date(facts.at)))
    if facts.restored_at:
        block = "restored" if facts.person.has(Role.ADMINISTRATOR) else "paused"
        page.context(texts.say("home", block, at=facts.restored_at))
    if not facts.person.welcomed and not _has_cases(facts):
        _welcome(page, texts, facts)
    for name, draw in views.items():
        if name in facts.parts:
            draw(page, texts, rules, facts.parts[name])
    return page


def _has_cases(facts: HomeFacts) -> bool:
    """Whoever has made a case has no need of the first-day lines any more (A13)."""
    mine = facts.parts.get("cases")
    return isinstance(mine, MyCases) and bool(mine.cases)


def stranger_home(texts: Texts, *, asked: AccessAsked | None = None) -> Json:
    """For an employee without a role: whom to ask, and a button that asks; once asked, what happens now."""
    if asked:
        facts = {"until": asked.away_until, "ask": asked.ask}
        return Page(Surface.HOME).section(texts.say("home", "access_waits", **facts)).home()
    ask = Button(texts.say("home", "ask_access"), "access.wish")
    return Page(Surface.HOME).section(texts.say("refusal", "no_role"), button=ask).home()


def turned_away(why: Said) -> Json:
    """The one sentence; a guest, or somebody from outside, cannot ask for access."""
    return Page(Surface.HOME).section(why).home()


def _welcome(page: Page, texts: Texts, facts: HomeFacts) -> None:
    page.section(texts.say("home", "welcome", name=facts.person.name.split(" ")[0]))
    if facts.person.has(Role.CASEWORKER):
        first = Button(texts.say("home", "first_case"), "case.new", style="primary")
        page.buttons(practice.start_button(texts), first)
    else:
        page.buttons(practice.start_button(texts), Button(texts.say("home", "got_it"), "welcome.done"))


def _footer(page: Page, texts: Texts, facts: HomeFacts) -> None:
    page.divider()
    if facts.next_meeting:
        meeting = facts.next_meeting
        page.context(texts.say("home", "next_meeting", day=meeting.day, starts=meeting.starts))
    page.buttons(
        Button(texts.say("home", "settings"), "settings.open"),
        Button(texts.say("home", "help"), "help.open"),
        Button(texts.say("common_practice", "show"), "praxis.open"),
    )


def everyday_part(page: Page, texts: Texts, _rules: Rules, _facts: bool) -> None:
    page.buttons(
        Button(texts.say("case", "use_frame"), "frame.open"),
        Button(texts.say("case", "title_new"), "case.new"),
        Button(texts.say("case", "title_find"), "case.find"),
        Button(texts.say("adjust", "must"), "must.open"),
        id="everyday",
    )


def cases_part(page: Page, texts: Texts, _rules: Rules, mine: MyCases) -> None:
    """The cases with the next date first."""
    page.divider()
    if not mine.cases:
        page.section(texts.say("case", "mine_none"))
        return
    page.section(texts.say("case", "mine_head", count=len(mine.cases)))
    most = page.most(MOST_CASES)
    for line in mine.cases[:most]:
        page.section(case.line(texts, line), button=case.open_button(texts, line))
    if len(mine.cases) > most:
        page.buttons(Button(texts.say("home", "more_cases"), "case.mine"))


def queue_part(page: Page, texts: Texts, _rules: Rules, requests: tuple[Request, ...]) -> None:
    referral.queue_on(page, texts, list(requests))
