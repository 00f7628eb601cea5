"""What is written down once by its key, and never sent."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.notices import Notice
from bot.usecases.ports import Work

MARKER = "marker"
"""A notice that is never sent: a key that makes something once, and the few facts that go with it."""


def put_marker(work: Work, key: str, **facts: str) -> bool:
    """Writes something down once by its key, with facts that may change; True the first time. Never sent."""
    found = work.notices.by_key(key)
    if found is None:
        work.notices.tell(Notice(key, MARKER, "-", facts))
        work.notices.cancel(key)
        return True
    if facts:
        work.notices.record(replace(found, facts=found.facts | facts))
    return False
