"""Which running instances of a version an operator means: those he ticked, or all."""

from dataclasses import dataclass

from flask import request

from service.web.request import ticked
from service.web.words.texts import gettext


@dataclass(frozen=True)
class Chosen:
    """Which instances of a version are meant.

    Attributes:
        keys: Those that were ticked, oldest first; empty: all that run.
    """

    process_key: int
    keys: tuple[int, ...]

    @property
    def filter(self) -> dict[str, object]:
        """The filter of the API that finds them."""
        if self.keys:
            return {"processInstanceKey": {"$in": [str(key) for key in self.keys]}}
        return {"processDefinitionKey": str(self.process_key)}


def chosen_instances(process_key: int) -> Chosen:
    """Return the instances that were ticked, or all of the version.

    Raises:
        BadInputError: There is none.
    """
    if request.form.get("all"):
        return Chosen(process_key, ())
    return Chosen(process_key, ticked.keys("instance", none_ticked=gettext("请先选择流程实例")))
