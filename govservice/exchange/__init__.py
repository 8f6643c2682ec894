"""Decisions in other people's formats, both ways: business-rules, DMN, sheets that a clerk fills in."""
