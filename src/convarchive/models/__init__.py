"""Where model weights come from and how they are kept: pulled once, by name, on request, never silently."""
