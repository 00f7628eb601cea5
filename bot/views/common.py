"""Shapes every desk needs: a sentence, a small form that only tells something, a refusal."""

from __future__ import annotations

from bot.log import about_request
from bot.texts import Public, Said, Texts
from bot.views.kit import Button, Json, Page, Surface


def told(said: Said, texts: Texts, *, title: Said | None = None) -> Json:
    """A small form that says one thing and can only be closed."""
    page = Page(Surface.MODAL).section(said)
    return page.modal(
        title=title or texts.say("common", "title"), callback="told", close=texts.say("common", "close")
    )


def sentence(said: Said) -> Json:
    """For the answer to a command, or beside a message; only the person sees it."""
    page = Page(Surface.EPHEMERAL).section(said)
    return page.aside(said)


def front_desk(said: Said, texts: Texts) -> Json:
    """For an employee without a role: whom to ask, and a button that asks."""
    page = Page(Surface.EPHEMERAL)
    page.section(said, button=Button(texts.say("home", "ask_access"), "access.wish"))
    return ephemeral(page, said)


def ephemeral(page: Page, text: Said) -> Json:
    """Only the person sees it, and no lock screen does."""
    return page.aside(text)


def unread(texts: Texts, count: int) -> list[Json]:
    """That so many cases are not in it, since they cannot be read; nothing where all could."""
    if not count:
        return []
    with about_request() as number:
        said = texts.say("common", "unread", count=count, number=public(number))
    return line(said, "unread")


def line(said: Said, block_id: str) -> list[Json]:
    """A small line of its own, as a block that is added to others."""
    blocks = Page(Surface.OPEN_CHANNEL).context(said).as_message_blocks()
    return [{**block, "block_id": block_id} for block in blocks]


def saying_so(blocks: list[Json], texts: Texts, count: int, *, most: int) -> list[Json]:
    """With that line below; what would be too long with it gives room."""
    lines = unread(texts, count)
    return [*blocks[: most - len(lines)], *lines]


def public(text: str) -> Public:
    return Public(text)
