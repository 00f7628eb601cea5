"""The alias: neutral words, never two alike for one person (D29)."""

import random
import re
from functools import cache
from importlib.resources import files

import pytest
import yaml

from bot.domain.alias import AliasesUsedUp, AliasWord, choices, is_far, listed, of_sign, opening, proposals


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


GIVEN_NAMES = words(
    """
    Aksel Albert Alberte Alexander Alfred Alma Amalie Anders Andreas Ane Anja Anker Anna Anne Annette Anton Arne Asger Ask Asta Aster
    Astrid August Aya Bellis Bent Bente Birgit Birgitte Birk Birte Bjarne Bjørn Bo Bodil Brian Bøje Camilla Carl Caroline Cecilie
    Charlotte Christian Christina Clara Claus Dagmar Daniel David Dorthe Ea Ebbe Eigil Elias Elin Elisabeth Ella Ellen Else Elvira Emil
    Emilie Emma Erik Erika Esben Ester Eva Falke Felix Flemming Flora Frank Frederik Freja Frida Georgine Gerda Gitte Gorm Grethe Gunnar
    Gustav Hanne Hans Heidi Helge Helle Henrik Henry Hugo Ib Ida Inge Inger Ingrid Iris Isabella Ivan Jakob Jan Janne Jasmin Jens Jesper
    Jette Johan Johanne Johannes Jonas Josefine Julie Jytte Jørgen Kaj Kamille Karen Karl Karla Kasper Kenneth Kim Kirsten Kirstine
    Kjeld Klara Knud Kristian Kristina Kurt Lars Lasse Laura Laurits Lea Leif Lene Lilje Lilly Linnea Lis Lise Liv Liva Lone Lotte
    Louise Lucas Luna Lærke Mads Magnolia Magnus Maja Malene Malthe Maren Maria Marianne Marie Martin Mathilde Melissa Merete Merian
    Mette Michael Mie Mikkel Mogens Morten Mynte Nanna Nicolai Niels Nikolaj Nina Noah Nora Ole Olga Oliver Oscar Otto Ove Palle Per
    Pernille Peter Pia Pil Poul Preben Primula Rasmus Rigmor Rikke Rita Robin Rosa Rose Rune Ruth Sanne Sara Sebastian Signe Sigrid
    Silas Simon Sofie Solvej Steen Stig Storm Susanne Svale Svend Søren Tage Tanja Thea Thomas Thor Thorkild Tina Timian Torben
    Tove Troels Tulle Uffe Ulla Ulrik Vagn Valdemar Vera Verner Vibe Vibeke Victor Vigga Viggo Viola Vilje Villads William Yrsa Åge Åse
    """
)
SURNAMES = words(
    """
    Andersen Andreasen Bach Bang Bech Beck Berg Berthelsen Birk Bjerre Bjerregaard Bonde Brandt Bruun Busk Bøg Carlsen Christensen
    Christiansen Clausen Dahl Dal Dam Damgaard Danielsen Davidsen Due Eg Enevoldsen Eriksen Falk Fisker Frandsen Frederiksen Friis
    Gade Gregersen Hammer Hansen Hassel Hede Henriksen Hermansen Hjort Holm Holst Hvid Hvidt Iversen Jacobsen Jakobsen Jensen Jeppesen
    Jepsen Jespersen Jessen Johansen Johnsen Juhl Juul Jørgensen Kirkegaard Kjeldsen Kjær Klausen Knudsen Koch Konge Krage Kristensen
    Krog Krogh Kruse Kvist Lange Larsen Lassen Lauridsen Laursen Lind Lorenzen Lund Lunde Lyng Madsen Mathiesen Mikkelsen Mogensen
    Mortensen Munk Møller Nielsen Nissen Nygaard Nørgaard Olesen Olsen Overgaard Pedersen Petersen Poulsen Rask Rasmussen Ravn Riis
    Rosen Schmidt Schou Simonsen Skov Skovgaard Skytte Smed Sommer Steffensen Storm Strand Svane Svendsen Søndergaard Sørensen Thomsen
    Thygesen Toft Vestergaard Vinther Vogel Winther Østergaard Ørn
    """
)
JUDGING = words(
    """
    Agurk Alk Alkefugl Allike Banan Bandit Blomme Bolle Brækjern Buk Citron Dild Dolk Dompap Dovendidrik Dovenlars Drukkenbolt
    Fjols Fluesvamp Galde Galning Galnebær Gift Grib Gribbe Gås Gøg Hamp Hanrej Humle Husskade Hængelås Irisk Kalkun Karklud
    Knast Kniv Knippel Kokain Koben Kvalkved Kylling Kællingetand Lokkedue Malurt Melon Mistelten Mælkebøtte Narcis Nitte Nål
    Oplukker Pamper Papegøje Pisk Piskeris Pistol Pjerrot Proptrækker Pungmejse Påfugl Ribbe Ride Rivejern Råge Sav Sinke Skade
    Skovskade Skovsneppe Skvalderkål Snare Snylterod Spejlæg Spyd Stenpikker Strandskade Struds Stær Sværd Tarmvrid Tidsel
    Tornskade Torskemund Trækfugl Tyrkerdue Valmue Vejrhane Vendehals Vin Vorterod Øl Økse
    """
)
JUDGING_INSIDE = words(
    """
    skade sneppe pikk pisk pung bolle skyd pistol hammer kniv økse luder kælling taber tosse idiot galning dværg zigøjner neger jøde
    tyrk nål sprit vinglas snaps hash død blind døv
    """
)


