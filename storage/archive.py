"""A backup's file: one zip with a member per table and, last, a manifest that is sealed with the key ring.

The seal is what makes a backup ours: it opens only with the keys that open what is sealed inside, and nobody without
them can change a row, or leave a table out, unnoticed. The keys themselves are never in it.
"""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage.portable import Digest
from storage.sealing import KeyRing, SealBroken

FORMAT = 1
MANIFEST = "manifest.json"


class FileTaken(Exception):
    """Something lies there already; a backup never takes the place of another."""


class NotABackup(Exception):
    """No backup of ours, or only part of one."""


class BackupDamaged(Exception):
    """What is in it is not what was put in; `what` is the table, or the manifest."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class OtherKeys(Exception):
    """The backup was sealed with keys that are not on the ring, or its manifest has been changed."""


@dataclass(frozen=True)
class TableInside:
    rows: int
    digest: str
    columns: list[str]


@dataclass(frozen=True)
class Manifest:
    id: str
    taken_at: datetime
    program: str
    revision: str  # of the schema
    engine: str
    tables: dict[str, TableInside] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def text(self) -> str:
        values = {**asdict(self), "taken_at": self.taken_at.isoformat()}
        return json.dumps(values, ensure_ascii=False, sort_keys=True, indent=1)


class Archive:
    """A backup that is being written."""

    def __init__(self, into: zipfile.ZipFile) -> None:
        self._zip = into

    def put(self, table: str, columns: list[str], lines: Iterator[str]) -> TableInside:
        digest = Digest()
        with self._zip.open(_member(table), "w", force_zip64=True) as raw:
            for line in lines:
                raw.write(digest.take(line).encode() + b"\n")
        return TableInside(digest.count, digest.value, columns)

    def close(self, manifest: Manifest, keys: KeyRing) -> None:
        said = manifest.text()
        sealed = keys.seal(sha256(said.encode()).hexdigest(), **_place(manifest.id))
        whole = {"manifest": said, "seal": base64.b64encode(sealed).decode()}
        self._zip.writestr(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=1))


@contextmanager
def new_archive(path: Path) -> Iterator[Archive]:
    """Whole or not there at all: it gets its name when it is on the disk. Nobody else may read it. Raises FileTaken."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    if path.exists():
        raise FileTaken(str(path))
    only_ours = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        with os.fdopen(only_ours, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as into:
                yield Archive(into)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)  # unlike a renaming, it never covers what lies there
        except FileExistsError:
            raise FileTaken(str(path)) from None
        _settle(path.parent)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()


def _settle(folder: Path) -> None:
    """The name in the folder too survives the machine."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Opened:
    """A backup that is read. Its manifest has been held against the seal."""

    def __init__(self, found: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = found, manifest

    def lines(self, table: str) -> Iterator[str]:
        """Raises BackupDamaged, at the end at the latest."""
        digest, inside = Digest(), self.manifest.tables[table]
        try:
            with self._zip.open(_member(table)) as raw:
                for line in io.TextIOWrapper(raw, encoding="utf-8", newline="\n"):
                    yield digest.take(line.removesuffix("\n"))
        except (zipfile.BadZipFile, zlib.error, KeyError, UnicodeError, EOFError, OSError) as why:
            raise BackupDamaged(table) from why
        if (digest.value, digest.count) != (inside.digest, inside.rows):
            raise BackupDamaged(table)


@contextmanager
def opened(path: Path, keys: KeyRing) -> Iterator[Opened]:
    """Raises NotABackup or OtherKeys, and OSError where the file cannot be read."""
    with _unsealed(path) as (found, said, seal, manifest):
        _hold_against(seal, said, manifest.id, keys)
        yield Opened(found, manifest)


@contextmanager
def _unsealed(path: Path) -> Iterator[tuple[zipfile.ZipFile, str, bytes, Manifest]]:
    """What the file says of itself. Raises NotABackup, OSError."""
    with path.open("rb") as file:
        try:
            found = zipfile.ZipFile(file)
            whole = json.loads(found.read(MANIFEST))
            said, seal = str(whole["manifest"]), base64.b64decode(whole["seal"])
            manifest = _manifest(json.loads(said))
        except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError, EOFError) as why:
            raise NotABackup(str(path)) from why
        with found:
            yield found, said, seal, manifest


ALWAYS_KEPT = 3
"""So many of the others stay, however old they are: a clock that has run ahead must not take them all."""


@dataclass
class Tidied:
    """What became of the backups in a folder: the old that are gone, those that are old and stay, and files that could
    not be read or deleted, with the reason. `ahead`: one says that it was taken later than now, and none was deleted.
    """

    gone: list[Path] = field(default_factory=list)
    stay: list[Path] = field(default_factory=list)
    left: list[tuple[Path, str]] = field(default_factory=list)
    ahead: Path | None = None


def forget_old(folder: Path, *, before: datetime, now: datetime, new: Path) -> Tidied:
    """Deletes the backups in the folder that were taken before then, by what they say of themselves, also those of keys
    that are gone; whatever is no backup is left. Not `new`, nor the newest three others.
    """
    found, tidied = [], Tidied()
    for path in sorted(folder.glob("*.zip")):
        try:
            with suppress(NotABackup), _unsealed(path) as (*_, manifest):
                found.append((manifest.taken_at, path))
        except OSError as why:
            tidied.left.append((path, why.strerror or type(why).__name__))
    newest = sorted(((at, path) for at, path in found if path.name != new.name), reverse=True)
    if newest and newest[0][0] > now:
        tidied.ahead = newest[0][1]
        return tidied
    tidied.stay = [path for at, path in newest[:ALWAYS_KEPT] if at < before]
    for _, path in [(at, path) for at, path in newest[ALWAYS_KEPT:] if at < before]:
        try:
            path.unlink()
            tidied.gone.append(path)
        except OSError as why:
            tidied.left.append((path, why.strerror or type(why).__name__))
    return tidied


def _hold_against(seal: bytes, said: str, backup: str, keys: KeyRing) -> None:
    try:
        sealed = keys.open(seal, **_place(backup))
    except SealBroken:
        raise OtherKeys from None
    if sealed != sha256(said.encode()).hexdigest():
        raise BackupDamaged("manifest")


def _manifest(said: dict[str, Any]) -> Manifest:
    if said["format"] != FORMAT:
        raise ValueError(said["format"])
    tables = {name: TableInside(**inside) for name, inside in said["tables"].items()}
    return Manifest(**{**said, "taken_at": datetime.fromisoformat(said["taken_at"]), "tables": tables})


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"


def _place(backup: str) -> dict[str, str]:
    return {"table": "backup", "column": "manifest", "row": backup}
