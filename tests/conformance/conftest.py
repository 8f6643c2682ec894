"""What the tests on real servers share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from .databases import SERVERS, Filled
from .engines import NEEDED


@pytest.fixture(params=list(SERVERS))
def database(request: pytest.FixtureRequest) -> Iterator[Filled]:
    variable, driver = SERVERS[request.param]
    if variable not in os.environ or find_spec(driver) is None:
        lacking = f"{variable} names no server" if variable not in os.environ else f"{driver} is not installed"
        if NEEDED:
            pytest.fail(lacking)
        pytest.skip(lacking)
    filled = Filled(request.param, os.environ[variable])
    try:
        filled.empty()
        yield filled
    finally:
        filled.clear()
        filled.connection.close()
