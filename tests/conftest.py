"""What all tests share: none is timed; those marked `shared` are skipped, saying so, where the data they read is not beside the project."""

import pytest
from hypothesis import settings

from .beside import SHARED

settings.register_profile("untimed", deadline=None)  # how long an example takes is the machine's affair
settings.load_profile("untimed")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("shared"):
        for name in mark.args:
            if not (SHARED / name).exists():
                pytest.skip(f"../shared/{name} is not beside the project")