@cache
def the_list() -> list[AliasWord]:
    lists = yaml.safe_load((files("bot.rules") / "aliases.yaml").read_text("utf-8"))
    return [AliasWord(word, category) for category, words in lists.items() for word in words]


def spoken() -> list[str]:
    return [word.word for word in the_list()]


# --- The list ---


def test_the_list_holds_some_six_hundred_birds_trees_and_tools():
    sizes = {c: sum(w.category == c for w in the_list()) for c in ("birds", "trees", "tools")}
    assert sum(sizes.values()) == len(the_list())
    assert 580 <= sum(sizes.values()) <= 700
    assert min(sizes.values()) >= 180


def test_every_alias_is_one_capitalised_word_of_four_to_fourteen_letters():
    assert [w for w in spoken() if not re.fullmatch("[A-ZÆØÅ][a-zæøå]{3,13}", w)] == []


def test_no_alias_stands_twice_however_it_is_spelled():
    assert len({w.casefold() for w in spoken()}) == len(the_list())


@pytest.mark.parametrize(
    "unfit", [GIVEN_NAMES, SURNAMES, JUDGING], ids=["given names", "surnames", "judgements"]
)
def test_no_alias_is_a_name_or_a_judgement(unfit):
    assert {w.casefold() for w in unfit} & {w.casefold() for w in spoken()} == set()


def test_the_lists_of_unfit_words_are_long_enough_to_mean_something():
    assert (len(set(GIVEN_NAMES)) >= 200, len(set(SURNAMES)) >= 100, len(set(JUDGING)) >= 80) == (
        True,
        True,
        True,
    )


def test_no_alias_hides_a_weapon_an_insult_or_an_illness():
    assert [(w, part) for w in spoken() for part in JUDGING_INSIDE if part in w.casefold()] == []


# --- The proposals ---


def test_four_are_proposed_and_none_of_them_begins_like_another():
    proposed = proposals(the_list(), own_open=[], all_taken=[], chance=random.Random(1))
    assert len({opening(w.word) for w in proposed}) == len(proposed) == 4


def test_the_same_chance_gives_the_same_proposals():
    ask = lambda: proposals(the_list(), own_open=["Isfugl"], all_taken=["Isfugl"], chance=random.Random(7))  # noqa: E731
    assert ask() == ask()


def test_a_word_that_was_ever_used_is_not_proposed_again():
    the_words = [AliasWord("Isfugl", "birds"), AliasWord("Ahorn", "trees")]
    assert proposals(the_words, own_open=[], all_taken=["isfugl"], chance=random.Random(1)) == [
        AliasWord("Ahorn", "trees")
    ]


def test_words_that_begin_alike_never_belong_to_one_person():
    the_words = [AliasWord("Bogstøtte", "tools"), AliasWord("Ahorn", "trees")]
    proposed = proposals(the_words, own_open=["Bogfinke"], all_taken=["Bogfinke"], chance=random.Random(1))
    assert proposed == [AliasWord("Ahorn", "trees")]


def test_the_categories_the_person_does_not_hold_come_first():
    mine = [AliasWord("Isfugl", "birds"), "Enebær"]
    for seed in range(50):
        proposed = proposals(
            the_list(), own_open=mine, all_taken=["Isfugl", "Enebær"], chance=random.Random(seed)
        )
        assert {w.category for w in proposed} == {"tools"}


def test_when_every_category_is_held_the_least_held_comes_first():
    mine = ["Isfugl", "Musvit", "Enebær", "Ahorn", "Kompas"]
    proposed = proposals(the_list(), own_open=mine, all_taken=mine, chance=random.Random(3))
    assert {w.category for w in proposed} == {"tools"}


def test_a_word_that_sounds_like_another_open_case_is_proposed_last():
    the_words = [
        AliasWord("Gransanger", "birds"),
        AliasWord("Isfugl", "birds"),
        AliasWord("Tårnfalk", "birds"),
    ]
    for seed in range(20):
        proposed = proposals(
            the_words, own_open=[], all_taken=[], committee_open=["Græsanger"], chance=random.Random(seed)
        )
        assert proposed[-1] == AliasWord("Gransanger", "birds")


