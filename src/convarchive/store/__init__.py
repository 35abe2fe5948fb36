"""The catalogue and the holdings: the only room that speaks SQL, and the one that decides who sees what."""
