"""The draft of the impact assessment, as an installation knows it: which edition, and what the municipality lacks still.

The text itself is docs/privatliv/konsekvensanalyse.md; a test keeps the two alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

EDITION = date(2026, 11, 28)
DOCUMENT = "docs/privatliv/konsekvensanalyse.md"
RISKS = 12
OPEN_POINTS = (
    "dpo_heard",
    "citizens_heard",
    "legal_basis",
    "processors",
    "slack_settings",
    "journal_deadline",
    "roles",
)
"""What only the municipality can do, in the order of the document's last paragraph."""


@dataclass(frozen=True)
class Assessment:
    document: str = DOCUMENT
    edition: date = EDITION
    risks: int = RISKS
    open_points: tuple[str, ...] = OPEN_POINTS
