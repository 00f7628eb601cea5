"""How the installation is, as it is read: what the channel guard sees, the connection and the clock, and the checks."""

from __future__ import annotations

from datetime import datetime

from bot.domain.rules import Rules
from bot.domain.watch import ChannelLook, CheckUp
from bot.texts import Said, Texts, joined, slacks_code
from bot.usecases.watchkeeping import GuardSeen, Pulse
from bot.views.kit import Button, Json, Page, Surface


def guard_part(page: Page, texts: Texts, _rules: Rules, seen: GuardSeen) -> None:
    page.section(joined("\n", channel_lines(texts, seen)))
    page.buttons(
        Button(texts.say("in_force", "open"), "dpo.settings"),
        Button(texts.say("in_force", "assessment"), "dpo.assessment"),
        id="in_force",
    )


def channel_lines(texts: Texts, seen: GuardSeen) -> list[Said]:
    return [_channel(texts, name, look) for name, look in seen.looks] or [texts.say("watch", "no_channel")]


def _channel(texts: Texts, where: str, look: ChannelLook | None) -> Said:
    if look is None:
        return texts.say("watch", "not_seen", where=where)
    block = f"face_none_{look.why.value}" if look.why else f"face_{look.face.value}"
    face = texts.say("watch", block, outside=look.outside)
    return texts.say("watch", "channel", where=where, face=face, at=look.at)


def pulse_part(page: Page, texts: Texts, rules: Rules, pulse: Pulse) -> None:
    """The lines an administrator reads first, and the button that looks again."""
    ruled = texts.say("watch", "rules", version=rules.version, day=rules.valid_from)
    page.section(
        joined(
            "\n", [_connection(texts, pulse), texts.say("watch", "database"), _clock(texts, pulse), ruled]
        ),
        button=Button(texts.say("watch", "run"), "checks.run"),
    )


def _connection(texts: Texts, pulse: Pulse) -> Said:
    if pulse.shut_out:
        return texts.say("watch", "shut_out", code=slacks_code(pulse.shut_out))
    return texts.say("watch", "slack_away" if pulse.slack_away else "connected")


def _clock(texts: Texts, pulse: Pulse) -> Said:
    if not pulse.clock_runs:
        return texts.say("watch", "clock_stands", since=pulse.round_at)
    return texts.say("watch", "clock_runs", next=pulse.next_post)


def checks(texts: Texts, found: tuple[CheckUp, ...], at: datetime) -> Json:
    """A line a check, and what to do about the one that is not well (A14)."""
    page = Page(Surface.MODAL)
    for check in found:
        block = {True: "well", False: "unwell", None: "silent"}[check.well]
        page.section(
            texts.say(
                "watch",
                block,
                what=texts.say("watch", f"check_{check.code}"),
                do=texts.say("watch", f"do_{check.code}"),
            )
        )
    page.context(texts.say("watch", "seen_at", at=at))
    return page.modal(title=texts.say("watch", "title"), callback="told", close=texts.say("common", "close"))
