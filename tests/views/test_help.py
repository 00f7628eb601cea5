"""*Hjælp* goes the way of a case, and says at each step only what the reader's own roles do there."""

from __future__ import annotations

import pytest

from bot.domain.people import Person, Post, Role
from bot.texts import Texts
from bot.views.help import page
from tests.support.office import readable

WAY = {
    "da": ("Et område beder", "Udvalget beslutter", "Planen følger", "Én fast sagsbehandler", "For alle"),
    "en": (
        "An area asks",
        "The committee decides",
        "The plan follows",
        "One fixed caseworker",
        "For everybody",
    ),
}
EACH = {
    Role.CASEWORKER: "1234",
    Role.AREA_LEADER: "1234",
    Role.SECRETARY: "2",
    Role.CHAIR: "24",
    Role.COMMITTEE_MEMBER: "2",
    Role.ADMINISTRATOR: "",
    Role.CONTROLLER: "",
}


def shown(language: str, *roles: Role) -> str:
    posts = frozenset(Post(r, "social" if r in (Role.CASEWORKER, Role.AREA_LEADER) else None) for r in roles)
    return readable(page(Texts(language), Person("U1", "T0", "Kim", posts))["blocks"])


@pytest.mark.rule("R008")
@pytest.mark.parametrize("language", WAY)
def test_help_goes_the_way_of_a_case(language: str) -> None:
    said = shown(language, *Role)
    places = [said.find(step) for step in WAY[language]]
    assert min(places) >= 0
    assert places == sorted(places)


@pytest.mark.rule("R008")
@pytest.mark.parametrize(("role", "steps"), EACH.items())
def test_a_step_at_which_the_reader_does_nothing_is_not_told(role: Role, steps: str) -> None:
    for language in WAY:
        said = shown(language, role)
        assert "".join(n for n in "1234" if f"*{n}. " in said) == steps
        assert WAY[language][-1] in said


@pytest.mark.rule("R008")
def test_what_a_role_does_is_told_at_its_step() -> None:
    said = shown("da", Role.CASEWORKER, Role.CHAIR).split("*2. ")
    assert "/sag ny" in said[0]
    assert "/ramme" not in said[0]
    decides, after = said[1].split("*3. ")
    assert "Gør sagen klar" in decides
    assert "/dagsorden" in decides
    assert "Marker sagen klar" not in decides, "that is the leader's"
    assert "/ramme isfugl 450 bus" in after
