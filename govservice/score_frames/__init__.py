"""Scores of whole tables: which schemes have a column form, how they are worked out on columns, and as what kind of frame they leave."""
