"""What must not come in: CPR numbers, phone numbers, e-mail addresses and home addresses (D1, D36).

Everything here looks and answers; nothing keeps what it saw, not even in the refusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from urllib.parse import unquote

from bot.domain.errors import Refusal


class Finding(Enum):
    """What a text seems to hold, the gravest first."""

    CPR = "cpr"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"


class PersonalDataRefused(Refusal):
    """The text seems to hold `kind`. The text itself is not here."""


class NumberHoldsPersonalData(PersonalDataRefused):
    """A CPR number where a case number belongs."""

    default_field = "case_number"


class LinkHoldsCpr(Refusal):
    """A pasted link has a CPR number in it."""

    default_field = "case_number"


class CaseReferenceUnclear(Refusal):
    """Neither a number nor a link as the area's case system writes them."""

    default_field = "case_number"


def find(text: str) -> Finding | None:
    """The gravest thing the text seems to hold; None when it may come in.

    Looked for by shape, never by modulus 11: numbers without it are valid, and no name register is asked.
    """
    plain = _plain(text)
    if _holds_cpr(plain):
        return Finding.CPR
    if _EMAIL.search(plain):
        return Finding.EMAIL
    if _holds_phone(plain):
        return Finding.PHONE
    if _holds_address(plain):
        return Finding.ADDRESS
    return None


def refuse_personal_data(text: str, field: str | None = None) -> str:
    """The text again when it may come in; else a refusal on the field."""
    found = find(text)
    if found:
        raise PersonalDataRefused(field=field, kind=found)
    return text


def holds_cpr(text: str) -> bool:
    """Whether something in the text could be a CPR number, however it is spelled."""
    return _holds_cpr(_plain(text))


def read_case_reference(
    text: str, pattern: str | None = None, *, example: str | None = None, most: int = 60
) -> str:
    """A case's number in an area's own system, typed or in a pasted link, without what surrounds it.

    With the area's `pattern`, that alone decides what a number is: the link gives the number it holds, and no CPR scan
    can refuse a number of the right shape (D28). Without one, a link is kept whole. `example` is for the refusal.
    """
    written = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip()
    if link := _LINK.fullmatch(written):
        return _from_link(link["link"], pattern, example)
    if pattern is not None and re.fullmatch(pattern, written, re.ASCII | re.IGNORECASE):
        return written.upper()
    if holds_cpr(written):
        raise NumberHoldsPersonalData(kind=Finding.CPR)
    if pattern is not None or len(written) > most or not _NUMBER.fullmatch(written):
        raise CaseReferenceUnclear(pattern=pattern, example=example)
    return written


_LINK = re.compile(r"<?(?P<link>https?://[^\s<>|]{4,500})(?:\|[^<>]*)?>?", re.IGNORECASE)
_NUMBER = re.compile(r"(?=[^0-9]*[0-9])(?!.*[^\x00-\x7fæøåÆØÅ])\w[\w ./-]*")
_LINK_PARTS = re.compile(r"[/?&=#;:,]+")


def _from_link(link: str, pattern: str | None, example: str | None) -> str:
    parts = [unquote(part) for part in _LINK_PARTS.split(link)]
    numbers = [part for part in parts if pattern is not None and re.fullmatch(pattern, part, re.ASCII)]
    if holds_cpr(unquote(_without(link, numbers))):
        raise LinkHoldsCpr
    if pattern is None:
        return link
    if len(set(numbers)) != 1:
        raise CaseReferenceUnclear(pattern=pattern, example=example)
    return numbers[0]


def _without(link: str, numbers: list[str]) -> str:
    rest = unquote(link)
    for number in numbers:
        rest = rest.replace(number, "\N{BLACK SQUARE}")
    return rest


# --- How a text is looked at: ordinary digits, dashes and spaces, whatever was typed. ---

_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_DASHES = re.compile("[\u2010-\u2015\u2043\u2212\u2e3a\u2e3b]")


def _plain(text: str) -> str:
    seen = _DASHES.sub("-", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))
    if not seen.isascii():
        seen = "".join(str(unicodedata.decimal(sign, sign)) for sign in seen)
    return f"{seen}\n{unquote(seen)}" if "%" in seen else seen


