"""What is sealed at rest, and the key ring that opens it (D27).

AES-256-GCM, bound to table, column and row, so that a sealed value moved elsewhere does not open. Numbers are found
again through a keyed hash; its key is derived apart, so that neither gives the other.
"""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
PAD = 32  # lengths are padded, so that a short number does not show by its size
KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """A sealed value does not open: changed, moved, or sealed with a key that is not on the ring."""


class KeyUnfit(Exception):
    """A key is missing or too weak to seal with; the message says which and what to do."""


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
            raise KeyUnfit("no key")
        return cls(keys[0], keys[1:])

    def _sealing_key(self, key: bytes) -> bytes:
        return _derive(key, b"indgang sealing")

    def seal(self, text: str, *, table: str, column: str, row: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        body = AESGCM(self._sealing_key(self.current)).encrypt(nonce, _pad(text), _where(table, column, row))
        return VERSION + nonce + body

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> str:
        """Raises SealBroken."""
        if sealed[:1] != VERSION or len(sealed) <= NONCE_BYTES + 1:
            raise SealBroken(f"{table}.{column}")
        nonce, body = sealed[1 : NONCE_BYTES + 1], sealed[NONCE_BYTES + 1 :]
        for key in (self.current, *self.old):
            try:
                return _unpad(AESGCM(self._sealing_key(key)).decrypt(nonce, body, _where(table, column, row)))
            except InvalidTag:
                continue
        raise SealBroken(f"{table}.{column}")

    def blind(self, text: str, *, purpose: str) -> bytes:
        """A keyed hash for finding an equal value; the same text gives the same hash under the current key."""
        key = _derive(self.current, b"indgang index")
        return hmac.new(key, f"{purpose}\x00{text}".encode(), sha256).digest()[:16]


def new_key() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _decode(part: str) -> bytes:
    try:
        key = base64.b64decode(part, validate=True)
    except ValueError as why:
        raise KeyUnfit("not base64") from why
    if len(key) != KEY_BYTES:
        raise KeyUnfit("not 32 bytes")
    if len(set(key)) < 12:
        raise KeyUnfit("too regular to be chance")
    return key


@lru_cache(maxsize=32)
def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def _where(table: str, column: str, row: str) -> bytes:
    return f"v1|{table}|{column}|{row}".encode()


def _pad(text: str) -> bytes:
    body = text.encode()
    head = len(body).to_bytes(4, "big") + body
    return head + bytes(-len(head) % PAD)


def _unpad(padded: bytes) -> str:
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length].decode()
