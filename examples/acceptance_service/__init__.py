"""A service that classifies applications, dates cases, writes notices, and keeps every answer in PostgreSQL beside its case."""