# --- CPR: ddmmyy and four more, in any of the ways people break it up. ---

_GAP = r"[\s./_+-]"
_DDMMYY = rf"(?:\d{{6}}|\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}|\d{{4}}{_GAP}\d{{2}}|\d{{2}}{_GAP}\d{{4}})"
_CPR_SHAPES = [
    re.compile(rf"(?<!\d)(?P<date>{_DDMMYY}){_GAP}{{0,3}}(?P<last>\d{{4}})(?!\d)", re.ASCII),
    re.compile(
        rf"(?<!\d)(?P<date>{_DDMMYY}){_GAP}{{0,3}}(?P<last>\d{{2}}[\s-]\d{{2}})(?![./-]?\d)", re.ASCII
    ),
    re.compile(
        rf"(?<!\d)(?P<date>(?:\d{_GAP}{{1,2}}){{5}}\d)(?P<last>(?:{_GAP}{{1,3}}\d){{4}})(?!\d)", re.ASCII
    ),
    re.compile(
        rf"(?<!\d)(?P<date>\d{{2}}{_GAP}?\d{{2}}{_GAP}?(?:19|20)\d{{2}})-?(?P<last>\d{{4}})(?!\d)", re.ASCII
    ),
]
_SLACK_TIME = re.compile(r"(?<!\d)\d{10}\.\d{6}(?!\d)", re.ASCII)
_DATE_AND_AMOUNT = re.compile(
    r"(?<!\d)\d{1,2}(?P<gap>[./-])\d{1,2}(?P=gap)\d{2} \d{4}(?=(?:,\d{1,2}|,-)? ?(?:kr|dkk)\b)",
    re.ASCII | re.IGNORECASE,
)


def _holds_cpr(plain: str) -> bool:
    looked_at = _DATE_AND_AMOUNT.sub(" ", _SLACK_TIME.sub(" ", plain))
    return any(_is_birth_date(re.sub(_GAP, "", found)) for found in _cpr_dates(looked_at))


def _cpr_dates(plain: str) -> Iterator[str]:
    """Every overlapping place is tried, so that a number before the first digit does not hide the next."""
    for shape in _CPR_SHAPES:
        at = 0
        while found := shape.search(plain, at):
            yield found["date"]
            at = found.start() + 1


def _is_birth_date(ddmmyy: str) -> bool:
    """A day and a month; the administrative numbers have 60 added to the day."""
    day, month = int(ddmmyy[:2]), int(ddmmyy[2:4])
    return 1 <= month <= 12 and (1 <= day <= 31 or 61 <= day <= 91)


# --- E-mail addresses. ---

_EMAIL = re.compile(
    r"[\w.+'-]\s?(?:@|\(at\)|\[at\]|\(snabel-?a\))\s?[^\W\d_][\w-]{0,62}(?:\.[\w-]{1,63}){0,4}\.[^\W\d_]{2,}",
    re.IGNORECASE,
)


# --- Danish phone numbers: eight digits, as they are grouped, and foreign ones with their country's code. ---

