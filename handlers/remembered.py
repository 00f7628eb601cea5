"""The answers given a moment ago, so that a form sent twice gets the same receipt twice (D37)."""

from __future__ import annotations

import threading
from collections import OrderedDict

from handlers.answers import Answer

MOST = 500
PATIENCE_SECONDS = 1.0


class Remembered:
    """Only a convenience: what may not happen twice is held by the database, in any process."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._given = threading.Condition()

    def keep(self, key: str | None, answer: Answer) -> None:
        if key is None:
            return
        with self._given:
            self._answers[key] = answer
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
            self._given.notify_all()

    def again(self, key: str | None) -> Answer | None:
        """The answer to the first asking; waits a moment for one that is just being given. None: not given here."""
        with self._given:
            self._given.wait_for(lambda: key in self._answers, timeout=PATIENCE_SECONDS)
            return self._answers.get(key or "")
