"""What all tests share: those marked `shared` are skipped, saying so, where the data they read is not beside the project."""

import pytest

from .beside import SHARED


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("shared"):
        for name in mark.args:
            if not (SHARED / name).exists():
                pytest.skip(f"../shared/{name} is not beside the project")
