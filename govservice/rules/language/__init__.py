"""The language of conditions and numbers: its shapes, spelling, grammar, types and functions."""
