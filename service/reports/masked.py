"""What lists show of a customer: a person's name is masked, also inside a title (XC-P-4)."""

from dataclasses import dataclass

from service.identity import mask_name


@dataclass(frozen=True)
class Shown:
    """The title and the customer of a case as a reader may see them."""

    title: str
    customer: str


def plain(title: str | None, customer: str | None) -> Shown:
    """Return both as they are: for somebody whose task needs them."""
    return Shown(title or "", customer or "")


def masked(title: str | None, customer: str | None) -> Shown:
    """Return both with the name of a person masked; organizations stay as they are."""
    if not customer:
        return Shown(title or "", "")
    shown = mask_name(customer)
    return Shown((title or "").replace(customer, shown), shown)
