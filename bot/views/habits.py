"""SIDEN SIDST in Home, and the one line of help at the first command of each kind (A13, B1)."""

from __future__ import annotations

from bot.domain.rules import Rules
from bot.texts import Texts
from bot.usecases.habits import SinceLast
from bot.views.kit import Json, Page, Surface

HINT = "hint"
"""The block's id, so that no answer carries two."""

MOST_BLOCKS = 99
"""One below what Slack takes, so that the hint always has room."""


def since_part(page: Page, texts: Texts, _rules: Rules, found: SinceLast) -> None:
    lines = [texts.say("habits", "news", news=news) for news in found.news]
    if found.more:
        lines.append(texts.say("habits", "more", count=found.more))
    page.section(texts.say("habits", "since_head"))
    page.context(*lines)


def hint(texts: Texts, code: str) -> Json:
    """One small block."""
    page = Page(Surface.EPHEMERAL).context(texts.say("habits", f"hint_{code}"))
    block: Json = page.as_message_blocks()[0]
    return block | {"block_id": HINT}


def with_hint(shown: Json, texts: Texts, code: str) -> Json:
    """A form, or an answer, with the hint on top of it."""
    blocks = list(shown.get("blocks") or [])
    return {**shown, "blocks": [hint(texts, code), *blocks[:MOST_BLOCKS]]}
