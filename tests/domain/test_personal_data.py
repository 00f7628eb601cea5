"""Nothing that points at a person comes in, and ordinary casework does (D1, D23, D28, D36).

Every number here is invented: CPR-like ones have a birth date other than 1 January and fail modulus 11, so none is issued.
"""

import random
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.personal_data import (
    CaseReferenceUnclear,
    Finding,
    LinkHoldsCpr,
    PersonalDataRefused,
    find,
    holds_cpr,
    read_case_reference,
    refuse_personal_data,
)

WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def fails_modulus_11(number: str) -> bool:
    return sum(w * int(d) for w, d in zip(WEIGHTS, number, strict=True)) % 11 != 0


def invented_numbers(count: int) -> list[str]:
    chance, numbers = random.Random(11), []
    while len(numbers) < count:
        day, month = chance.randint(1, 28), chance.randint(1, 12)
        administrative = 60 if chance.random() < 0.1 else 0
        number = f"{day + administrative:02}{month:02}{chance.randint(0, 99):02}{chance.randint(0, 9999):04}"
        if (day, month) != (1, 1) and fails_modulus_11(number):
            numbers.append(number)
    return numbers


NUMBERS = invented_numbers(500)
FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
SPELLINGS = {
    "hyphen": lambda n: f"{n[:6]}-{n[6:]}",
    "nothing between": lambda n: n,
    "space": lambda n: f"{n[:6]} {n[6:]}",
    "en dash": lambda n: f"{n[:6]}–{n[6:]}",
    "spaced dash": lambda n: f"{n[:6]} - {n[6:]}",
    "dot": lambda n: f"{n[:6]}.{n[6:]}",
    "slash": lambda n: f"{n[:6]}/{n[6:]}",
    "underscore": lambda n: f"{n[:6]}_{n[6:]}",
    "dots in the date": lambda n: f"{n[:2]}.{n[2:4]}.{n[4:6]}-{n[6:]}",
    "slashes in the date": lambda n: f"{n[:2]}/{n[2:4]}/{n[4:6]} {n[6:]}",
    "pairs": lambda n: " ".join(n[i : i + 2] for i in range(0, 10, 2)),
    "every digit apart": " ".join,
    "every digit apart by hyphens": "-".join,
    "two spaces apart": "  ".join,
    "fullwidth": lambda n: f"{n[:6]}-{n[6:]}".translate(FULLWIDTH),
    "other digits": lambda n: n.translate(ARABIC),
    "hidden between": lambda n: f"{n[:3]}\u200b{n[3:6]}-{n[6:8]}\u00ad{n[8:]}",
    "hard space": lambda n: f"{n[:6]}\u00a0{n[6:]}",
    "new line": lambda n: f"{n[:6]}\n{n[6:]}",
    "between letters": lambda n: f"cpr{n}x",
    "in a sentence": lambda n: f"Sagen om 26-0042 ({n[:6]}-{n[6:]}), se uge 48.",
    "after other numbers": lambda n: f"12 {n[:6]}-{n[6:]} 14",
    "in a link": lambda n: f"https://fag.example.dk/borger/{n}/plan?v=2",
    "in a link, encoded": lambda n: f"https://fag.example.dk/?id={quote(n[:6] + ' ' + n[6:])}&x=1",
    "in a link, all encoded": lambda n: "https://fag.example.dk/?id=" + "".join(f"%{ord(d):02X}" for d in n),
    "with the whole year": lambda n: f"{n[:4]}19{n[4:6]}-{n[6:]}",
}


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_none_of_five_hundred_cpr_numbers_is_missed_however_it_is_spelled(spelled):
    assert [n for n in NUMBERS if find(spelled(n)) is not Finding.CPR] == []


@given(
    st.sampled_from(NUMBERS),
    st.text("abcdefg æøå.,;:()!?\n", max_size=20),
    st.text("abcdefg æøå;:()!?\n", max_size=20),
)
def test_a_cpr_number_is_found_anywhere_in_a_text(number, before, after):
    assert find(f"{before}{number[:6]}-{number[6:]}{after}") is Finding.CPR


