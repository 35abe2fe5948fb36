"""One outside tool each: the encoder, the vector index."""
