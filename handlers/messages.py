"""The desk for what is written to the bot in a direct message."""

from __future__ import annotations

from bot.usecases import Office
from handlers.answers import Answer, Nothing
from handlers.requests import Request


class MessageDesk:
    def __init__(self, office: Office) -> None:
        self._office = office

    def table(self) -> dict[str, object]:
        return {"event:message": self.heard}

    def heard(self, request: Request) -> Answer:
        """The answer is owed in the outbox, so that it comes once however often Slack tells of the message."""
        if request.payload["event"].get("channel_type") == "im":
            self._office.conversation.hear(request.asked(), request.text)
        return Nothing()
