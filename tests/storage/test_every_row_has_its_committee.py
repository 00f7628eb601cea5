"""A second committee is possible: each row says whose it is, or leads to one that does, or belongs to none; none is forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import Table

from storage.tables import metadata

OF_NO_COMMITTEE = {
    # who works here, whatever committee their cases are in
    "people": "an employee is the municipality's; roles and seats name the committee",
    "absences": "a person is away from everything at once; what is lent names the committee of each role",
    "deputies": "whom an administrator allows to act for somebody, in whatever is lent",
    "access_wishes": "somebody wishes to come in, and has no role yet",
    "home_looks": "when a person last looked, for their own »siden sidst«",
    "hints": "what a person has been shown once",
    "practices": "a person's own practice case, which is in no committee (D43)",
    "drafts": "what a person has begun to fill in, for their own eyes",
    # what an area does
    "samples": "a leader looks through the looks at the cases of their area, whichever committee decided on them",
    # the municipality's counts, joined to no case (D25)
    "counts": "an imported case count",
    "count_rows": "of an imported case count",
    # the program's own
    "canaries": "the keys",
    "numbers": "one series of case keys for the house, so that a key is one case",
    "intake": "what has been asked already, by its number",
    "lanes": "how often one place in Slack may be spoken to",
    "journal_links": "one chain for the whole journal",
    "journal_checks": "of the one chain",
    "schema_steps": "the database's own",
    "backups": "the database's own",
    "restores": "the database's own",
    "rounds": "the clock's own",
}
LED_BY_A_WORD = {
    "journal": ("case_id", "cases"),  # without a key of the database's: an entry outlives what it is about
    "journaled": ("journal_seq", "journal"),
    "notices": ("case_id", "cases"),  # else its facts name the meeting
    "channel_looks": ("channel", "committees"),  # a committee's channel
}
"""Columns that lead to a committee without being a foreign key, or by way of one that does."""


def leads_on(table: Table) -> bool:
    """By a column of its own, or by keys of other rows that end at one; people lead nowhere."""
    if "committee" in table.c or table.name == "committees":
        return True
    if table.name in LED_BY_A_WORD:
        column, to = LED_BY_A_WORD[table.name]
        return column in table.c and leads_on(metadata.tables[to])
    keys = [k.column.table for k in table.foreign_keys if k.column.table not in (table, people)]
    return any(leads_on(to) for to in keys)


people = metadata.tables["people"]


@pytest.mark.rule("R002")
def test_each_table_has_its_committee_or_leads_to_it_or_a_reason_why_it_has_none() -> None:
    without = {name for name, table in metadata.tables.items() if not leads_on(table)}
    assert without == set(OF_NO_COMMITTEE)


@pytest.mark.rule("R002")
def test_no_row_can_leave_its_committee_out() -> None:
    named = [table.c.committee for table in metadata.sorted_tables if "committee" in table.c]
    assert [c.table.name for c in named if c.nullable] == []
    bound = {c.table.name for c in named if {k.column.table.name for k in c.foreign_keys} == {"committees"}}
    assert {c.table.name for c in named} - bound == {"posts"}, "most roles are held in none"
