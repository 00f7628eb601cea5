"""The next stops the sandbox's time machine offers: the next agenda and the next reminder."""

from __future__ import annotations

from datetime import datetime

from bot.usecases import Office


def marks(office: Office, at: datetime) -> list[dict[str, str]]:
    return []
