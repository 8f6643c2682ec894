"""`python -m govservice`: the same as the `govservice` command."""

from __future__ import annotations

import sys

from govservice.cli import main

sys.exit(main())
