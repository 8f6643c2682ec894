"""Run the corpus on every engine that is at hand, and write what it refuses and the page of engines.

`python3 tools/services.py .venv/bin/python tools/engines.py`; what engines refuse that are not at hand stays as it is pinned.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.conformance.engines import ENGINES
from tests.conformance.every import groups
from tests.conformance.pinned import PAGE, page, pin, pinned, refused


def main() -> None:
    """Every engine over every group."""
    messages = pinned()
    for engine in ENGINES.values():
        lacking = engine.absent()
        if lacking is not None:
            print(f"{engine.name}: {lacking}; what it refuses stays as it is")
            continue
        began = time.monotonic()
        for group in (group for group in groups().values() if group.kind in engine.asks):
            messages[engine.name, group.name] = refused(group, engine.answers(group))
        refusals = sum(len(why) for (name, _), why in messages.items() if name == engine.name)
        print(f"{engine.name}: {refusals} refused, {time.monotonic() - began:.0f} s", flush=True)
    order = {name: place for place, name in enumerate(ENGINES)}
    sorted_ = dict(sorted(messages.items(), key=lambda entry: (order[entry[0][0]], entry[0][1])))
    pin(sorted_)
    PAGE.write_text(page(pinned()), encoding="utf-8")


if __name__ == "__main__":
    main()
