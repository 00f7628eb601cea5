"""A member's question on an item before the meeting, by a code; the presenter answers by one (R125, D16)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.people import PersonId


class ItemQuestionMissing(Refusal):
    """Asking, and answering, is choosing one of the codes."""

    default_field = "question"


class ItemQuestionAnswered(Refusal):
    """Somebody has answered, or the item has been decided."""


@dataclass(frozen=True)
class ItemQuestion:
    """Kept on the item itself, so that it stands there at the meeting."""

    id: str
    by: PersonId
    at: datetime
    question: str  # one of choices.item_questions
    answer: str | None = None  # one of choices.item_answers
    answered_by: PersonId | None = None
    answered_at: datetime | None = None

    def answered(self, answer: str, *, by: PersonId, at: datetime) -> ItemQuestion:
        return replace(self, answer=answer, answered_by=by, answered_at=at)
