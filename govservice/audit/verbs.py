"""The verbs whose answers can be kept: where each is found, and what its arguments are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from inspect import signature
from typing import Any, Final, NamedTuple

from govservice.echo import shown
from govservice.errors import DecisionError, Words, in_one
from govservice.rules.rulebook import Rulebook

__all__ = ["BOOKS", "FACTS", "Verb", "VerbCall", "asked", "verb_named"]

BOOKS: Final = ("book", "before", "after")
FACTS: Final = ("application", "case", "facts")
_NOT_KEPT: Final = ("progress",)  # what says nothing of the answer


@cache
def _verbs() -> Mapping[str, Callable[..., Any]]:
    from govservice.classify import classify
    from govservice.deadlines import case_outcomes, clocks, deadline, due
    from govservice.papers import papers
    from govservice.run import run
    from govservice.scoring import grade, measure, score
    from govservice.whatif import what_if

    verbs = (classify, deadline, clocks, due, case_outcomes, score, grade, measure, papers, run, what_if)
    return {"decide": Rulebook.decide, **{verb.__name__: verb for verb in verbs}}


class Verb(NamedTuple):
    """A verb by its name and what is called."""

    name: str
    call: Callable[..., Any]

    def check(self, arguments: Mapping[str, Any]) -> None:
        """Raise DecisionError where the verb cannot be called so: with what it does not take, or without what it needs."""
        named = {"self" if self.name == "decide" and name == "book" else name: value for name, value in arguments.items()}
        try:
            signature(self.call).bind(**named)
        except TypeError:
            takes = signature(self.call).parameters
            odd = [shown(name) for name in named if name not in takes]
            needs = [shown(name) for name, one in takes.items() if one.default is one.empty and name not in named]
            whys = [Words(f"it takes no {', '.join(odd)}", f"没有 {'、'.join(odd)} 这一项")] if odd else []
            whys += [Words(f"{', '.join(needs)} is lacking", f"缺少 {'、'.join(needs)}")] if needs else []
            raise DecisionError(Words(f"{self.name} cannot be asked so", f"{self.name} 不能这样问"), why=in_one(whys)) from None

    def again(self, arguments: Mapping[str, Any]) -> Any:
        """Its answer to arguments by name."""
        if self.name != "decide":
            return self.call(**arguments)
        given = dict(arguments)
        return Rulebook.decide(given.pop("book"), **given)


def verb_named(name: object) -> Verb:
    """The verb of a name. Raises DecisionError for any other."""
    call = _verbs().get(name) if isinstance(name, str) else None
    if call is None:
        listed = ", ".join(_verbs())
        hint = Words(f"those that are: {listed}", f"可以留存的有：{listed}")
        raise DecisionError(Words(f"answers of {shown(name)} are not kept", f"{shown(name)} 的答复不能留存"), hint=hint)
    return Verb(str(name), call)


class VerbCall(NamedTuple):
    """A call taken apart: the verb, and its arguments by name."""

    verb: Verb
    arguments: dict[str, Any]


def asked(call: Callable[..., Any], given: tuple[Any, ...], named: Mapping[str, Any]) -> VerbCall:
    """A call of a verb as it would be made. Raises DecisionError where it is none of the verbs, TypeError for arguments that do not fit."""
    owner = getattr(call, "__self__", None)
    if isinstance(owner, Rulebook) and getattr(call, "__func__", None) is Rulebook.decide:
        verb, given = Verb("decide", Rulebook.decide), (owner, *given)
    else:
        verb = verb_named(getattr(call, "__name__", None))
        if verb.call is not call:
            verb = verb_named(shown(call))
    bound = signature(verb.call).bind(*given, **named).arguments
    arguments = {name: value for name, value in bound.items() if value is not None and name not in _NOT_KEPT}
    if verb.name == "decide":
        arguments["book"] = arguments.pop("self")
    return VerbCall(verb, arguments)
