"""What *Fortryd* gives back: a slip, written beside what was said, good for as long as it may be taken back (D35)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from bot.domain.notices import NoticeState
from bot.domain.presentation import TooLateToUndo
from bot.usecases.markers import put_marker
from bot.usecases.ports import Asked, Work


def keep_slip(work: Work, what: str, subject: str, asked: Asked, **was: str) -> None:
    """Ids, codes and days only. The same person's next one about the same replaces it."""
    put_marker(work, _key(what, subject, asked), at=asked.at.isoformat(), **was)


def slip_of(work: Work, what: str, subject: str, asked: Asked, within: timedelta) -> Mapping[str, str]:
    """What was before, for whoever said it, once. Raises TooLateToUndo."""
    found = work.notices.by_key(_key(what, subject, asked))
    if (
        found is None
        or not found.facts["at"]
        or asked.at > datetime.fromisoformat(found.facts["at"]) + within
    ):
        raise TooLateToUndo
    put_marker(work, found.key, at="")
    return found.facts


def _key(what: str, subject: str, asked: Asked) -> str:
    return f"slip:{what}:{subject}:{asked.by.id}"


def take_word_back(work: Work, key: str) -> None:
    """What has not been sent is never sent; what has been shows that it was taken back."""
    if not work.notices.cancel(key):
        work.notices.retell(key, undone="1")


def standing_or_next(work: Work, key: str) -> str:
    """What has been handled, or was never sent, is told no more under its key: the next one has a number."""
    return next(k for k in (f"{key}:{n}" if n else key for n in count()) if not _is_over(work, k))


def _is_over(work: Work, key: str) -> bool:
    told = work.notices.by_key(key)
    return told is not None and (told.handled or told.state == NoticeState.CANCELLED)
