"""The archive over HTTP: JSON for programs and other people's websites."""
