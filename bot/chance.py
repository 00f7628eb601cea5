"""Chance, from the machine."""

from __future__ import annotations

import random
import secrets

LETTERS = "abcdefghijkmnpqrstuvwxyz"


class MachineChance:
    """Ids nobody can guess, and chance from the machine."""

    random: random.Random = random.SystemRandom()

    def id(self) -> str:
        """28 letters, some 128 bits. No digits, so that no id ever looks like a number of somebody."""
        return "".join(secrets.choice(LETTERS) for _ in range(28))
