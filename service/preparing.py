"""What must be so before a house is put together: its folder is there, its database migrated.

Apart from `bootstrap`, since those who serve never migrate: what migrates takes memory of its own.
"""

from service.bootstrap import open_database
from service.persistence.migrate import upgrade
from service.settings import Settings


def prepare(settings: Settings) -> None:
    """Create the data folder and bring the database to the newest migration."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings)
    upgrade(database.engine)
    database.engine.dispose()
