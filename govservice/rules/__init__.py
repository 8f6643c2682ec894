"""The engine: facts, decisions, schemes and clocks as shapes; one interpreter defines what a rulebook means."""

from govservice.nothing import NONE
from govservice.rules.book.files import shipped_books
from govservice.rules.book.format import schema
from govservice.rules.book.merging import REMOVE
from govservice.rules.meaning.outcomes import Outcome, RuleRead
from govservice.rules.rulebook import Rulebook, load_rulebook

__all__ = ["NONE", "REMOVE", "Outcome", "RuleRead", "Rulebook", "load_rulebook", "schema", "shipped_books"]
