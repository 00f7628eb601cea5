"""Faults on demand: what a network and a busy Slack do to an app, ordered one call at a time."""

from dataclasses import dataclass

KINDS = ("drop_after", "drop_before", "500", "500_after", "429", "slow")
WITH_A_CODE = ("error:", "error_after:")
"""An answer with that code instead of the call, or after it has been done all the same."""
PACE_SECONDS = 1.0
"""With `keeps_pace`, a second message in a channel within this time is answered 429, as Slack does."""
ANY_METHOD = "*"


@dataclass
class Fault:
    method: str
    kind: str  # one of KINDS, or WITH_A_CODE and a code
    times: int
    seconds: float  # how long `slow` waits and what `429` asks for


class Faults:
    """The faults still to come. Each call that meets one uses it up once."""

    def __init__(self) -> None:
        self.outage = False
        self.shut_out: str | None = None  # the code every call with the bot's token is answered with
        self.keeps_pace = False
        self._posted: dict[str, float] = {}
        self._waiting: list[Fault] = []

    def order(self, *, method: str, kind: str, times: int = 1, seconds: float | None = None) -> None:
        if kind not in KINDS and not kind.startswith(WITH_A_CODE):
            raise ValueError(kind)
        usual = 6.0 if kind == "slow" else 1.0
        self._waiting.append(Fault(method, kind, times, usual if seconds is None else seconds))

    def meet(self, method: str) -> Fault | None:
        """The fault this call runs into, if any."""
        for fault in self._waiting:
            if fault.method in (method, ANY_METHOD):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    def too_soon(self, channel: str, at: float) -> bool:
        """Whether this message in the channel comes within a second of the last one that was let through."""
        if not self.keeps_pace:
            return False
        soon = at - self._posted.get(channel, float("-inf")) < PACE_SECONDS
        if not soon:
            self._posted[channel] = at
        return soon

    def forget(self) -> None:
        self._waiting.clear()
        self.outage, self.shut_out, self.keeps_pace = False, None, False
