"""The numbers that stand for messages of incidents."""


def hash_of(message: str) -> int:
    """Return the number that stands for a message: 32 bits, signed, the same everywhere.

    Source: the Java language's hash of a string, which Camunda's programs compute.
    """
    value = 0
    units = message.encode("utf-16-be")
    for high, low in zip(units[::2], units[1::2], strict=True):
        value = (31 * value + (high << 8 | low)) & 0xFFFFFFFF
    return value - (1 << 32) if value >= 1 << 31 else value
