"""The business id that a body gives to what it starts or sends."""

from service.api.wire import Body
from service.usecases.business_ids import require_business_id


def business_id_of(body: Body) -> str | None:
    """Return it, or None when there is none or it is the empty string.

    Raises:
        BadInputError: It is too long, or no string.
    """
    business_id = body.text("businessId") or None
    if business_id is not None:
        require_business_id(business_id)
    return business_id
