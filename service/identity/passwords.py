"""Passwords: Argon2id hashes, and whether a password fits one."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SALT_BYTES = 16
"""Random bytes that `hash_password` wants."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""OWASP's first choice for Argon2id: 19 MiB, two passes; near 20 ms."""


def hash_password(password: str, salt: bytes) -> str:
    """Return the Argon2id hash to store, parameters and salt inside.

    Args:
        password: Any text.
        salt: `SALT_BYTES` fresh random bytes.

    Raises:
        ValueError: The salt is of another length.

    Source: RFC 9106 §4; OWASP Password Storage.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"Expected {SALT_BYTES} bytes of salt, but got {len(salt)}.")
    return _HASHER.hash(password, salt=salt)


def verify_password(password: str, stored: str) -> bool:
    """Tell whether a password fits a stored hash; a text that is no hash fits nothing."""
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Tell whether a stored hash was made with older parameters and should be made anew."""
    return _HASHER.check_needs_rehash(stored)
