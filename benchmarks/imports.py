"""What `import govservice` costs beside `import pydantic`, each in a new process, in turns; and what it loads.

Run `python benchmarks/imports.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys

from measure import Timing, report

ROUNDS = 15
STATEMENTS = (
    "import pydantic; pydantic.BaseModel",
    "import govservice",
    "from govservice import china, deadline, load_rulebook, classify",
    "import hypothesis.strategies",
    "from govservice._hypothesis import register; register()",
)
BEFORE = {"from govservice._hypothesis import register; register()": "import hypothesis.strategies"}
HEAVY = ("holidays", "numpy", "polars", "pandas", "business_rules", "pydantic", "yaml", "icalendar", "hypothesis", "rich")


def seconds(statement: str) -> float:
    """The seconds that one statement takes in a new Python, what comes before it not counted."""
    code = f"{BEFORE.get(statement, '')}\nfrom time import perf_counter\nbegan = perf_counter()\n{statement}\nprint(perf_counter() - began)"
    return float(in_a_new_python(code))


def in_a_new_python(code: str) -> str:
    """What some code prints in a new process."""
    environment = {**os.environ, "HYPOTHESIS_NO_PLUGINS": "1"}  # other packages' entry points are not what is measured
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment).stdout.strip()


def main() -> None:
    """Time them in turns, and list what each has loaded."""
    best = dict.fromkeys(STATEMENTS, float("inf"))
    for _ in range(ROUNDS):
        for statement in STATEMENTS:
            best[statement] = min(best[statement], seconds(statement))
    timings = [Timing("in a new process", statement, taken * 1e6) for statement, taken in best.items()]
    notes = []
    for statement in STATEMENTS[1:3]:
        listed = in_a_new_python(f"import sys\n{statement}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])")
        ours = in_a_new_python(f"import sys\n{statement}\nprint(*sorted(name for name in sys.modules if name.startswith('govservice')))")
        notes += [f"{statement}: loads {listed or 'none of ' + ', '.join(HEAVY)}; our own modules: {len(ours.split())}"]
    report(f"Imports, best of {ROUNDS} processes each", timings, notes=notes)


if __name__ == "__main__":
    main()
