"""Everything casework can refuse, each named after its rule. Facts only: the wording lives in texts/*/refusal.j2."""

from __future__ import annotations

import re
from typing import Any, ClassVar


class Refusal(Exception):
    """Casework says no, kindly. `facts` go to the text of the same name; `field` names the input at fault, if one is.

    The name of the class, written with underscores, is the name of its text block in both languages.
    """

    default_field: ClassVar[str | None] = None

    def __init__(self, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(type(self).__name__)
        self.field = field or self.default_field
        self.facts = facts

    @classmethod
    def text_key(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def on(self, field: str) -> Refusal:
        """The same refusal, laid on a field (a parser does not know which form it reads for)."""
        self.field = field
        return self
