"""The rules file: its versions, and every mistake named with its line, in plain Danish."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.rules import DEFAULT, RulesUnfit, check, read_rules

TEXT = DEFAULT.read_text(encoding="utf-8")


def changed(folder: Path, *changes: tuple[str, str], name: str = "regler.yaml") -> Path:
    text = TEXT
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line_of(path: Path, words: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if words in line)


@pytest.mark.rule("D8", "R114")
def test_the_file_that_comes_with_the_program_can_be_used() -> None:
    assert check(DEFAULT) == []
    told = CliRunner().invoke(app, ["rules", "check", str(DEFAULT)])
    assert (told.exit_code, told.output) == (0, "Filen kan bruges. Udgaver: 3 (fra 2026-10-01).\n")


OWN = "{code: venteliste, names: {da: Venteliste, en: Waiting list}}"
MISTAKES = [
    # what is changed, the line the mistake stands on, the sentence
    (("valid_from: 2026-10-01", "valid_from: 2026-13-01"), "valid_from: 2026-13", "»valid_from« skal være en dato"),
    (('  material_clock: "12:00"', "  material_clock: 12:00"), "material_clock", "klokkeslæt i anførselstegn"),
    (("  task_days: 5", "  task_dage: 5"), "task_dage", "»deadlines › task_dage« kendes ikke"),
    (("  leader_answers: 3", "  leader_answers: tre"), "leader_answers", "skal være et helt tal"),
    (("  undo_minutes: 10", "  undo_minutes: -1"), "undo_minutes", "skal være mindst 0"),
    (("mode: committee", "mode: komite"), "mode: komite", "skal være en af: committee, advisory"),
    (("handover_age: 18", "handover_age: 16"), "handover_age", "skal være en af: 15, 18"),
    (("adult: 30}", "adult: 25}"), "ages:", "aldersgrupperne må ikke overlappe"),
    (("adult: 30}", "adult: 27}"), "  ages:", "»transitions › ages« mangler 27 år, som er »adult« i ages"),
    (("  least: 25000", "  least: 60000"), "least: 60000", "er større end most (60000 > 50000)"),
    (("adult: {least: 25000", "adult: {least: 70000"), "adult: {least", "»frame › adult › least« er større"),
    (("frame_change: 10, doubt", "doubt"), "  minutes: {", "mangler minutter for »frame_change«"),
    (("{code: own_view, group: person}", "{code: own_wiew, group: person}"), "own_wiew", "nævner punktet »own_wiew«"),
    (("code: transport", "code: housing_support"), "purposes", "»housing_support« står der allerede"),
    (("words: [befordring, bus", "words: [befordring, mentor"), "befordring, mentor", "betyder allerede »mentor_support«"),
    (("caseworker_areas: [youth, social]", "caseworker_areas: [ungdom, social]"), "[ungdom", "nævner området »ungdom«"),
    (("caseworkers_most: 4", "caseworkers_most: 1"), "caseworkers_least", "er større end caseworkers_most"),
    (("  management: 2 ", "  management: 9 "), "least: 5", "kan ikke opfyldes"),
    (("areas: [social, employment, health]", "areas: [social, sundhed]"), "areas: [social, sundhed]", "nævner området »sundhed«"),
    (("chosen: tillempet", "chosen: forslag_3"), "forslag_3", "nævner sættet »forslag_3«"),
    (("        - {area: employment}\n", ""), "under: adult, area: youth", "skal passe på alle"),
    (("under: adult, area", "under: voksen, area"), "under: voksen", "sets › 1 › clauses › 3 › under«"),
    (("pattern: '^U-", "pattern: '^(U-"), "'^(U-", "er ikke et mønster"),
    (("example: U-104799", "example: x104799"), "x104799", "passer ikke til mønstret"),
    (('link: "https://nexus.example.dk/sag/{id}"', 'link: "https://nexus.example.dk/sag"'), 'example.dk/sag"', "mangler {id}"),
    (("names: {da: Socialområdet, en: Social services}", "names: {en: Social services}"), "names: {en: Social", "mangler et dansk navn"),
    (("  material_days: 2", "  material_days: 2\n  material_days: 3"), "material_days: 3", "står der to gange"),
    (("leaders_per_area: 2", "leaders_per_area: 0"), "leaders_per_area", "skal være mindst 1"),
    (("member_sees_days: 14", "member_sees_days: 0"), "member_sees_days", "skal være større end 0"),
    (("status_lasts_days: 92", "status_lasts_days: tre"), "status_lasts_days", "skal være et helt tal"),
    (("overlap_days: 14", "overlap_days: 400"), "overlap_days", "må højst være 90"),
    (("controller_hears_after: 7", "controller_hears_after: -1"), "controller_hears_after", "skal være mindst 0"),
    (("code: goal_type, kind", "code: goal_typ, kind"), "code: goal_typ,", "»plan › questions › 1 › code« nævner spørgsmålet »goal_typ«"),
    (("goal_type, kind: change", "goal_type, kind: new"), "goal_type, kind: new", "skal være en af: change, frame_change, caseworker_change, doubt"),
    (("reminders: [14, 7, 2, 0]", "reminders: [-14, 7]"), "reminders: [-14", "»deadlines › reminders › 1« skal være mindst 0"),
    (("reminders: [14, 7, 2, 0]", "reminders: [700, 7]"), "reminders: [700", "må højst være 60"),
    (("reminders: [14, 7, 2, 0]", "reminders: [7, 7]"), "reminders: [7, 7", "»deadlines › reminders › 2« »7« står der allerede"),
    (("told_at: [80, 100]", "told_at: [0, 100]"), "told_at: [0", "»frame › told_at › 1« skal være mindst 1"),
    (("told_at: [80, 100]", "told_at: [80, 900]"), "told_at: [80, 900", "»frame › told_at › 2« må højst være 100"),
    (("minutes: {new: 25", "minutes: {new: -25"), "minutes: {new: -25", "»agenda › minutes › new« skal være mindst 1"),
    (("opening_minutes: 5", "opening_minutes: -5"), "opening_minutes", "skal være mindst 0"),
    (("checks: [3, 6]", "checks: [-3, 6]"), "checks: [-3", "»closing › checks › 1« skal være mindst 1"),
    (("remind_on_day: 25", "remind_on_day: 31"), "remind_on_day: 31", "kommer aldrig: dagen er senere end longest_days"),
    (("- {age: 25, marks: [0]}", "- {age: 18, marks: [0]}"), "- {age: 18, marks: [0]}", "»transitions › ages › 2 › age« »18« står der allerede"),
    (("words: [mentor, ", 'words: ["", '), 'words: ["", ', "»purposes › 1 › words › 1« må ikke være tom"),
    (("{code: consent, group: person}", "{code: consent, group: person, by: bot}"), "code: consent", "botten ser ikke selv »consent«"),
    (("no_plan: [one_area_enough,", "no_plan: [for_dyrt,"), "[for_dyrt", "»choices › no_plan › 1« »for_dyrt« har ingen ord i Én Indgang"),
    (("  closing: [education, employment, income_basis, moved,", "  closing: [moved,"), "closing: [moved", "mangler et kriterium"),
    (("  decline: [one_area_enough,", "  decline: [other,"), "  decline:", "»choices › decline › 5« »other« står der allerede"),
    (("  decline: [one_area_enough,", f"  decline: [{OWN}, {OWN},"), "  decline:", "»choices › decline › 2 › code« »venteliste« står der allerede"),
    (("  urgent: [housing,", "  urgent: [{code: housing, names: {da: Hjemløs, en: Homeless}},"), "  urgent:", "»housing« har allerede ord i Én Indgang"),
    (("  no_plan: [", "  no_plan: [{code: own_choice, names: {da: Eget valg, en: Own choice}}, "), "  no_plan:", "»own_choice« har allerede ord"),
    (("  teens: true", "  teens: måske"), "  teens:", "»target_group › teens« skal være true eller false"),
    (("payer_follows_anchor: false", "payer_follows_anchor: områet"), "payer_follows_anchor", "»frame › payer_follows_anchor« skal være true eller false"),
    (("  reopen: [did_not_hold,", "  reopen: [{code: nyt, names: {da: Noget nyt}},"), "  reopen:", "»choices › reopen › 1« »nyt« mangler et engelsk ord (en)"),
    (("  reopen: [did_not_hold,", "  reopen: [{code: nyt, names: {en: News}},"), "  reopen:", "»choices › reopen › 1 › names« mangler et dansk navn (da)"),
    (("  reopen: [did_not_hold,", '  reopen: [{code: nyt, names: {da: Nyt, en: " "}},'), "  reopen:", "»choices › reopen › 1 › names › en« må ikke være tom"),
    (("  wait: [area_acts, meeting_soon, info_missing, other]", "  wait: []"), "  wait:", "»choices › wait« skal have mindst 1"),
    (("  postpone: [info_missing,", "  postpone: ["), "  postpone:", "»choices › postpone« mangler »info_missing«, som Én Indgang selv bruger"),
    (("  frame: [special_need, ", "  frame: ["), "  frame: [small", "»choices › frame« mangler »special_need«"),
    (("  gatherings: [three_way,", f"  gatherings: [{OWN}, three_way,"), "  gatherings:", "»venteliste« kan ikke lægges til"),
    (("  withdraw: [", "  withdrawn: ["), "  withdrawn:", "»choices › withdrawn« kendes ikke"),
    (('  item_answers: ["yes", "no",', "  item_answers: [yes, no,"), "  item_answers:", "»choices › item_answers › 1« skal være tekst"),
    (("  before: forslag_1", "  before: forslag_9"), "before: forslag_9", "»reports › before« nævner sættet »forslag_9«"),
    (("deadlines:    ", "deadlines  "), "deadlines  ", "Linjen kan ikke læses"),
]  # fmt: skip


@pytest.mark.rule("D8")
@pytest.mark.parametrize(("change", "line", "sentence"), MISTAKES)
def test_each_mistake_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: str, sentence: str
) -> None:
    path = changed(tmp_path, change)
    faults = check(path)
    assert any(sentence in fault for fault in faults), faults
    said = next(fault for fault in faults if sentence in fault)
    if line not in ("purposes", "deadlines  "):
        assert said.startswith(f"regler.yaml, linje {line_of(path, line)}: "), said
    with pytest.raises(RulesUnfit) as unfit:
        read_rules(path)
    assert unfit.value.faults == faults


@pytest.mark.rule("D8")
def test_all_mistakes_are_told_at_once_and_the_command_says_no(tmp_path: Path) -> None:
    path = changed(tmp_path, *(MISTAKES[n][0] for n in (2, 4, 5)))
    told = CliRunner().invoke(app, ["rules", "check", str(path)])
    assert told.exit_code == 1
    assert (
        told.output.count("regler.yaml, linje ") == 4
    )  # the key that is unknown, and the one that is missing
    assert told.output.endswith("4 fejl. Ret dem, og prøv igen.\n")
    gone = CliRunner().invoke(app, ["rules", "check", str(tmp_path / "findes-ikke.yaml")])
    assert (gone.exit_code, "kan ikke åbnes" in gone.output) == (1, True)


@pytest.mark.rule("D8")
def test_a_mistake_in_one_section_hides_none_between_the_others(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ("  task_days: 5", "  task_days: fem"),
        ("remind_on_day: 25", "remind_on_day: 31"),
        ("caseworker_areas: [youth, social]", "caseworker_areas: [ungdom, social]"),
    )
    here = [line_of(path, words) for words in ("task_days", "[ungdom", "remind_on_day")]
    assert check(path) == [
        f"regler.yaml, linje {here[0]}: »deadlines › task_days« skal være et helt tal.",
        f"regler.yaml, linje {here[1]}: »roster › caseworker_areas« nævner området »ungdom«, som ikke står under areas.",
        f"regler.yaml, linje {here[2]}: »substitutes › remind_on_day« kommer aldrig: dagen er senere end longest_days.",
    ]


@pytest.mark.rule("D8")
def test_what_cannot_be_believed_is_not_held_against_the_rest(tmp_path: Path) -> None:
    """The areas are at fault, so nobody can say that the roster names one that is not there."""
    path = changed(tmp_path, ("  - code: youth\n", "  - code: Unge\n"))
    line = line_of(path, "code: Unge")
    assert check(path) == [
        f"regler.yaml, linje {line}: »areas › 2 › code« skal passe til mønstret ^[a-z][a-z0-9_]*$."
    ]


@pytest.mark.rule("D8", "R024", "R114", "R126")
def test_the_day_picks_the_version_and_old_decisions_keep_theirs(tmp_path: Path) -> None:
    changed(
        tmp_path,
        ('version: "3"', 'version: "4"'),
        ("valid_from: 2026-10-01", "valid_from: 2027-01-01"),
        ("  - code: transport\n    names: {da: Befordring, en: Transport}", "  - code: travel\n    names: {da: Rejser}"),
        ("  most: 50000", "  most: 60000"),
        name="2027.yaml",
    )  # fmt: skip
    book = read_rules(changed(tmp_path, ("other_versions: []", "other_versions: [2027.yaml]")))
    assert [r.version for r in book.versions] == ["3", "4"]
    assert [book.on(d).version for d in (date(2020, 1, 1), date(2026, 12, 31), date(2027, 1, 1))] == [
        "3",
        "3",
        "4",
    ]
    assert book.version("4").frame.most > book.version("3").frame.most
    assert book.version("a version nobody kept").version == "3"

    new = book.on(date(2027, 2, 1))
    assert new.purpose("transport").name("da") == "Befordring"
    assert "transport" not in {p.code for p in new.purposes}
    assert book.version("3").purpose("travel").name("en") == "Rejser"


@pytest.mark.rule("D8")
def test_versions_that_could_not_be_told_apart_are_refused(tmp_path: Path) -> None:
    changed(tmp_path, name="same.yaml")
    faults = check(changed(tmp_path, ("other_versions: []", "other_versions: [same.yaml, gone.yaml]")))
    assert faults == [
        "gone.yaml, linje 1: Filen kan ikke åbnes. Se efter sti og rettigheder.",
        "same.yaml, linje 5: »valid_from« er den samme dag som i en anden udgave.",
        "same.yaml, linje 4: »version« »3« bruges af en anden udgave.",
    ]
