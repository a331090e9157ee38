"""The migrations are one chain: read from the files, so that it costs nothing to ask before each landing."""

import re

from tests.architecture.test_walls import ROOT

VERSIONS = ROOT / "service/persistence/migrations/versions"


def test_each_migration_follows_the_one_before() -> None:
    """Numbers go up by one from file to file; each names its own and the one it comes after."""
    files = sorted(VERSIONS.glob("[0-9]*.py"))
    numbers = [path.name[:4] for path in files]
    assert numbers == [f"{number:04}" for number in range(1, len(files) + 1)]

    named = [re.findall(r'^(?:down_)?revision = "?(\w+)"?', f.read_text(), re.M) for f in files]
    assert named == [
        [one, before] for one, before in zip(numbers, ["None", *numbers], strict=False)
    ]
