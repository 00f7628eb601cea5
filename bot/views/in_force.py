"""The settings in force and the impact assessment, as the data protection officer reads them: nothing to change here."""

from __future__ import annotations

from bot.domain.assessment import Assessment
from bot.texts import Public, Said, Texts, joined
from bot.usecases.in_force import InForce
from bot.views.kit import Json, Page, Surface
from bot.views.watch import channel_lines


def settings(texts: Texts, found: InForce) -> Json:
    page, rules = Page(Surface.MODAL), found.rules
    page.section(texts.say("in_force", "rules", version=rules.version, day=rules.valid_from))
    kept, deadlines = rules.retention, rules.deadlines
    page.section(
        texts.say(
            "in_force",
            "kept",
            closed=kept.closed_years,
            unfinished=kept.unfinished_years,
            journal=kept.journal_years,
        )
    )
    shown = {"channel": deadlines.channel_shows_days, "messages": deadlines.dm_shows_days}
    page.section(texts.say("in_force", "slack", members=deadlines.member_sees_days, **shown))
    page.section(joined("\n", channel_lines(texts, found.guard)))
    hours = {"minutes": int(found.door.total_seconds() // 60), "days": found.door_is_looked_at.days}
    page.section(texts.say("in_force", "door", **hours))
    page.context(texts.say("in_force", "read_only", at=found.at))
    return _modal(page, texts, "title")


def assessment(texts: Texts, found: Assessment) -> Json:
    page = Page(Surface.MODAL)
    page.section(texts.say("in_force", "draft", day=found.edition, risks=found.risks))
    points = [_point(texts, code) for code in found.open_points]
    page.section(
        joined("\n", [texts.say("in_force", "open_points", count=len(points)), *points]),
    )
    page.context(texts.say("in_force", "document", document=found.document))
    return _modal(page, texts, "title_assessment")


def _point(texts: Texts, code: str) -> Said:
    return joined("", [Public("• "), texts.term("dpia", code)])


def _modal(page: Page, texts: Texts, title: str) -> Json:
    return page.modal(title=texts.say("in_force", title), callback="told", close=texts.say("common", "close"))
