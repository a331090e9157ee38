"""Who somebody is, asked with every request: remembered until something about people changes."""

from service.identity import Person
from service.persistence import people
from service.usecases.house import House


def account(house: House, username: str) -> tuple[str | None, Person | None]:
    """Return the stored hash of an active person's password, if he has one, and the person."""
    return house.database.rare.recent(
        house.database.reading,
        ("account", username),
        lambda connection: people.account(connection, username),
    )


def known_person(house: House, username: str) -> Person | None:
    """Return an active person or program; None when there is none of that user name."""
    return house.database.rare.recent(
        house.database.reading,
        ("person", username),
        lambda connection: people.person(connection, username),
    )
