"""Everything the program is made of is locked with its hash, has a licence we may use, and is audited or said not to be."""

from __future__ import annotations

import re

import pytest

from tests.supply.audit import findings
from tests.supply.parts import LOCK, PAGE, Part, locked, page, parts


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "requirements-audit.lock"])
def test_every_package_is_locked_with_its_hash_and_no_address(lock: str):
    said = (LOCK.parent / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", said, flags=re.MULTILINE)[1:]
    assert [b.split("==")[0] for b in blocks if "--hash=sha256:" not in b] == []
    assert "://" not in said


def test_every_licence_is_one_we_may_use():
    assert [p for p in parts() if not p.may_be_used] == []


def test_an_unknown_licence_is_seen():
    assert not Part("x", "1", "").may_be_used
    assert not Part("x", "1", "MIT AND AGPL-3.0").may_be_used


def test_the_page_of_licences_is_the_lock_s():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make licences`"
    assert len(locked()) > 40


def test_the_audit_fails_closed():
    clean = {"name": "a", "version": "1", "vulns": []}
    assert findings({"dependencies": [clean]}) == []
    assert findings({"dependencies": [clean, {"name": "b", "skip_reason": "not found"}]}) == [
        "b: could not be audited"
    ]
    assert findings({"dependencies": [{"name": "c", "version": "2", "vulns": [{"id": "PYSEC-1"}]}]}) == [
        "c 2: PYSEC-1"
    ]
    assert findings({}) == ["nothing was audited"]
