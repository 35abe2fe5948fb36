"""The widget for other people's websites: one script, every release of it that was ever pinned, and how to embed it."""
