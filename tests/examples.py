"""How many examples are made up for tests of random diagrams."""

from hypothesis import HealthCheck, Phase, settings


def made_up(count: int) -> settings:
    """Return the settings for so many examples, each run other ones: nothing is kept, nothing made smaller.

    A diagram that fails is told as it was drawn; to make it smaller takes longer than to read it.
    """
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
