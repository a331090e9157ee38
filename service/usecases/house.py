"""The house as every use case is handed it: database, outside, definitions, rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from service.domain.outside import MailAttachment, Outside
from service.persistence.database import Database
from service.usecases.definitions import Definitions, Kept
from service.usecases.execution.registry import Handler
from service.usecases.execution.world import Snapshot, snapshot

KEPT_SLIPS = 64


@dataclass(frozen=True)
class HouseRules:
    """Bounds and habits of the house, from the settings.

    Attributes:
        public_url: How people reach the pages, without a slash at the end (links in mails).
        upload_bytes: Largest file taken.
        deployment_bytes: Largest deployment taken, all files together.
        draft_bytes: Largest draft kept.
        session_length: How long somebody stays signed in.
    """

    public_url: str = "http://127.0.0.1:8000"
    upload_bytes: int = 20 * 1024 * 1024
    deployment_bytes: int = 50 * 1024 * 1024
    draft_bytes: int = 1024 * 1024
    session_length: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class House:
    """Everything a use case needs, made once by `bootstrap`.

    Attributes:
        handlers: The house jobs by type (`usecases.house_jobs`).
        slips: Submissions made into PDF lately, by submission key.
    """

    database: Database
    outside: Outside
    definitions: Definitions
    handlers: Mapping[str, Handler]
    slips: Kept[int, MailAttachment] = field(default_factory=lambda: Kept(KEPT_SLIPS))
    rules: HouseRules = HouseRules()

    def snapshot(self, connection: Connection) -> Snapshot:
        """Return parameters, calendar and groups as a connection sees them."""
        return snapshot(self.database.rare.at(connection))
