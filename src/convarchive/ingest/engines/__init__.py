"""One outside tool each; nothing here decides anything about quotes."""
