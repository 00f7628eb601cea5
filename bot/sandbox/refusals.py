"""The one way this Slack says no: an error code in Slack's own words, with Slack's own facts beside it."""

from typing import Any


class Refused(Exception):
    """A call that Slack would answer with `ok: false`."""

    def __init__(self, error: str, **facts: Any) -> None:
        super().__init__(error)
        self.error = error
        self.facts = facts

    def answer(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error, **self.facts}


def invalid_arguments(*messages: str) -> Refused:
    """Slack's answer to a call whose arguments do not hold, with one message for each fault found."""
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})
