"""What can be proved of a rulebook before any record is at hand: boxes over its facts, and the questions asked of them."""
