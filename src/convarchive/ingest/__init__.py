"""The room where material is accepted and described: from a feed to quotes in the catalogue."""
