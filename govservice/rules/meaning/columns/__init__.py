"""Decisions over whole tables: the meaning of the interpreter as expressions over columns, of no engine."""
