"""Faults on demand: what a network and a busy Slack do to an app, ordered one call at a time."""

from dataclasses import dataclass

KINDS = ("drop_after", "drop_before", "500", "429", "slow")
ANY_METHOD = "*"


@dataclass
class Fault:
    method: str
    kind: str  # one of KINDS, or error:<code>
    times: int
    seconds: float  # how long `slow` waits and what `429` asks for


class Faults:
    """The faults still to come. Each call that meets one uses it up once."""

    def __init__(self) -> None:
        self.outage = False
        self._waiting: list[Fault] = []

    def order(self, *, method: str, kind: str, times: int = 1, seconds: float | None = None) -> None:
        if kind not in KINDS and not kind.startswith("error:"):
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

    def forget(self) -> None:
        self._waiting.clear()
        self.outage = False
