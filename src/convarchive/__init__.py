"""convarchive: from a podcast feed to searchable, attributed, publishable quotes."""

import os

# What an archive is asked is nobody else's business: the libraries that would report their use must not.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
