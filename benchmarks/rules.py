"""One decision of the Kunshan book by the interpreter beside business-rules on the same ten conditions; loading.

Run `python benchmarks/rules.py`. business-rules has no unknown, so the record gives every fact; what other decisions and settings
would say is given to it as facts too.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_TEXT
from business_rules.variables import BaseVariables, boolean_rule_variable, numeric_rule_variable, select_rule_variable
from measure import report, side_by_side

from govservice import classify, load_rulebook

ON = date(2026, 11, 20)
FACTS: dict[str, Any] = {
    "recognised_urgent": False,
    "main_document": "present",
    "formal": True,
    "nonmain_missing": 0,
    "applicant_promises": False,
    "attachments_missing": 0,
    "missing_affects_approval": False,
    "plainly_against_policy": False,
    "plainly_against_plan": False,
    "meets_conditions": True,
    "departments": 1,
    "ordinary": True,
    "simple": False,
    "same_day_possible": False,
    "needs_review": True,
    "needs_survey": False,
}
COMPUTED = {"materials_complete": True}
SETTINGS = {"few_attachments": 2}


def variables(facts: dict[str, Any]) -> type[BaseVariables]:
    """The package wants a method for each fact; it keeps numbers and truths apart by decorator."""

    def variable(name: str, value: Any) -> Any:
        def read(self: Any) -> Any:
            return self.facts[name]

        read.__name__ = name
        if isinstance(value, bool):
            return boolean_rule_variable(read)
        return select_rule_variable(options=[value])(read) if isinstance(value, str) else numeric_rule_variable(read)

    return type("Facts", (BaseVariables,), {"facts": facts, **{name: variable(name, value) for name, value in facts.items()}})


class Grant(BaseActions):  # type: ignore[misc]
    """What a rule grants is an action with a side effect."""

    def __init__(self) -> None:
        self.granted: list[str] = []

    @rule_action(params={"case_type": FIELD_TEXT})
    def grant(self, case_type: str) -> None:
        """Note the case type."""
        self.granted.append(case_type)


def yes(name: str) -> dict[str, Any]:
    """The fact is true."""
    return {"name": name, "operator": "is_true", "value": True}


def no(name: str) -> dict[str, Any]:
    """The fact is false."""
    return {"name": name, "operator": "is_false", "value": True}


def compare(name: str, operator: str, value: Any) -> dict[str, Any]:
    """The fact compared with a value."""
    return {"name": name, "operator": operator, "value": value}


def rules() -> list[dict[str, Any]]:
    """The ten rules of `case_type` in their order."""
    conditions: list[tuple[dict[str, Any], str]] = [
        (yes("recognised_urgent"), "urgent"),
        (compare("main_document", "contains", "not_brought"), "supplement"),
        (
            {"all": [yes("formal"), {"any": [compare("main_document", "contains", word) for word in ("not_brought", "lacking")]}]},
            "returned",
        ),
        ({"all": [compare("nonmain_missing", "greater_than", 0), yes("applicant_promises")]}, "supplement"),
        (
            {
                "all": [
                    compare("main_document", "contains", "present"),
                    compare("attachments_missing", "greater_than", 0),
                    compare("attachments_missing", "less_than_or_equal_to", SETTINGS["few_attachments"]),
                    no("missing_affects_approval"),
                ]
            },
            "supplement",
        ),
        ({"all": [yes("materials_complete"), {"any": [yes("plainly_against_policy"), yes("plainly_against_plan")]}]}, "returned"),
        (no("meets_conditions"), "returned"),
        (compare("departments", "greater_than_or_equal_to", 2), "joint"),
        ({"all": [yes(name) for name in ("ordinary", "simple", "materials_complete", "same_day_possible")]}, "instant"),
        ({"all": [yes("materials_complete"), {"any": [yes("needs_review"), yes("needs_survey")]}]}, "promised"),
    ]
    return [
        {
            "conditions": condition if "all" in condition or "any" in condition else {"all": [condition]},
            "actions": [{"name": "grant", "params": {"case_type": case_type}}],
        }
        for condition, case_type in conditions
    ]


def main() -> None:
    """Check that both say the same, then time them."""
    book = load_rulebook("kunshan", settings=SETTINGS)
    reader, written = variables({**FACTS, **COMPUTED}), rules()

    def ours() -> object:
        return book.decide("case_type", FACTS, on=ON).value("case_type")

    def theirs() -> object:
        grant = Grant()
        run_all(rule_list=written, defined_variables=reader(), defined_actions=grant, stop_on_first_trigger=True)
        return grant.granted[0]

    if ours() != theirs():
        raise SystemExit(f"they disagree: {ours()} and {theirs()}")
    outcome = book.decide("case_type", FACTS, on=ON)
    timings = side_by_side(
        "the case type, ten rules",
        [
            ("govservice decide", ours),
            ("business_rules run_all", theirs),
            ("govservice, given its complete materials", lambda: given(book)),
        ],
    )
    timings += side_by_side(
        "more",
        [
            ("explain the outcome", lambda: outcome.explain("zh")),
            ("classify: every decision about an application", lambda: classify(FACTS, book, on=ON)),
        ],
    )
    timings += side_by_side("loading", [("kunshan, with the law and the standard words", lambda: load_rulebook("kunshan"))])
    report("Rules", timings, notes=[f"both say {ours()}"])


def given(book: Any) -> object:
    """The other decision's outcome given as a fact, as the other package is given it."""
    return book.decide("case_type", {**FACTS, **COMPUTED}, on=ON).value("case_type")


if __name__ == "__main__":
    main()
