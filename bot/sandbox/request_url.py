"""A request URL: what the app hears is posted to it, signed as Slack signs, and the answer is the acknowledgement.

Several, separated by commas, are replicas behind something that spreads the load: any of them gets a request, and one
that takes no connection is left for another.
"""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientConnectionError, ClientConnectorError, ClientError, ClientSession, ClientTimeout

from bot.sandbox.journal import Journal
from bot.sandbox.sockets import (
    ACK_WITHIN,
    RETRIES,
    AnsweredOtherwise,
    NoAnswer,
    NotConnected,
    Record,
    Sockets,
)
from bot.sandbox.world import World

FORM = "application/x-www-form-urlencoded"


class RequestUrl(Sockets):
    """The same three seconds, the same retries; a dropped connection is a line that is not there."""

    def __init__(
        self, url: str, world: World, journal: Journal, *, retries: Sequence[float] = RETRIES
    ) -> None:
        super().__init__(world.bot, journal, retries=retries)
        self._urls, self._secret = url.split(","), world.signing_secret.encode()
        self._session: ClientSession | None = None

    async def close(self) -> None:
        await super().close()
        if self._session:
            await self._session.close()

    async def _deliver(self, kind: str, envelope: Record) -> Any:
        self._journal.push(kind, envelope)
        body, content_type = _written(kind, envelope["payload"])
        headers = {**signed(self._secret, body), "Content-Type": content_type, **_again(envelope)}
        try:
            status, said, text = await asyncio.wait_for(self._post(body, headers), ACK_WITHIN)
        except TimeoutError:
            self._journal.note("ack_missed", envelope_id=envelope["envelope_id"], kind=kind)
            raise NoAnswer from None
        except ClientConnectionError:
            raise NotConnected from None
        except ClientError:
            raise AnsweredOtherwise from None
        if status != 200:
            self._journal.note("ack_refused", envelope_id=envelope["envelope_id"], kind=kind, status=status)
            raise AnsweredOtherwise
        answer = _read(said, text)
        self._journal.ack(envelope["envelope_id"], answer)
        return answer

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, str]:
        if self._session is None:
            self._session = ClientSession(timeout=ClientTimeout(total=ACK_WITHIN + 1))
        *others, last = random.sample(self._urls, len(self._urls))
        for url in others:
            with suppress(ClientConnectorError):
                return await self._post_to(self._session, url, body, headers)
        return await self._post_to(self._session, last, body, headers)

    async def _post_to(
        self, session: ClientSession, url: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, str]:
        async with session.post(url, data=body, headers=headers) as reply:
            return reply.status, reply.content_type, await reply.text()


def signed(secret: bytes, body: bytes, *, at: float | None = None) -> dict[str, str]:
    """The two headers by which Slack is known. Real time, whatever the sandbox plays."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _written(kind: str, payload: Record) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def _again(envelope: Record) -> dict[str, str]:
    if not envelope.get("retry_attempt"):
        return {}
    return {
        "X-Slack-Retry-Num": str(envelope["retry_attempt"]),
        "X-Slack-Retry-Reason": str(envelope["retry_reason"]),
    }


def _read(content_type: str, text: str) -> Any:
    if not text:
        return None
    if content_type == "application/json":
        return json.loads(text)
    return {"text": text}
