"""The page's own words stand in one place, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import bot.sandbox

PAGE = Path(bot.sandbox.__file__).parent / "page"
PAIRS = re.compile(r'\[("(?:[^"]+)"|null),\s*"([^"]+)"\]')
A_SENTENCE = re.compile(r"""["`]([A-ZÆØÅ][a-zæøå]+(?: [$a-zæøå][^"`]*)?)["`]""")
SAME_IN_BOTH = {"Apps", "Send"}
NOT_WORDS = {
    *("Content", "Enter", "Escape", "Home", "End", "Tab"),
    *("Arrow" + way for way in ("Down", "Left", "Right", "Up")),
}


def without_comments(script: str) -> str:
    return re.sub(r"(?m)^\s*(//|/?\*).*$|\s//\s.*$", "", script)


def test_both_languages_say_something_else_for_each_thing() -> None:
    pairs = PAIRS.findall((PAGE / "words.js").read_text(encoding="utf-8"))
    same = {english for danish, english in pairs if danish.strip('"') == english}
    assert len(pairs) > 100
    assert same == {"Administrator", "Person"}


def test_no_other_script_has_words_of_its_own() -> None:
    found = {
        (script.name, words)
        for script in PAGE.glob("*.js")
        if script.name != "words.js"
        for words in A_SENTENCE.findall(without_comments(script.read_text(encoding="utf-8")))
        if words not in NOT_WORDS | SAME_IN_BOTH
    }
    assert found == set()
    scripts = [s for s in PAGE.glob("*.js") if s.name != "words.js"]
    assert [
        s.name for s in scripts if re.search("[æøåÆØÅ]", without_comments(s.read_text(encoding="utf-8")))
    ] == []
