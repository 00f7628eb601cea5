"""What stands in the way of taking something back, besides the minutes (D35)."""

from __future__ import annotations

from bot.domain.errors import Refusal


class BuiltUpon(Refusal):
    """Something has happened since that rests on it; facts: instead, what there is to do now."""