@pytest.mark.parametrize(
    "phone",
    [
        *(
            "20 12 34 56",
            "20123456",
            "2012 3456",
            "20-12-34-56",
            "20.12.34.56",
            "+45 20 12 34 56",
            "+4520123456",
            "0045 20123456",
        ),
        *(
            "(+45) 86 12 34 56",
            "tlf. 86123456",
            "Mobil: 10 12 34 56",
            "ring 86 12 34 56 efter kl. 12",
            "+47 912 34 567",
            "２０１２３４５６",
        ),
        *("86\u00a012\u00a034\u00a056", "201 23 456", "86 123 456", "20123456.", "min.tlf 20123456,"),
    ],
)
def test_phone_numbers_are_found(phone):
    assert find(phone) is Finding.PHONE


@pytest.mark.parametrize(
    "email",
    [
        *(
            "maja@example.dk",
            "Skriv til maja.holm+sag@mail.example.dk.",
            "MAJA@EXAMPLE.DK",
            "maja＠example.dk",
            "maja(at)example.dk",
        ),
        *("maja @ example.dk", "søren@kommune.example", "mailto:x_y@example.co.uk"),
    ],
)
def test_email_addresses_are_found(email):
    assert find(email) is Finding.EMAIL


@pytest.mark.parametrize(
    "address",
    [
        *(
            "Nørregade 12",
            "nørregade 12",
            "Strandvejen 4, 2. tv",
            "Østre Allé 7B",
            "H.C. Andersens Boulevard 18",
            "Hestehaven 3",
            "Store Torv 4",
        ),
        *(
            "Bor på Lyngvænget 21 st.",
            "Sønder Allé 12",
            "Bredstrædet 5",
            "Kirketoften 9",
            "Rugmarken 14",
            "Bakkevej nr. 7",
            "Rådhustorvet 3",
        ),
        *(
            "Møllebakken 2",
            "Anna Anchers Vej 12",
            "8500 Grenaa",
            "8500 grenaa",
            "DK-8000 Aarhus C",
            "8900 Randers",
            "1150 København K",
            "5750 Ringe",
        ),
        *(
            "8963 Auning",
            "8585 Glesborg",
            "Toldbodvej 31, 8500",
            "4000, Roskilde",
            "2000 Frederiksberg",
            "8400 Ebeltoft",
        ),
    ],
)
def test_addresses_are_found(address):
    assert find(address) is Finding.ADDRESS


def test_the_gravest_is_named_first():
    number = NUMBERS[0]
    assert find(f"maja@example.dk, 20 12 34 56, {number}, Nørregade 12") is Finding.CPR


