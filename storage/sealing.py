"""What is sealed at rest, and the key ring that opens it (D27).

AES-256-GCM, bound to table, column and row, so that a sealed value moved elsewhere does not open. Numbers are found
again through a keyed hash; its key is derived apart, so that neither gives the other.
"""

from __future__ import annotations

import base64
import hmac
import itertools
import os
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

UNNAMED = b"\x01"
"""How values began before they named their key; they open, and are sealed anew by `storage.resealing`."""
NAMED = b"\x02"
"""How a value begins now; then come the four bytes that name its key."""
NAME_BYTES = 4
PAD = 32  # lengths are padded, so that a short number does not show by its size
KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value does not open: changed, moved, or sealed with a key that is not on the ring."""


class KeyUnfit(Exception):
    """A key cannot seal. `why`: `none`, `not_base64`, `not_32_bytes` (cut off, most often) or `too_regular`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class KeyRing:
    """One current key; old ones only open. Keys are 32 bytes, written as base64."""

    current: bytes = field(repr=False)
    old: tuple[bytes, ...] = field(default=(), repr=False)

    @classmethod
    def read(cls, text: str) -> KeyRing:
        """One key a line or between commas, the current one first. Raises KeyUnfit."""
        keys = tuple(_decode(part) for part in text.replace(",", "\n").split() if part)
        if not keys:
            raise KeyUnfit("none")
        return cls(keys[0], keys[1:])

    @property
    def mark(self) -> bytes:
        """How everything begins that the current key has sealed."""
        return NAMED + _name(self.current)

    def seal(self, text: str, *, table: str, column: str, row: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        body = _cipher(self.current).encrypt(nonce, _pad(text), _where(table, column, row))
        return self.mark + nonce + body

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> str:
        """Raises SealBroken."""
        head = len(UNNAMED) if sealed[:1] == UNNAMED else len(self.mark)
        nonce, body = sealed[head : head + NONCE_BYTES], sealed[head + NONCE_BYTES :]
        if len(nonce) == NONCE_BYTES and body:
            for key in self._may_have_sealed(sealed):
                try:
                    return _unpad(_cipher(key).decrypt(nonce, body, _where(table, column, row)))
                except InvalidTag:
                    continue
        raise SealBroken(f"{table}.{column}")

    def blind(self, text: str, *, purpose: str) -> bytes:
        """A keyed hash for finding an equal value; the same text gives the same hash under the current key."""
        return _blind(self.current, text, purpose)

    def blinds(self, text: str, *, purpose: str) -> tuple[bytes, ...]:
        """The same under every key of the ring: what an old key hashed is found until it has been hashed anew."""
        return tuple(_blind(key, text, purpose) for key in self._all)

    @property
    def _all(self) -> tuple[bytes, ...]:
        return (self.current, *self.old)

    def _may_have_sealed(self, sealed: bytes) -> tuple[bytes, ...]:
        if sealed[:1] == UNNAMED:
            return self._all
        return tuple(k for k in self._all if sealed.startswith(NAMED + _name(k)))


def new_key() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _decode(part: str) -> bytes:
    try:
        key = base64.b64decode(part, validate=True)
    except ValueError as why:
        raise KeyUnfit("not_base64") from why
    if len(key) != KEY_BYTES:
        raise KeyUnfit("not_32_bytes")
    steps = {(b - a) % 256 for a, b in itertools.pairwise(key)}
    if min(len(set(key)), len(steps)) < 12:
        raise KeyUnfit("too_regular")
    return key


@lru_cache(maxsize=32)
def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(_derive(key, b"indgang sealing"))


def _name(key: bytes) -> bytes:
    return _derive(key, b"indgang name")[:NAME_BYTES]


def _blind(key: bytes, text: str, purpose: str) -> bytes:
    return hmac.new(_derive(key, b"indgang index"), f"{purpose}\x00{text}".encode(), sha256).digest()[:16]


def _where(table: str, column: str, row: str) -> bytes:
    return f"v1|{table}|{column}|{row}".encode()


def _pad(text: str) -> bytes:
    body = text.encode()
    head = len(body).to_bytes(4, "big") + body
    return head + bytes(-len(head) % PAD)


def _unpad(padded: bytes) -> str:
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length].decode()
