"""What must be so before a house is put together: its folder is there, its database migrated.

What migrates takes memory of its own: it is loaded by those who prepare, and those who serve never do.
"""

from importlib import import_module

from service.bootstrap import open_database
from service.settings import Settings

MIGRATING = "service.persistence.migrate"


def prepare(settings: Settings) -> None:
    """Create the data folder and bring the database to the newest migration."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    import_module(MIGRATING).upgrade(database.engine)
    database.engine.dispose()


def is_prepared(settings: Settings) -> bool:
    """Tell whether a house can be put together: its database is there, at the newest migration.

    Raises:
        UnavailableError: The database does not answer.
    """
    database = open_database(settings)
    is_newest: bool = import_module(MIGRATING).is_newest(database.engine)
    database.engine.dispose()
    return is_newest
