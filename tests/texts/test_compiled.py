"""The words are compiled once in a process, whoever's own words stand among them."""

from __future__ import annotations

from bot.domain.choices import OwnWord
from bot.texts import _COMPILED, Texts

OURS = Texts("da", (OwnWord("goal", "swim", "Svømme", "Swim"),))
THEIRS = Texts("da", (OwnWord("goal", "swim", "Komme i vandet", "Into the water"),), of_adults=True)


def test_what_one_town_has_compiled_serves_another_and_both_ages() -> None:
    OURS._template("terms")
    before = len(_COMPILED._known)
    THEIRS._template("terms")
    assert len(_COMPILED._known) == before
    assert [str(t.term("goal", "swim")) for t in (OURS, THEIRS)] == ["Svømme", "Komme i vandet"]


def test_a_word_of_ones_own_is_never_worked_out_while_a_file_is_compiled() -> None:
    compiled = OURS._env.compile("{{ 'swim' | term('goal') }}")
    read = THEIRS._env.template_class.from_code(THEIRS._env, compiled, {})
    assert read.render() == "Komme i vandet"
