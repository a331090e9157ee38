"""Bearer tokens: made, used, ended."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.domain.errors import BadInputError, NotFoundError, NotSignedInError
from service.identity import Person, fingerprint
from service.persistence.tables.house import api_tokens
from service.usecases.house import House
from service.usecases.people import create_token, person_of_token, revoke_token
from service.usecases.transaction import SYSTEM
from tests.fakes import NOW, FakeClock

Staff = Mapping[str, Person]


def test_a_token_tells_whose_it_is(house: House, people: Staff) -> None:
    """Each token carries the rights of its own owner."""
    tokens = {name: create_token(house, people[name], "脚本") for name in ("worker", "quinn")}

    owners = {name: person_of_token(house, token) for name, token in tokens.items()}

    assert owners == {name: people[name] for name in tokens}


def test_only_the_fingerprint_is_stored(house: House, people: Staff) -> None:
    """Who reads the database learns no token."""
    token = create_token(house, people["worker"], " 夜间导入 ")

    with house.database.reading() as connection:
        [row] = connection.execute(select(api_tokens)).all()
    assert (row.sha256, row.label) == (fingerprint(token), "夜间导入")
    assert token not in str(row)


@pytest.mark.parametrize("token", ["", "hy_", "hy_" + "A" * 43, "Basic abc"])
def test_a_text_that_is_no_token_in_force_is_nobody(
    house: House, people: Staff, token: str
) -> None:
    """Wrong shape or unknown: the same answer."""
    with pytest.raises(NotSignedInError):
        person_of_token(house, token)


def test_a_token_ends_at_its_moment(house: House, people: Staff, clock: FakeClock) -> None:
    """Valid just before, over at the moment itself."""
    token = create_token(house, people["worker"], "短期", NOW + timedelta(hours=1))

    clock.advance(timedelta(hours=1, microseconds=-1))
    assert person_of_token(house, token) == people["worker"]
    clock.advance(timedelta(microseconds=1))
    with pytest.raises(NotSignedInError):
        person_of_token(house, token)


@pytest.mark.parametrize("who", ["quinn", "admin"])
def test_its_owner_and_an_administrator_revoke_a_token(
    house: House, people: Staff, who: str
) -> None:
    """From then on it is nobody's; a second time changes nothing."""
    token = create_token(house, people["quinn"], "脚本")

    revoke_token(house, people[who], fingerprint(token))
    revoke_token(house, people[who], fingerprint(token))

    with pytest.raises(NotSignedInError):
        person_of_token(house, token)


def test_the_token_of_somebody_else_is_not_found(house: House, people: Staff) -> None:
    """It stays in force, and its existence is not told."""
    token = create_token(house, people["quinn"], "脚本")

    with pytest.raises(NotFoundError):
        revoke_token(house, people["qiao"], fingerprint(token))

    assert person_of_token(house, token) == people["quinn"]


@pytest.mark.parametrize(("label", "expires_at"), [(" ", None), ("脚本", NOW)])
def test_a_token_without_purpose_or_already_over_is_refused(
    house: House, people: Staff, label: str, expires_at: None
) -> None:
    """Nothing is stored."""
    with pytest.raises(BadInputError):
        create_token(house, people["quinn"], label, expires_at)


def test_who_has_no_account_has_no_token(house: House, people: Staff) -> None:
    """The house itself signs in nowhere."""
    with pytest.raises(NotFoundError):
        create_token(house, SYSTEM, "脚本")
