"""Conditions in other people's formats: read into the same expressions, written back where they fit."""
