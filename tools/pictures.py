"""The pictures of the documentation, drawn: `python3 tools/pictures.py` writes them into docs/pictures."""

from __future__ import annotations

from pathlib import Path

from govservice import load_rulebook, what_if
from govservice.sample import centre_year
from govservice.show.charts import Chart, decision_diagram

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"


def pictures() -> dict[str, Chart]:
    """The pictures by the name of their file."""
    before = load_rulebook("kunshan")
    cut = {"clocks.promised.limit": "promised_limit * 2 / 3"}
    dearer = {"schemes.window_month.parts.limits.items.overdue.points": "-4 * overdue_workdays"}
    sooner = what_if(before, before.amend(cut), centre_year(cases=600, seed=1), period="2025-05")
    stricter = what_if(before, before.amend(dearer), centre_year(cases=1_500, seed=1), period="2025-05")
    facts = {"project_kind": "enterprise", "foreign_invested": False, "capital_cny": 60_000_000, "key_project": False}
    decided = before.decide("green_channel", {**facts, "assigned_by_leaders": False}, on="2026-11-20")
    sorted_out = before.decide("case_type", {"正式申请": True, "主件": "有而未带"}, on="2026-02-10")
    return {
        "case_type.svg": decision_diagram(before, "case_type", decided=sorted_out),
        "green_channel.svg": decision_diagram(before, "green_channel", decided=decided),
        "shifts.svg": sooner.charts["shifts"],
        "scores.svg": stricter.charts["scores.window_month"],
    }


def main() -> None:
    """Draw and write them."""
    FOLDER.mkdir(exist_ok=True)
    for name, chart in pictures().items():
        chart.save(FOLDER / name)
        print(FOLDER / name)


if __name__ == "__main__":
    main()
