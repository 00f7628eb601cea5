"""What no single line of a rules file can show: things that must fit together (D8). Each sentence names its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import pairwise
from typing import Any

from bot.domain.checklist import SEEN_BY_THE_BOT
from bot.domain.choices import CLOSED, KNOWN, NEEDED, WORDS
from bot.domain.closing import MET
from bot.domain.presentation import Kind
from bot.domain.significance import GRAVEST_FIRST
from bot.domain.tracks import Track
from bot.rules import organisation
from bot.rules.shape import File
from bot.texts import texts

Found = tuple[tuple[Any, ...], str]
"""The path of the line at fault, and what is wrong, as the end of a sentence that begins with the place."""


def in_any_file(raw: Any) -> Iterator[Found]:
    """What holds in every section, whoever wrote it: all once, Danish names, least before most, clocks in quotes."""
    for path, value in _everything(raw, ()):
        if isinstance(value, list):
            yield from _codes_once(value, path)
        if isinstance(value, dict):
            if isinstance(value.get("names"), dict) and "da" not in value["names"]:
                yield (*path, "names"), "mangler et dansk navn (da)"
            if _upside_down(value):
                yield (*path, "least"), f"er større end most ({value['least']} > {value['most']})"
        if path and str(path[-1]).endswith("_clock") and isinstance(value, int):
            yield path, 'skal være et klokkeslæt i anførselstegn, som "12:00"'


def between_sections(file: File, *, without: Collection[str] = ()) -> Iterator[Found]:
    """What one section says that another does not know. `without`: sections that cannot be believed."""
    for needs, look in CHECKS:
        if not needs & set(without):
            yield from look(file)


def _everything(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    yield path, value
    children: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, child in children:
        yield from _everything(child, (*path, key))


def _codes_once(items: list[Any], path: tuple[Any, ...]) -> Iterator[Found]:
    """A mark that stands twice would remind twice; a code may be written alone or with its names."""
    codes = [item.get("code") if isinstance(item, dict) else item for item in items]
    for number, code in enumerate(codes):
        if isinstance(code, (int, str)) and code in codes[:number]:
            where = (number, "code") if isinstance(items[number], dict) else (number,)
            yield (*path, *where), f"»{code}« står der allerede"


def _upside_down(value: dict[str, Any]) -> bool:
    least, most = value.get("least"), value.get("most")
    return isinstance(least, int) and isinstance(most, int) and least > most


def _codes(file: File) -> set[str]:
    return {a.code for a in file.areas}


def _areas(file: File) -> Iterator[Found]:
    for number, area in enumerate(file.areas):
        if area.pattern is not None and not _is_pattern(area.pattern):
            yield ("areas", number, "pattern"), "er ikke et mønster, der kan bruges"
        elif area.pattern and area.example and not re.fullmatch(area.pattern, area.example, re.ASCII):
            yield ("areas", number, "example"), "passer ikke til mønstret"
        if area.link is not None and "{id}" not in area.link:
            yield ("areas", number, "link"), "mangler {id}, hvor nummeret skal stå"


def _roster_areas(file: File) -> Iterator[Found]:
    areas = _codes(file)
    for home in (file.roster.schools_area, *file.roster.caseworker_areas):
        if home not in areas:
            where = "schools_area" if home == file.roster.schools_area else "caseworker_areas"
            yield ("roster", where), f"nævner området »{home}«, som ikke står under areas"


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _words_twice(file: File) -> Iterator[Found]:
    """A word that means two purposes would book on the wrong one (R062)."""
    seen: dict[str, str] = {}
    for number, purpose in enumerate(file.purposes):
        for place, word in enumerate(purpose.words):
            other = seen.setdefault(word.casefold(), purpose.code)
            if other != purpose.code:
                yield ("purposes", number, "words", place), f"»{word}« betyder allerede »{other}«"


def _minutes(file: File) -> Iterator[Found]:
    for kind in Kind:
        if kind not in file.agenda.minutes:
            yield ("agenda", "minutes"), f"mangler minutter for »{kind.value}«"


def _checklists(file: File) -> Iterator[Found]:
    for kind, points in file.checklists.items():
        for number, point in enumerate(points):
            if not texts("da").has("terms", f"point_{point.code}"):
                yield (
                    ("checklists", kind.value, number, "code"),
                    f"nævner punktet »{point.code}«, som Én Indgang ikke kender",
                )
            if not texts("da").has("terms", f"group_{point.group}"):
                yield (
                    ("checklists", kind.value, number, "group"),
                    f"nævner gruppen »{point.group}«, som Én Indgang ikke kender",
                )
            if point.by == "bot" and point.code not in SEEN_BY_THE_BOT:
                yield (
                    ("checklists", kind.value, number, "by"),
                    f"kan ikke være bot: botten ser ikke selv »{point.code}«, så sagen blev aldrig klar",
                )


def _questions(file: File) -> Iterator[Found]:
    """A code without words, or a kind the form cannot open, would only be met in the middle of a case (B7)."""
    for number, question in enumerate(file.plan.questions):
        here = ("plan", "questions", number)
        if not texts("da").has("terms", f"significant_{question.code}"):
            yield (*here, "code"), f"nævner spørgsmålet »{question.code}«, som Én Indgang ikke kender"
        if question.kind not in GRAVEST_FIRST:
            allowed = ", ".join(kind.value for kind in GRAVEST_FIRST)
            yield (*here, "kind"), f"skal være en af: {allowed}"


def _substitutes(file: File) -> Iterator[Found]:
    if file.substitutes.remind_on_day > file.substitutes.longest_days:
        yield ("substitutes", "remind_on_day"), "kommer aldrig: dagen er senere end longest_days"


def _passages(file: File) -> Iterator[Found]:
    ages = [passage.age for passage in file.transitions.ages]
    for number, age in enumerate(ages):
        if age in ages[:number]:
            yield ("transitions", "ages", number, "age"), f"»{age}« står der allerede"


def _choices(file: File) -> Iterator[Found]:
    """A code without words would be shown as a gap, and one the program uses itself cannot be left out (D8)."""
    for name, offered in file.choices.items():
        if name not in KNOWN:
            yield ("choices", name), f"kendes ikke. Vælg blandt {', '.join(KNOWN)}"
            continue
        for number, choice in enumerate(offered):
            wrong = _own(name, choice.code, choice.names) if choice.names else _known(name, choice.code)
            if wrong:
                yield ("choices", name, number), wrong
        codes = {choice.code for choice in offered}
        for code in NEEDED[name]:
            if code not in codes:
                yield ("choices", name), f"mangler »{code}«, som Én Indgang selv bruger"
    if "closing" in file.choices and not {c.code for c in file.choices["closing"]} & set(MET):
        yield ("choices", "closing"), f"mangler et kriterium: {', '.join(MET)}"


def _known(name: str, code: str) -> str | None:
    if code in KNOWN[name]:
        return None
    own = "" if name in CLOSED else ", eller giv koden jeres egne ord: names: {da: …, en: …}"
    return f"»{code}« har ingen ord i Én Indgang; vælg blandt {', '.join(KNOWN[name])}{own}"


def _own(name: str, code: str, names: dict[str, str]) -> str | None:
    if name in CLOSED:
        return f"»{code}« kan ikke lægges til: her følger der mere med en kode end dens ord"
    if texts("da").has("terms", f"{WORDS[name]}_{code}"):
        return f"»{code}« har allerede ord i Én Indgang; skriv koden alene, eller giv jeres en anden kode"
    if "en" not in names:
        return f"»{code}« mangler et engelsk ord (en)"
    return None


def _reports(file: File) -> Iterator[Found]:
    sets = {s.code for s in file.anchoring.sets}
    for name in ("before", "after"):
        if getattr(file.reports, name) not in sets:
            yield (
                ("reports", name),
                f"nævner sættet »{getattr(file.reports, name)}«, som ikke står under sets",
            )


def _radar(file: File) -> Iterator[Found]:
    """A boundary nobody is prepared for is a passage nobody sees (R041, R105)."""
    watched = {passage.age for passage in file.transitions.ages}
    for name in ("youth", "middle", "adult"):
        age = getattr(file.ages, name)
        if age not in watched:
            yield ("transitions", "ages"), f"mangler {age} år, som er »{name}« i ages"


def _ages(file: File) -> Iterator[Found]:
    """Youth bands that overlap would put a person in two (X1)."""
    rising = ("teens", "youth", "middle", "adult")
    for before, after in pairwise(rising):
        if getattr(file.ages, before) >= getattr(file.ages, after):
            yield ("ages", after), f"skal være højere end {before}: aldersgrupperne må ikke overlappe"


def _roster(file: File) -> Iterator[Found]:
    roster = file.roster
    least = roster.management + roster.caseworkers_least + roster.schools
    most = roster.management + roster.caseworkers_most + roster.schools
    if roster.caseworkers_least > roster.caseworkers_most:
        yield ("roster", "caseworkers_least"), "er større end caseworkers_most"
    elif least > roster.most or most < roster.least:
        yield ("roster", "least"), f"kan ikke opfyldes: pladserne giver {least}-{most} medlemmer"
    if roster.both and len(roster.caseworker_areas) > roster.caseworkers_most:
        yield ("roster", "both"), "kan ikke opfyldes: der er flere områder end pladser til sagsbehandlere"


def _tracks(file: File) -> Iterator[Found]:
    areas = _codes(file)
    for track in Track:
        if track not in file.tracks:
            yield ("tracks",), f"mangler »{track.value}«"
    for track, part in file.tracks.items():
        for number, area in enumerate(part.areas):
            if area not in areas:
                yield (
                    ("tracks", track.value, "areas", number),
                    f"nævner området »{area}«, som ikke står under areas",
                )


def _anchoring(file: File) -> Iterator[Found]:
    areas = _codes(file)
    part = file.anchoring
    if part.chosen not in {s.code for s in part.sets}:
        yield ("anchoring", "chosen"), f"nævner sættet »{part.chosen}«, som ikke står under sets"
    for number, one in enumerate(part.sets):
        here = ("anchoring", "sets", number)
        if one.home not in areas:
            yield (*here, "home"), f"nævner området »{one.home}«, som ikke står under areas"
        for place, clause in enumerate(one.clauses):
            if clause.area not in areas:
                yield (
                    (*here, "clauses", place),
                    f"nævner området »{clause.area}«, som ikke står under areas",
                )
        yield from _reaches_everybody(file, number)


def _reaches_everybody(file: File, number: int) -> Iterator[Found]:
    """The last line must fit everybody, and no line before it (R079)."""
    clauses = organisation.as_anchoring(file.anchoring, organisation.as_ages(file.ages)).sets[number].clauses
    here = ("anchoring", "sets", number, "clauses")
    if not clauses[-1].always:
        yield (*here, len(clauses) - 1), "er den sidste linje og skal passe på alle: skriv kun area"
    for place, clause in enumerate(clauses[:-1]):
        if clause.always:
            yield (*here, place), "passer på alle, så linjerne efter den aldrig bliver læst"
        elif clause.under is not None and clause.under <= clause.from_age:
            yield (*here, place), "passer på ingen: under skal være højere end from"


CHECKS: tuple[tuple[frozenset[str], Callable[[File], Iterator[Found]]], ...] = (
    (frozenset({"areas"}), _areas),
    (frozenset({"areas", "roster"}), _roster_areas),
    (frozenset({"purposes"}), _words_twice),
    (frozenset({"agenda"}), _minutes),
    (frozenset({"checklists"}), _checklists),
    (frozenset({"plan"}), _questions),
    (frozenset({"ages"}), _ages),
    (frozenset({"roster"}), _roster),
    (frozenset({"substitutes"}), _substitutes),
    (frozenset({"transitions"}), _passages),
    (frozenset({"ages", "transitions"}), _radar),
    (frozenset({"choices"}), _choices),
    (frozenset({"anchoring", "reports"}), _reports),
    (frozenset({"areas", "tracks"}), _tracks),
    (frozenset({"areas", "ages", "anchoring"}), _anchoring),
)
"""The sections each look needs, so that one at fault keeps no other from being looked at."""


def between_versions(files: list[tuple[str, File]]) -> Iterator[tuple[str, Found]]:
    """Two versions from one day, or of one name, could not be told apart."""
    days = Counter(f.valid_from for _, f in files)
    names = Counter(f.version for _, f in files)
    for name, file in files[1:]:
        if days[file.valid_from] > 1:
            yield name, (("valid_from",), "er den samme dag som i en anden udgave")
        if names[file.version] > 1:
            yield name, (("version",), f"»{file.version}« bruges af en anden udgave")
