"""What the API's sign-in must know to keep a verified password in memory no longer than it is right."""

from sqlalchemy import Connection, select

from service.persistence.tables.house import people


def password_hash_of(connection: Connection, username: str) -> str | None:
    """Return the stored hash of an active person's password, or None."""
    query = select(people.c.password_hash).where(people.c.username == username, people.c.is_active)
    return connection.execute(query).scalar_one_or_none()
