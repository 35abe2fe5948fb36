"""The stages of an episode: each reads its inputs, computes outside any transaction, and writes in one."""
