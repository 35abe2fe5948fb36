"""Numbered, append-only changes of the catalogue's tables."""
