"""One decision of the Kunshan book, compiled and with its reasons, beside business-rules, zen-engine and if/elif; loading.

Run `python benchmarks/rules.py`. The others have no unknown, so the record gives every fact; what other decisions and settings would say
is given to them as facts too, and to the compiled decision. zen-engine is measured where it is installed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_TEXT
from business_rules.variables import BaseVariables, boolean_rule_variable, numeric_rule_variable, select_rule_variable
from measure import report, side_by_side

from govservice import classify, load_rulebook
from govservice.rules.meaning.tables import decide

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


def by_hand(facts: dict[str, Any]) -> str | None:
    """The ten rules as a programmer writes them: no reasons, nothing missing, nothing checked."""
    document, complete = facts["main_document"], facts["materials_complete"]
    if facts["recognised_urgent"]:
        return "urgent"
    if document == "not_brought":
        return "supplement"
    if facts["formal"] and document in ("not_brought", "lacking"):
        return "returned"
    if facts["nonmain_missing"] > 0 and facts["applicant_promises"]:
        return "supplement"
    if document == "present" and 0 < facts["attachments_missing"] <= 2 and not facts["missing_affects_approval"]:
        return "supplement"
    if complete and (facts["plainly_against_policy"] or facts["plainly_against_plan"]):
        return "returned"
    if not facts["meets_conditions"]:
        return "returned"
    if facts["departments"] >= 2:
        return "joint"
    if facts["ordinary"] and facts["simple"] and complete and facts["same_day_possible"]:
        return "instant"
    if complete and (facts["needs_review"] or facts["needs_survey"]):
        return "promised"
    return None


def zen_table() -> str:
    """The ten rules as a decision table of zen-engine: a column a fact, one for what reads two, the first row that fits."""
    rows: list[tuple[dict[str, str], str]] = [
        ({"recognised_urgent": "true"}, "urgent"),
        ({"main_document": "'not_brought'"}, "supplement"),
        ({"formal": "true", "main_document": "'not_brought', 'lacking'"}, "returned"),
        ({"nonmain_missing": "> 0", "applicant_promises": "true"}, "supplement"),
        ({"main_document": "'present'", "attachments_missing": "(0..2]", "missing_affects_approval": "false"}, "supplement"),
        ({"materials_complete": "true", "": "plainly_against_policy or plainly_against_plan"}, "returned"),
        ({"meets_conditions": "false"}, "returned"),
        ({"departments": ">= 2"}, "joint"),
        (dict.fromkeys(("ordinary", "simple", "materials_complete", "same_day_possible"), "true"), "instant"),
        ({"materials_complete": "true", "": "needs_review or needs_survey"}, "promised"),
    ]
    fields = list(dict.fromkeys(field for cells, _ in rows for field in cells))
    columns = {field: f"c{number}" for number, field in enumerate(fields)}
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": id, "name": id, **({"field": field} if field else {})} for field, id in columns.items()],
        "outputs": [{"id": "out", "name": "out", "field": "case_type"}],
        "rules": [
            {"_id": f"r{number}", **{id: cells.get(field, "") for field, id in columns.items()}, "out": f"'{case_type}'"}
            for number, (cells, case_type) in enumerate(rows)
        ],
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "content": {"schema": ""}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "content": table},
        {"id": "end", "name": "end", "type": "outputNode", "content": {"schema": ""}},
    ]
    edges = [{"id": f"{one}-{other}", "sourceId": one, "targetId": other} for one, other in (("in", "table"), ("table", "end"))]
    return json.dumps({"nodes": nodes, "edges": edges})


def zen() -> list[tuple[str, Callable[[], object]]]:
    """zen-engine, where it is installed."""
    if find_spec("zen") is None:
        return []
    from zen import ZenEngine  # type: ignore[import-not-found]

    table, facts = ZenEngine().create_decision(zen_table()), {**FACTS, **COMPUTED}
    return [(f"zen-engine {version('zen-engine')}, a decision table", lambda: table.evaluate(facts)["result"]["case_type"])]


def main() -> None:
    """Check that all say the same, then time them."""
    book = load_rulebook("kunshan", settings=SETTINGS)
    reader, written, facts = variables({**FACTS, **COMPUTED}), rules(), {**FACTS, **COMPUTED}
    compiled = book.compiled("case_type", on=ON)

    def theirs() -> object:
        grant = Grant()
        run_all(rule_list=written, defined_variables=reader(), defined_actions=grant, stop_on_first_trigger=True)
        return grant.granted[0]

    plain: list[tuple[str, Callable[[], object]]] = [
        ("book.compiled: state, rule and value", lambda: compiled(facts).value),
        ("book.compiled, its complete materials decided too", lambda: compiled(FACTS).value),
        ("if/elif by hand", lambda: by_hand(facts)),
        (f"business-rules {version('business-rules')} run_all", theirs),
        *zen(),
    ]
    told: list[tuple[str, Callable[[], object]]] = [
        ("book.decide, with its reasons", lambda: book.decide("case_type", facts, on=ON).value("case_type")),
        ("book.decide, its complete materials decided too", lambda: book.decide("case_type", FACTS, on=ON).value("case_type")),
        (f"business-rules {version('business-rules')} run_all", theirs),
        ("the reference interpreter alone, no reasons made", lambda: interpreted(book)),
    ]
    said = {name: call() for name, call in (*plain, *told)}
    if len(set(said.values())) != 1:
        raise SystemExit(f"they disagree: {said}")
    for _ in range(50):  # a decision is compiled once it is asked for often
        outcome = book.decide("case_type", FACTS, on=ON)
        classify(FACTS, book, on=ON)
    timings = side_by_side("the case type, ten rules", plain)
    timings += side_by_side("with its reasons", told)
    timings += side_by_side(
        "more",
        [
            ("explain the outcome", lambda: outcome.explain("zh")),
            ("classify: every decision about an application", lambda: classify(FACTS, book, on=ON)),
        ],
    )
    timings += side_by_side("loading", [("kunshan, with the law and the standard words", lambda: load_rulebook("kunshan"))])
    report("Rules", timings, notes=[f"all say {outcome.value('case_type')}"])


def interpreted(book: Any) -> object:
    """The table read by the reference interpreter."""
    subject = book.subject("application", {**FACTS, **COMPUTED}, on=ON)
    return decide(book.decisions["case_type"], subject, ON).values["case_type"]


if __name__ == "__main__":
    main()
