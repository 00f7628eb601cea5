"""References to what stands in a case system: statutory plans (R012), late material (R141). Never the thing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.errors import Refusal
from bot.domain.people import AreaCode, PersonId

LATE = "late_material"
"""The code of material sent after the agenda was locked (»eftersendt«)."""


class DocumentGone(Refusal):
    """The reference has been taken away, or it is another area's."""


class NothingToSendLate(Refusal):
    """The case is on no agenda, so no material can be late for it."""

    default_field = "code"


@dataclass(frozen=True)
class Document:
    """One reference. `number` is sealed in storage and shown to its own area only (D28).

    Closed unless somebody says otherwise: everything that belongs to a case is (R137).
    """

    id: str
    case_id: str
    area: AreaCode
    code: str
    number: str
    added_by: PersonId
    added_at: datetime
    is_open: bool = False
    presentation_id: str | None = None  # the item that late material is for
