"""Bearer tokens of API clients: how one looks, and what of it is stored."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from re import compile as compile_pattern

PREFIX = "hy_"
"""Begins every token, so that one that leaked is recognized."""

RANDOM_BYTES = 32
"""Random bytes in a token."""

_SHAPE = compile_pattern(rf"{PREFIX}[A-Za-z0-9_-]{{43}}\Z")


def make_token(randomness: bytes) -> str:
    """Return the token to show once: `hy_` and 43 characters that fit in a URL.

    Args:
        randomness: `RANDOM_BYTES` fresh random bytes.

    Raises:
        ValueError: Another number of bytes.
    """
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"Expected {RANDOM_BYTES} random bytes, but got {len(randomness)}.")
    return PREFIX + urlsafe_b64encode(randomness).rstrip(b"=").decode("ascii")


def fingerprint(token: str) -> str:
    """Return what is stored and searched instead of a token: its SHA-256, 64 hex digits.

    A token holds 256 random bits, so a fast hash without salt cannot be guessed back.
    """
    return sha256(token.encode()).hexdigest()


def looks_like_token(text: str) -> bool:
    """Tell whether a text has the shape of a token; saves a look into the database."""
    return _SHAPE.match(text) is not None
