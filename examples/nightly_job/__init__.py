"""A nightly job that reads the clock of every open case held in PostgreSQL, and writes due days and alarms beside them."""