def test_the_committees_open_cases_are_only_a_wish_when_nothing_else_is_left():
    the_words = [AliasWord("Gransanger", "birds")]
    assert (
        proposals(
            the_words, own_open=[], all_taken=[], committee_open=["Gransangen"], chance=random.Random(1)
        )
        == the_words
    )


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("Bogfinke", "Bogfinke", False),
        ("Bogfinke", "bogfinken", False),
        ("Løvsanger", "Rørsanger", False),
        ("Havsanger", "Havesanger", False),
        ("Isfugl", "Isbjørn", True),
        ("Kiwi", "Kiwifrugt", True),
        ("Skovfyr", "Spidsand", True),
    ],
)
def test_far_means_three_letters_or_more(one, other, far):
    assert (is_far(one, other), is_far(other, one)) == (far, far)


def test_when_no_word_is_left_it_is_said_by_name():
    with pytest.raises(AliasesUsedUp):
        proposals([AliasWord("Isfugl", "birds")], own_open=[], all_taken=["Isfugl"], chance=random.Random(1))


def test_when_few_are_left_fewer_than_four_are_proposed():
    the_words = [AliasWord("Isfugl", "birds"), AliasWord("Isfasan", "birds"), AliasWord("Ahorn", "trees")]
    assert len(proposals(the_words, own_open=[], all_taken=[], chance=random.Random(1))) == 2


def test_ten_thousand_cases_and_no_person_has_two_that_begin_alike():
    chance = random.Random(20261116)
    draws = clashes = repeats = uneven = 0
    for _town in range(50):
        taken: list[str] = []
        for _person in range(8):
            mine: list[AliasWord] = []
            while len(mine) < 25:
                offered = proposals(
                    the_list(), own_open=mine, all_taken=taken, chance=chance, committee_open=taken[-5:]
                )
                new = chance.choice(offered)
                draws += 1
                clashes += opening(new.word) in {opening(w.word) for w in mine}
                clashes += len({opening(w.word) for w in offered}) != len(offered)
                repeats += new.word in taken
                mine.append(new)
                taken.append(new.word)
            held = [sum(w.category == c for w in mine) for c in ("birds", "trees", "tools")]
            uneven += max(held) - min(held) > 1
    assert (draws, clashes, repeats, uneven) == (10_000, 0, 0, 0)


@pytest.mark.rule("D29")
def test_the_list_never_ends_and_still_no_alias_is_used_twice_or_begins_like_anothers_own():
    """One committee for twenty years: when the words are used up, two of them go together."""
    chance, ever, mine = random.Random(20261116), set(spoken()[20:]), [[] for _ in range(8)]
    clashes = repeats = unread = 0
    for draw in range(500):
        own: list[AliasWord] = mine[draw % 8]
        offered = choices(
            the_list(),
            own_open=own,
            taken=ever.intersection,
            chance=chance,
            committee_open=[word.word for others in mine for word in others[-1:]],
        )
        new = chance.choice(offered)
        clashes += opening(new.word) in {opening(w.word) for w in own}
        repeats += new.word in ever
        unread += draw % 10 == 0 and not (
            listed(the_list(), new.word) == of_sign(the_list(), new.sign) == new
        )
        ever.add(new.word)
        own.append(new)
        del own[:-25]  # the oldest is closed
    assert (len(ever), clashes, repeats, unread) == (len(spoken()) + 480, 0, 0, 0)
    together = [alias for alias in ever if "-" in alias]
    assert len(together) >= 480
    assert [a for a in together if not re.fullmatch("[A-ZÆØÅ][a-zæøå]{3,13}-[a-zæøå]{4,14}", a)] == []


@pytest.mark.rule("D29")
def test_two_words_together_are_of_different_kinds_and_nobody_makes_up_a_third():
    assert listed(the_list(), "Isfugl-kompas") == AliasWord("Isfugl-kompas", "birds")
    unlisted = ("Isfugl-musvit", "Isfugl-kompas-ahorn", "Isfugl-hans", "Hans", "")
    assert [listed(the_list(), alias) for alias in unlisted] == [None] * 5


@pytest.mark.rule("D29")
def test_a_pair_that_begins_with_an_open_cases_alias_is_proposed_last():
    words = [AliasWord("Isfugl", "birds"), AliasWord("Ahorn", "trees")]
    for seed in range(20):
        offered = choices(
            words,
            own_open=[],
            taken={"Isfugl", "Ahorn"}.intersection,
            chance=random.Random(seed),
            committee_open=["Isfugl"],
        )
        assert [w.word for w in offered] == ["Ahorn-isfugl", "Isfugl-ahorn"]
