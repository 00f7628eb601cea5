"""Words are content: complete in both languages, and as short as people read."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

import bot.domain
from bot.domain.errors import Refusal
from bot.domain.meeting import MeetingState  # noqa: F401 - the domain is imported as a whole below
from bot.texts import FOLDER, LANGUAGES, texts

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path.stem for path in Path(FOLDER, "da").glob("*.j2"))
BLOCK = re.compile(r"\{% block (\w+) %\}(.*?)\{% endblock %\}", re.DOTALL)


def blocks(language: str, view: str) -> dict[str, str]:
    return dict(BLOCK.findall(Path(FOLDER, language, f"{view}.j2").read_text(encoding="utf-8")))


def refusals() -> list[type[Refusal]]:
    for module in pkgutil.iter_modules(bot.domain.__path__):
        importlib.import_module(f"bot.domain.{module.name}")
    found, waiting = [], [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("bot.domain"):
                found.append(kind)
    return sorted(set(found), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("view", FILES)
def test_both_languages_have_the_same_blocks(view: str) -> None:
    assert blocks("da", view).keys() == blocks("en", view).keys()


@pytest.mark.parametrize("view", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_block_stands_twice(language: str, view: str) -> None:
    names = [
        name for name, _ in BLOCK.findall(Path(FOLDER, language, f"{view}.j2").read_text(encoding="utf-8"))
    ]
    assert sorted(names) == sorted(set(names))


def test_no_line_break_is_swallowed_by_a_condition_before_it() -> None:
    """The line break after a condition is the template's own; two are written where people shall see one."""
    said = {(lang, view, n): t for lang in LANGUAGES for view in FILES for n, t in blocks(lang, view).items()}
    assert {at: text for at, text in said.items() if re.search(r"%\}\n(?!\n)", text)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_words(language: str) -> None:
    abstract = [kind for kind in refusals() if kind.__subclasses__() and inspect.isabstract(kind)]
    missing = [
        kind.__name__
        for kind in refusals()
        if kind not in abstract
        and not kind.__subclasses__()
        and not texts(language).has("refusal", kind.text_key())
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_has_at_most_25_words_and_says_what_to_do(language: str) -> None:
    long = {name: _words(text) for name, text in blocks(language, "refusal").items() if _words(text) > 25}
    assert long == {}
    one_sentence = [
        n
        for n, t in blocks(language, "refusal").items()
        if len(re.findall(r"[.:;?](?:\s|$|\{)|\|kroner \}\}(?:\s|$)", t)) < 2
    ]
    assert (
        sorted(set(one_sentence) - {"amount_unclear"}) == []
    )  # an example is both: what is wrong, and what to do


def _words(text: str) -> int:
    """As the longest of its turns reads, with one word for each fact."""
    turns = re.split(r"\{% (?:else|elif [^%]*) %\}", text)
    shown = max((re.sub(r"\{%.*?%\}", " ", re.sub(r"\{\{.*?\}\}", "x", turn)) for turn in turns), key=len)
    return len([w for w in shown.split() if re.search(r"\w", w)])


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_and_submits_fit_in_slacks_24_letters(language: str) -> None:
    long = {
        f"{view}.{name}": text
        for view in FILES
        for name, text in blocks(language, view).items()
        if re.match(r"(title|submit)", name) and "{" not in text and len(text.strip()) > 24
    }
    assert long == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_exclamation_marks_and_no_oops(language: str) -> None:
    loud = [
        f"{view}.{name}"
        for view in FILES
        for name, text in blocks(language, view).items()
        if re.search(r"\w!(?:\s|$)|(?<![-\w])(?:[Uu]ps|[Oo]ops)\b", re.sub(r"\{.*?\}", "", text))
        and not re.search(r"!=", text)
    ]
    assert loud == []


def test_each_language_has_its_own_quotation_marks() -> None:
    """An alias stands »so« in Danish and "so" in English, on every surface alike."""
    in_english = [f"{v}.{n}" for v in FILES for n, text in blocks("en", v).items() if re.search("[»«]", text)]
    in_danish = [
        f"{v}.{n}" for v in FILES for n, text in blocks("da", v).items() if re.search(r'"\{\{', text)
    ]
    assert (in_english, in_danish) == ([], [])


def test_danish_has_danish_words() -> None:
    english = re.compile(r"\b(?:deadline|digest|log|logget|logge)\b", re.IGNORECASE)
    found = [
        f"{view}.{name}"
        for view in FILES
        for name, text in blocks("da", view).items()
        if english.search(text)
    ]
    assert found == []


SAID = re.compile(r"""\.say\(\s*["'](\w+)["'],\s*["'](\w+)["']""")
TERM = re.compile(r"""\|\s*term\(["'](\w+)["']\)|\.term\(\s*["'](\w+)["']""")


def test_every_text_the_views_say_exists_in_both_languages() -> None:
    said = {
        (view, block)
        for folder in ("bot/views", "handlers")
        for path in (ROOT / folder).glob("*.py")
        for view, block in SAID.findall(path.read_text(encoding="utf-8"))
    }
    missing = [
        f"{lang}/{view}.{block}"
        for view, block in sorted(said)
        for lang in LANGUAGES
        if not texts(lang).has(view, block)
    ]
    assert missing == []


def test_every_group_of_terms_that_is_used_exists() -> None:
    sources = [*Path(FOLDER).glob("*/*.j2"), *(ROOT / "bot/views").glob("*.py")]
    used = {a or b for path in sources for a, b in TERM.findall(path.read_text(encoding="utf-8"))}
    known = set(blocks("da", "terms"))
    assert sorted(group for group in used if not any(name.startswith(f"{group}_") for name in known)) == []


def test_every_act_in_the_journal_of_a_case_has_words() -> None:
    noted = set()
    for path in (ROOT / "bot/usecases").glob("*.py"):
        noted |= set(
            re.findall(r"""work\.note\(\s*["'](\w+)["'],\s*case=""", path.read_text(encoding="utf-8"))
        )
    assert sorted(act for act in noted if not texts("da").has("terms", f"act_{act}")) == []


def test_one_item_is_and_several_are() -> None:
    said = [str(texts("en").say("meeting", "warn_not_ready", numbers=n)) for n in (("5",), ("5", "6", "7"))]
    assert said == [
        "⚠ Item 5 is not ready and can only be discussed",
        "⚠ Items 5, 6 and 7 are not ready and can only be discussed",
    ]