_GROUPED = re.compile(
    r"(?<![\d.,/-])(?<![\d.,/-] )[2-9]\d(?:(?P<gap>[ .-])\d{2})(?:(?P=gap)\d{2}){2}(?![.,/-]?\d)", re.ASCII
)
_IN_FOURS = re.compile(r"(?<![\d.,/-])(?P<first>[2-9]\d{3}) (?P<second>\d{4})(?![.,/:-]?\d)", re.ASCII)
_IN_THREES = re.compile(
    r"(?<![\d.,/-])(?:[2-9]\d \d{3} \d{3}|[2-9]\d{2} \d{2} \d{3}|[2-9]\d{2} \d{3} \d{2})(?![.,/-]?\d)",
    re.ASCII,
)
_RUN = re.compile(r"(?<![\w.,/=#?&-])(?P<run>[2-9]\d{7})(?![\w/-]|[.,]\d)", re.ASCII)
_WITH_COUNTRY = re.compile(r"(?<![\w+-])(?:\+|00)\d{1,3}(?:[ .()-]{0,2}\d){7,12}(?!\d)", re.ASCII)
_AFTER_A_WORD = re.compile(
    r"\b(?:tlf|telefon|telefonnr|telefonnummer|mobil|mobilnr|mobilnummer|phone|mobile|sms)\b\W{0,3}(?:nr|nummer|er|no)?\W{0,3}"
    r"\d(?:[ .-]?\d){7}(?!\d)",
    re.ASCII | re.IGNORECASE,
)
_WEEKS_BEFORE = re.compile(r"\b(?:ugerne|uger|uge|weeks|week)\.? $", re.IGNORECASE)
_MONEY_AFTER = re.compile(r"(?:,\d{1,2}|,-)? ?(?:kr\b|dkk\b|kroner\b)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"\b(?:kr\.?|dkk) ?$", re.IGNORECASE)


def _holds_phone(plain: str) -> bool:
    if _WITH_COUNTRY.search(plain) or _AFTER_A_WORD.search(plain):
        return True
    if any(not _WEEKS_BEFORE.search(plain[: found.start()][-12:]) for found in _GROUPED.finditer(plain)):
        return True
    in_fours = (f for f in _IN_FOURS.finditer(plain) if not (_is_year(f["first"]) and _is_year(f["second"])))
    runs = (f for f in _RUN.finditer(plain) if not _is_compact_date(f["run"]))
    return any(
        not _is_money(plain, f) for group in (in_fours, _IN_THREES.finditer(plain), runs) for f in group
    )


def _is_money(plain: str, found: re.Match[str]) -> bool:
    before, after = plain[: found.start()][-5:], plain[found.end() :][:10]
    return bool(_MONEY_AFTER.match(after) or _MONEY_BEFORE.search(before))


def _is_year(digits: str) -> bool:
    return "1990" <= digits <= "2060"


def _is_compact_date(digits: str) -> bool:
    year_first = _is_year(digits[:4]) and "01" <= digits[4:6] <= "12" and "01" <= digits[6:] <= "31"
    return year_first or ("01" <= digits[:2] <= "31" and "01" <= digits[2:4] <= "12" and _is_year(digits[4:]))


# --- Danish addresses: a street and a house number, or a postcode and its town. ---

_NOT_A_HOUSE = (
    r"(?![.,/:]?\d|\s?(?:%|pct|procent|kr\b|dkk|dage?\b|døgn|uger?\b|mdr|måned|år\b|timer?\b|min|gange?\b|besøg|møde|punkt|"
    r"personer|unge\b|borger|elever|plads|deltager|km\b|meter|m\b|days?\b|weeks?\b|hours?\b|months?\b|times\b)"
    r"|\.?\s?(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)|-\d)"
)
_HOUSE = rf",?\s(?:nr\.?\s?)?\d{{1,3}}(?:\s?[A-Za-z]\b)?(?!\w){_NOT_A_HOUSE}"
_SURE_STREET = (
    r"vej|vejen|gade|gaden|allé|alle|alléen|alleen|stræde|strædet|vænget|vænge|toften|toft|boulevard|boulevarden|svinget|"
    r"torvet|torv|krogen|skrænten|dalen|kajen|stien|skellet|vangen|kæret|højen|gyden|lunden|lykken|løkken|kilden|passagen"
)
_STREET_IF_NAMED = r"plads|pladsen|parken|park|bakken|bakke|haven|have|marken|mark|engen|gården|gaard|ager|ageren|sti|volden|bro|høj"
_STREET = re.compile(
    rf"\b(?P<street>[^\W\d_](?:[^\W\d_]|['.-]){{1,30}}?(?:{_SURE_STREET})){_HOUSE}"
    rf"|\b(?P<named>[A-ZÆØÅ][^\W\d_]{{1,30}}(?:{_STREET_IF_NAMED})){_HOUSE}"
    rf"|\b(?P<two>[A-ZÆØÅ][^\W\d_]{{0,30}}\.?(?:s|es)? (?:Vej|Gade|Allé|Alle|Plads|Torv|Boulevard|Stræde|Vænge|Park|Have|Bakke|Mark|Sti|Toft)){_HOUSE}"
)
_EVERYDAY = re.compile(
    r"(?:om|gen|ud|af|skole|cykel|motor|hoved|adgangs|leve|halv|under|midt|lande|transport|rejse|skift|på|arbejds|praktik|lære|"
    r"elev|døgn|opholds|lege|parkerings|holde|bygge|aflastnings|botilbuds|fri|studie|uddannelses|vente|senge|stand|kontor|"
    r"køre|job|camping|bold|dag|dagtilbuds|botræning|tilbuds|behandlings|børne|kolonihave|bag|plejehjems|fleks|skov|nytte|"
    r"sports|opholdssteds|institutions|anbringelses|projekt|stedet|for|spille|bade|start|prøve|idræts|klub|familie|mentor|"
    r"virksomheds|produktionsskole|skolepraktik|idræts|værtsfamilie|hus|post|markeds|grav|bane|fængsels|lån|vande|læsse)?"
    r"(?:vej|vejen|plads|pladsen|haven|have|gade|gaden|sti|stien|park|parken|bro|mark|marken|torv|torvet|kilden|gården|dalen)",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"(?<![\w.,/-])(?:DK[ -]?)?(?P<code>[1-9]\d{3}),? (?P<town>[^\W\d_]{2,})(?: [KVNSCØ]\b)?", re.IGNORECASE
)
_TOWN_BY_ITS_END = re.compile(
    r"[A-ZÆØÅ][a-zæøå]{2,}(?:rup|strup|købing|borg|bjerg|by|slev|holm|lund|løse|bæk|havn)"
)


def _holds_address(plain: str) -> bool:
    streets = ((found["street"] or found["named"] or found["two"]) for found in _STREET.finditer(plain))
    if any(not _EVERYDAY.fullmatch(street) for street in streets):
        return True
    return any(_is_town(found) for found in _POSTCODE.finditer(plain))


def _is_town(found: re.Match[str]) -> bool:
    if _is_year(found["code"]) and found["code"] != "2000":
        return False
    town = found["town"].lower()
    if town in _TOWNS or f"{found['code']} {town}" in _POSTCODED:
        return True
    return bool(_TOWN_BY_ITS_END.fullmatch(found["town"]))


# Towns whose name is also an everyday word count only with their own postcode.
_POSTCODED = frozenset(
    {
        *(
            "5750 ringe",
            "7323 give",
            "6600 vejen",
            "8544 mørke",
            "9370 hals",
            "8653 them",
            "4030 tune",
            "8832 skals",
        ),
        *("6510 gram", "8643 ans", "6854 henne", "4780 stege", "8330 beder", "6880 tarm", "5600 horne"),
        *("8723 løsning", "7441 bording", "5932 humble", "8444 balle", "7184 vandel"),
    }
)
_TOWNS = frozenset(
    re.findall(
        r"\w+",
        """
    aabenraa aabybro aakirkeby aalborg aalestrup aarhus aars aarup agedrup agerbæk agerskov albertslund
    allerød allinge allingåbro almind anholt ansager arden arre asaa askeby asnæs asperup assens astrup
    augustenborg aulum auning bagenkop bagsværd ballerup bandholm barrit bedsted bevtoft billum billund
    bindslev birkerød bjerringbro bjert bjæverskov blokhus blommenslyst boeslunde bogense bogø bolderslev
    borre borup brabrand bramming brande branderup bredebro bredsten brenderup broager broby brovst
    brædstrup brøndby brøndbyerne brønderslev brønshøj brørup bække bækmarksbro bælum børkop bøvlingbjerg
    charlottenlund christiansfeld dalby dalmose dannemare daugård dianalund dragør dronninglund
    dronningmølle dybvad dyssegård ebberup ebeltoft egernsund egtved egå ejby ejstrupholm engesvang
    errindlev erslev esbjerg eskebjerg eskilstrup espergærde faaborg fanø farsø farum faxe feldballe
    ferritslev fjenneslev fjerritslev flemløse fredensborg fredericia frederiksberg frederikshavn
    frederikssund frederiksværk frørup frøstrup fuglebjerg fårevejle fårup fårvang føllenslev føvling
    gadbjerg gadstrup galten gandrup gedser gedsted gedved gelsted gentofte gesten gilleleje gislev gislinge
    gistrup gjerlev gjern glamsbjerg glejbjerg glesborg glostrup glumsø gredstedbro grenaa grenå greve
    grevinge grindsted gråsten gudbjerg gudhjem gudme guldborg gørding gørlev gørløse haarby haderslev
    hadsten hadsund hammel hampen hanstholm harboøre harlev harndrup harpelunde hasle haslev hasselager
    havdrup havndal hedehusene hedensted hejls hejnsvig hellebæk hellerup helsinge helsingør hemmet herfølge
    herlev herlufmagle herning hesselager hillerød hinnerup hirtshals hjallerup hjerm hjortshøj hjørring
    hobro holbæk holeby holmegaard holstebro holsted holte horbelev hornbæk hornslet hornsyld horsens
    horslunde hovborg hovedgård humlebæk hundested hundslund hurup hvalsø hvidbjerg hvidovre højbjerg højby
    højer højslev høng hørning hørsholm hørve idestrup ikast ishøj janderup jelling jerslev jerup jordrup
    juelsminde jyderup jyllinge jystrup jægerspris kalundborg kalvehave karby karise karlslunde
    karrebæksminde karup kastrup kerteminde kettinge kibæk kjellerup klampenborg klarup klemensker klippinge
    klovborg knebel kokkedal kolding kolind kongerslev korsør kruså kvistgård kværndrup københavn køge
    langebæk langeskov langå lejre lemming lemvig lindknud liseleje lundby lunderskov lyngby lynge lystrup
    læsø løgstrup løgstør løgumkloster løkken malling mariager maribo marslev marstal martofte melby mern
    mesinge middelfart millinge mommark morud munkebo måløv mårslet møldrup mørkøv nakskov nexø nibe
    nimtofte nivå nordborg nordhavn nyborg nykøbing nyråd nysted nærum næstved nørager nørresundby odder
    odense oksbøl otterup oure outrup padborg pandrup præstø pårup randbøl randers ranum ravningbro redsted
    regstrup ribe ringkøbing ringsted roskilde roslev rudkøbing ry rynkeby ryomgård ryslinge rødby rødbyhavn
    rødding rødekro rødkærsbro rødovre rødvig rømø rønde rønne rønnede rørvig sabro sakskøbing saltum samsø
    sandved sejerø silkeborg sindal skagen skamby skanderborg skibby skive skjern skodsborg skovlunde skårup
    skælskør skærbæk skævinge skødstrup skørping slagelse slangerup smørum snedsted snekkersten snertinge
    solbjerg solrød sommersted sorring sorø spentrup spjald spøttrup stenderup stenlille stenløse stenstrup
    stoholm stokkemarke storvorde stouby strandby strib struer strøby stubbekøbing støvring suldrup sulsted
    sunds svaneke svebølle svendborg svenstrup svinninge sydals sæby søborg søby søllested sønderborg
    sønderho søndersø sørvad taastrup tappernøje terndrup thisted thorsø thyborøn thyholm tikøb tilst
    tinglev tistrup tisvildeleje tjele tjæreborg toftlund tommerup toreby torrig tranbjerg tranekær trige
    trustrup tureby tylstrup tårs tølløse tønder tørring ugerløse ulfborg ullerslev ulstrup vadum valby
    vallensbæk vamdrup vanløse varde vedbæk veflinge vejby vejers vejle vejstrup veksø vemb vemmelev vesløs
    vestbjerg vesterborg vestervig viborg viby videbæk vildbjerg vinderup vipperød virum vissenbjerg viuf
    vodskov vojens vonge vorbasse vordingborg vrå væggerløse værløse årre årslev ærøskøbing ølgod ølsted
    ølstykke ørbæk ørnhøj ørsted ørum østbirk østermarie østervrå
    """,
    )
)
