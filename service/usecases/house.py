"""The house as every use case is handed it: database, outside, definitions, rules."""

from dataclasses import dataclass
from datetime import timedelta

from service.domain.outside import Outside
from service.persistence.database import Database
from service.usecases.definitions import Definitions


@dataclass(frozen=True)
class HouseRules:
    """Bounds and habits of the house, from the settings.

    Attributes:
        public_url: How people reach the pages, without a slash at the end (links in mails).
        upload_bytes: Largest file taken.
        deployment_bytes: Largest deployment taken, all files together.
        waiting_jobs: Jobs that may wait for workers before new activations of work are refused.
        default_due: Never used when a diagram gives a due date; None: no due date.
    """

    public_url: str = "http://127.0.0.1:8000"
    upload_bytes: int = 20 * 1024 * 1024
    deployment_bytes: int = 50 * 1024 * 1024
    draft_bytes: int = 1024 * 1024
    session_length: timedelta = timedelta(hours=12)


@dataclass(frozen=True)
class House:
    """Everything a use case needs, made once by `bootstrap`."""

    database: Database
    outside: Outside
    definitions: Definitions
    rules: HouseRules = HouseRules()
