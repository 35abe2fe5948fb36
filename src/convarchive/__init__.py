"""convarchive: from a podcast feed to searchable, attributed, publishable quotes."""

__version__ = "0.1.0"