ORDINARY = """
Ramme 25.000,00 kr. til mentor fra 19-11-2026.
Opfølgning torsdag 26. november kl. 9.10 i uge 48.
Møde 19/11 kl. 10.30-11.15, 20/11 kl. 9.00-10.00.
Perioden 10.11.25 - 12.11.25 er aftalt.
Perioden 01-02-2026 til 30-06-2026, derefter 3 måneder.
Sagen 26-0042 og sagen 26-0019 hører sammen.
26-0042 26-0043 26-0044
S2026-114711
Se sag S2026-11471112 i fagsystemet.
Journalnummer 27.35.04-G01-12-26
Slack 1763366400.123456 og 1801234567.123456
https://example.slack.com/archives/C0123ABCD/p1801234567123456
https://fag.example.dk/sag/24471112
Budget 2026-2027 og 2025/2026.
Skoleåret 2025 2026 er slut.
Mellem 2000-3000 kr. om måneden.
Mellem 25.000 og 50.000 kr.
25.000-50.000 kr.
Ramme 2500 kr., brugt 1250 kr., rest 1250 kr.
1.250,00 kr. til befordring og 450,00 kr. til briller.
450 kr bus 19/11, 300 kr taxa 20/11.
19-11-26 1250 kr. er brugt til rejsekort.
19/11/26 1250,00 kr. til cykel.
Beløb 12000000 kr. er en tastefejl.
Uge 45 46 47 48 holdes fri.
Ferie i ugerne 28 29 30 31.
uge 47 2026 til uge 7 2027
2026-W47, 2026-11-19T09:10:00+01:00
Møde 20261119 og 20261203.
Frist 03-12-2026 kl. 12.00.
Praktikplads 2 dage om ugen.
Praktikplads 14
Aflastningsplads 3 gange om måneden.
Arbejdsplads 37 timer.
Vi er på rette vej 3 uger inde.
Rejsekort til skolevej 5 dage.
Legepladsen 2 gange.
Opholdsplads 1. januar.
Mentor 12 timer om måneden i 6 måneder.
Bostøtte 8 timer, 4 uger, i alt 8.400 kr.
Punkt 3 af 10, 25 minutter.
1250 Befordring
2500 Mentor og 1500 Bostøtte
4000 kr. Bevilget
I 2026 Kommunen har 20 sager.
2026 Opfølgning
§ 54 og lov nr. 1089 af 16. august 2023
LBK nr 1089 af 16/08/2023
R018-R021, D23/D28
15-17 år, 18-29 år, 30 og derover
5 af 6 sager er klar.
82 % brugt, 6.750,00 kr. tilbage.
Kl. 08.00 09.00 10.00
Mødelokale 2, indgang B
<@U0123ABCD> <#C0123ABCD> @here
3@25 kr
Fortsat støtte til uddannelse; den unge er med på planen.
Kontaktperson 2 aftener pr. uge fra 1. december.
Timer: 2 4 6 8
Antal 12 14 16
17.500 18.000 19.500
100 200 300 400
Første møde 3. december, andet møde 11. februar.
Gråand følges op torsdag 3. december.
Samtale med klubben 2 gange.
Skoven 3 timer om ugen.
Version 2.11.3 af regelsættet
1200,50 og 3400,75
10. og 11. klasse i 2026/27
7 14 21 dage
10-12-14 timer
""".strip().split("\n")


def test_ordinary_casework_comes_in():
    assert {line: find(line) for line in ORDINARY if find(line)} == {}


@given(st.dates(), st.integers(1, 9_999_999), st.integers(1, 53), st.integers(0, 9999))
def test_dates_amounts_weeks_and_keys_come_in(day, amount, week, number):
    written = f"{amount:,}".replace(",", ".")
    text = f"26-{number:04}: {written},00 kr. fra {day:%d-%m}-{day.year:04}, uge {week}, igen {day.day}/{day.month}."
    assert find(text) is None


def test_a_text_that_may_come_in_is_handed_back():
    assert refuse_personal_data("Fortsat støtte") == "Fortsat støtte"


def test_a_refusal_names_the_kind_and_the_field_and_keeps_nothing_of_the_text():
    number = NUMBERS[1]
    with pytest.raises(PersonalDataRefused) as refused:
        refuse_personal_data(f"Ring til {number}", field="remark")
    assert (refused.value.field, refused.value.facts) == ("remark", {"kind": Finding.CPR})
    assert number not in repr(vars(refused.value)) + repr(refused.value.args) + str(refused.value)


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text):
    assert find(text) in {None, *Finding}


