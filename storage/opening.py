"""What is sealed about a case, opened; where the seal does not open, it is known whose it was."""

from __future__ import annotations

from bot.usecases.left_out import Unreadable
from storage.sealing import KeyRing, SealBroken


def opened(keys: KeyRing, sealed: bytes, case: str, *, table: str, column: str, row: str) -> str:
    """Raises Unreadable."""
    try:
        return keys.open(bytes(sealed), table=table, column=column, row=row)
    except (SealBroken, ValueError) as why:
        raise Unreadable(case, f"{table}.{column}", row) from why
