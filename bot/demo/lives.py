"""What happened to each case of the demo town before its opening morning. Nobody here is a real person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.case import AgeBand


@dataclass(frozen=True)
class Life:
    """What happened to one case until now. `until` is the last thing that happened."""

    alias: str
    by: str
    until: str  # registered | requested | returned | referred | ready | decided | out_of_scope
    began: date
    meeting: date | None = None
    follow_up: date | None = None
    frame: int = 40_000  # kroner; 0 is »ingen ramme«
    uses: tuple[tuple[int, str], ...] = ()
    band: AgeBand = AgeBand.YOUTH
    goals: tuple[str, ...] = ("education",)
    fixed: str | None = None  # None: whoever brought the case
    born: str | None = None  # year and month; None: what is usual for the band
    closing: str | None = None  # the criterion by which the first follow-up closes it
    group: date | None = None  # the meeting that sets up its background group
    held: int = 0  # kroner set aside for a mentor, and not paid yet
    asks: str | None = None  # who has been asked to be its fixed caseworker, and has not answered


D = date
OCT_1, OCT_8, OCT_29, NOV_5, NOV_12 = (
    D(2026, 10, 1),
    D(2026, 10, 8),
    D(2026, 10, 29),
    D(2026, 11, 5),
    D(2026, 11, 12),
)
NOV_19, NOV_26, DEC_3, DEC_10 = D(2026, 11, 19), D(2026, 11, 26), D(2026, 12, 3), D(2026, 12, 10)
DEC_17 = D(2026, 12, 17)
JAN_14, JAN_21, JAN_28 = D(2027, 1, 14), D(2027, 1, 21), D(2027, 1, 28)
SEP_7, SEP_17, SEP_24, OCT_5, OCT_15 = (
    D(2026, 9, 7),
    D(2026, 9, 17),
    D(2026, 9, 24),
    D(2026, 10, 5),
    D(2026, 10, 15),
)
SEP_14, OCT_12, OCT_19, OCT_22 = D(2026, 9, 14), D(2026, 10, 12), D(2026, 10, 19), D(2026, 10, 22)

LIVES: tuple[Life, ...] = (
    # Decided on 1 October
    Life(
        "Stillits",
        "Maja Holm",
        "decided",
        SEP_14,
        OCT_1,
        NOV_12,
        30_000,
        ((24_500, "mentor_support"),),
        goals=("employment",),
        closing="employment",
    ),
    Life("Gråand", "Maja Holm", "decided", SEP_14, OCT_1, NOV_19, 40_000, ((6_000, "transport"),)),
    Life(
        "Enebær",
        "Tine Lauridsen",
        "decided",
        SEP_14,
        OCT_1,
        NOV_19,
        25_000,
        ((25_000, "housing_support"),),
        AgeBand.TEENS,
    ),
    Life("Hyldebusk", "Ali Demir", "decided", SEP_14, OCT_1, NOV_19, 35_000, ((12_250, "mentor_support"),)),
    Life("Blåmejse", "Sofie Bech", "decided", SEP_14, OCT_8, NOV_12, 28_000, ((9_000, "transport"),)),
    Life(
        "Vaterpas",
        "Nanna Ilsø",
        "decided",
        SEP_14,
        OCT_8,
        NOV_26,
        45_000,
        ((11_400, "mentor_support"),),
        group=NOV_5,
    ),
    Life(
        "Ringdue",
        "Peter Krogh",
        "decided",
        SEP_14,
        OCT_8,
        NOV_12,
        26_000,
        ((5_200, "transport"),),
        closing="education",
    ),
    Life(
        "Kikkert",
        "Nanna Ilsø",
        "decided",
        SEP_14,
        OCT_8,
        NOV_5,
        36_000,
        ((18_000, "mentor_support"),),
        AgeBand.ADULT,
        ("income_basis",),
        closing="income_basis",
    ),
    # Decided on 29 October
    Life(
        "Isfugl",
        "Maja Holm",
        "decided",
        OCT_12,
        OCT_29,
        JAN_21,
        40_000,
        ((24_000, "mentor_support"), (8_400, "housing_support"), (400, "transport")),
    ),
    Life(
        "Musvit",
        "Peter Krogh",
        "decided",
        OCT_12,
        OCT_29,
        JAN_14,
        50_000,
        ((7_500, "mentor_support"),),
        group=NOV_5,
        born="1997-05",
    ),
    Life(
        "Kompas",
        "Maja Holm",
        "decided",
        OCT_12,
        OCT_29,
        JAN_28,
        60_000,
        ((15_000, "housing_support"),),
        AgeBand.ADULT,
        ("income_basis",),
    ),
    Life("Tommestok", "Ali Demir", "decided", OCT_12, OCT_29, DEC_10, 0),
    Life(
        "Solsort",
        "Sofie Bech",
        "decided",
        OCT_12,
        NOV_5,
        JAN_14,
        32_000,
        ((2_900, "transport"),),
        fixed="Peter Krogh",
    ),
    # Decided on 5 and 12 November
    Life(
        "Kastanje",
        "Tine Lauridsen",
        "decided",
        OCT_19,
        NOV_12,
        JAN_28,
        26_000,
        ((1_150, "transport"),),
        AgeBand.TEENS,
    ),
    Life("Liguster", "Peter Krogh", "out_of_scope", OCT_12, OCT_22, JAN_28),
    Life("Rødhals", "Ali Demir", "decided", D(2026, 10, 26), NOV_12, JAN_28, 38_000, ((800, "transport"),)),
    # Decided in September and on 22 October; two were to be followed up in the autumn break, and nobody met
    Life(
        "Grønirisk", "Ali Demir", "decided", SEP_7, SEP_17, DEC_3, 31_000, ((6_200, "transport"),), held=4_500
    ),
    Life("Rønnebær", "Nanna Ilsø", "decided", SEP_7, SEP_17, OCT_15, 27_000, ((3_400, "mentor_support"),)),
    Life("Skruetvinge", "Sofie Bech", "decided", SEP_7, SEP_17, DEC_3, 33_000, ((8_800, "housing_support"),)),
    Life(
        "Engpiber",
        "Yusuf Kaya",
        "decided",
        SEP_7,
        SEP_17,
        DEC_10,
        29_000,
        ((1_250, "transport"),),
        band=AgeBand.TEENS,
        born="2011-08",
    ),
    Life("Hvidtjørn", "Peter Krogh", "decided", SEP_14, SEP_24, OCT_15, 34_000, ((9_600, "mentor_support"),)),
    Life(
        "Loddekolbe",
        "Tine Lauridsen",
        "decided",
        SEP_14,
        SEP_24,
        DEC_10,
        37_000,
        ((2_100, "transport"),),
        band=AgeBand.TEENS,
        born="2011-03",
    ),
    Life(
        "Tårnfalk",
        "Nanna Ilsø",
        "decided",
        SEP_14,
        SEP_24,
        DEC_17,
        41_000,
        ((12_300, "housing_support"),),
        held=7_000,
    ),
    Life("Ædelgran", "Ali Demir", "decided", SEP_14, SEP_24, JAN_14, 42_000, ((5_500, "mentor_support"),)),
    Life("Kernebider", "Sofie Bech", "decided", OCT_5, OCT_22, JAN_14, 43_000, ((700, "transport"),)),
    Life("Brombær", "Yusuf Kaya", "decided", OCT_5, OCT_22, JAN_21, 39_000, ((4_000, "mentor_support"),)),
    Life(
        "Skruenøgle",
        "Tine Lauridsen",
        "decided",
        OCT_5,
        OCT_22,
        JAN_21,
        46_000,
        ((2_600, "transport"),),
        band=AgeBand.TEENS,
        born="2011-05",
    ),
    # On their way now
    Life("Bogfinke", "Maja Holm", "ready", D(2026, 11, 2), NOV_19, JAN_28),
    Life("Ahorn", "Sofie Bech", "referred", D(2026, 11, 4), NOV_19, JAN_28),
    Life("Trillebør", "Nanna Ilsø", "referred", D(2026, 11, 9), NOV_26, JAN_28),
    Life("Sekstant", "Peter Krogh", "returned", D(2026, 11, 9)),
    Life("Knopsvane", "Ali Demir", "requested", D(2026, 11, 12)),
    Life("Vandkande", "Tine Lauridsen", "requested", D(2026, 11, 13)),
    Life("Spartel", "Ali Demir", "requested", D(2026, 11, 13), band=AgeBand.ADULT),
    Life("Havterne", "Maja Holm", "registered", D(2026, 11, 13)),
    Life("Mejsel", "Yusuf Kaya", "registered", D(2026, 11, 13)),
    Life("Spætmejse", "Ali Demir", "referred", D(2026, 11, 9), NOV_26, JAN_28, asks="Nanna Ilsø"),
    Life("Fyrretræ", "Peter Krogh", "referred", D(2026, 11, 9), DEC_3, JAN_28),
)