HOSTILE = [
    "1 ",
    "1234567890",
    "a",
    "a.",
    "12-",
    "å@",
    "a@a.",
    "12 34 ",
    "Vej ",
    "vej",
    "0045 ",
    "%31",
    "8500 ",
    "a-",
    "2 ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_longest_text_slack_sends_is_looked_at_in_no_time(piece):
    started = time.process_time()
    find((piece * 4_000)[:4_000])
    assert time.process_time() - started < 0.5


# --- The case's number in the area's own system ---

PATTERN = r"^S\d{4}-\d+$"


@pytest.mark.parametrize("typed", ["S2026-114711", "  S2026-114711 ", "Ｓ2026-114711", "S2026-114711\u200b"])
def test_a_number_of_the_areas_own_pattern_is_read(typed):
    assert read_case_reference(typed, PATTERN) == "S2026-114711"


def test_the_areas_own_pattern_decides_instead_of_the_cpr_scan():
    number = NUMBERS[2]
    assert read_case_reference(number, r"\d{10}") == number
    assert read_case_reference(f"https://fag.example.dk/sag/{number}", r"\d{10}") == number


@pytest.mark.parametrize(
    "wrong",
    [
        "S26-114711",
        "xS2026-114711",
        "S2026-114711 og S2026-114712",
        "",
        "S２０２６-x",
        "S2026-٤٥",
        "Bogfinke",
    ],
)
def test_what_is_not_of_the_areas_pattern_is_refused_with_it(wrong):
    with pytest.raises(CaseReferenceUnclear) as refused:
        read_case_reference(wrong, PATTERN, example="S2026-114711")
    facts = {"pattern": PATTERN, "example": "S2026-114711"}
    assert (refused.value.field, refused.value.facts) == ("case_number", facts)


@pytest.mark.parametrize("pattern", [None, PATTERN])
def test_a_cpr_number_is_no_case_number(pattern):
    with pytest.raises(PersonalDataRefused) as refused:
        read_case_reference(SPELLINGS["hyphen"](NUMBERS[3]), pattern)
    assert (refused.value.field, refused.value.facts) == ("case_number", {"kind": Finding.CPR})


@pytest.mark.parametrize(
    "typed", ["2026-114711", "27.35.04-G01-12-26", "Sag 4711/26", "24471112", "86 12 34 56"]
)
def test_without_a_pattern_a_number_is_scanned_for_cpr_only(typed):
    assert read_case_reference(typed) == typed


@pytest.mark.parametrize("wrong", ["", " ", "Bogfinke", "-12", "1" * 61, "12\x0034", "12 <b>", "٤٥٠"])
def test_without_a_pattern_it_still_has_to_look_like_a_number(wrong):
    with pytest.raises(CaseReferenceUnclear):
        read_case_reference(wrong)


@pytest.mark.parametrize(
    "link",
    [
        "https://fag.example.dk/sag/S2026-114711",
        "https://fag.example.dk/sag?nr=S2026-114711&fane=plan",
        "https://fag.example.dk/#/sag/S2026-114711/plan",
        "https://fag.example.dk/sag/S2026%2D114711",
        "<https://fag.example.dk/sag/S2026-114711|S2026-114711>",
    ],
)
def test_a_pasted_link_gives_the_number_it_holds(link):
    assert read_case_reference(link, PATTERN) == "S2026-114711"


def test_without_a_pattern_a_pasted_link_is_kept_whole():
    assert read_case_reference("<https://fag.example.dk/sag/abc-77>") == "https://fag.example.dk/sag/abc-77"


@pytest.mark.parametrize("pattern", [None, PATTERN])
@pytest.mark.parametrize("spelled", ["hyphen", "nothing between", "slash", "dot"])
def test_a_link_with_a_cpr_number_in_it_is_refused(pattern, spelled):
    with pytest.raises(LinkHoldsCpr) as refused:
        read_case_reference(
            f"https://fag.example.dk/sag/S2026-114711?cpr={SPELLINGS[spelled](NUMBERS[4])}", pattern
        )
    assert (refused.value.field, refused.value.facts) == ("case_number", {})


@pytest.mark.parametrize("link", ["https://fag.example.dk/", "https://fag.example.dk/S2026-1/S2026-2"])
def test_a_link_without_one_number_of_the_pattern_is_refused(link):
    with pytest.raises(CaseReferenceUnclear):
        read_case_reference(link, PATTERN)


@given(st.text(max_size=80), st.sampled_from([None, PATTERN]))
def test_whatever_is_typed_is_a_reference_or_a_refusal_by_name(text, pattern):
    try:
        read = read_case_reference(text, pattern)
    except (CaseReferenceUnclear, PersonalDataRefused, LinkHoldsCpr):
        return
    assert read == read.strip() != ""
    assert pattern or not holds_cpr(read)
