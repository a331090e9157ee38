"""Passwords and tokens."""

import pytest
from argon2 import PasswordHasher

from service.identity import (
    fingerprint,
    hash_password,
    looks_like_token,
    make_token,
    needs_rehash,
    verify_password,
)

SALT = bytes(range(16))

pytestmark = pytest.mark.usefixtures("hashed_as_shipped")


def test_a_password_fits_its_own_hash_only() -> None:
    """The right one passes, a wrong one and an empty one do not."""
    stored = hash_password("纸飞机 2026", SALT)

    assert stored.startswith("$argon2id$")
    assert verify_password("纸飞机 2026", stored)
    assert not verify_password("纸飞机 2025", stored)
    assert not verify_password("", stored)


def test_the_salt_decides_the_hash() -> None:
    """The same password of two people is stored as two texts."""
    assert hash_password("a", SALT) != hash_password("a", SALT[::-1])


def test_a_text_that_is_no_hash_fits_nothing() -> None:
    """A broken row locks out instead of raising."""
    assert not verify_password("a", "no hash")
    assert not verify_password("a", "")


def test_a_short_salt_is_refused() -> None:
    """Nobody hashes with less randomness than promised."""
    with pytest.raises(ValueError, match="16 bytes"):
        hash_password("a", b"short")


def test_older_parameters_ask_for_a_new_hash() -> None:
    """After the parameters were raised, hashes are made anew at the next sign-in."""
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("a", salt=SALT)
    now = hash_password("a", SALT)

    assert needs_rehash(old)
    assert not needs_rehash(now)
    assert "$m=19456,t=2,p=1$" in now


def test_a_token_shows_its_kind_and_is_stored_as_its_fingerprint() -> None:
    """The same bytes give the same token; what is stored does not contain it."""
    token = make_token(bytes(32))

    assert token == "hy_" + "A" * 43
    assert looks_like_token(token)
    assert len(fingerprint(token)) == 64
    assert token not in fingerprint(token)
    assert fingerprint(token) != fingerprint(make_token(bytes([1] * 32)))


@pytest.mark.parametrize("text", ["", "hy_", "hy_" + "A" * 42, "xx_" + "A" * 43, "hy_" + "ü" * 43])
def test_other_texts_do_not_look_like_tokens(text: str) -> None:
    """Only the exact shape is looked up."""
    assert not looks_like_token(text)


def test_too_little_randomness_makes_no_token() -> None:
    """A caller that forgot the randomness is stopped."""
    with pytest.raises(ValueError, match="32 random bytes"):
        make_token(b"")
