"""Who a voice belongs to: evidence in, attributions out."""

from convarchive.naming.attribution import Named, Newcomer, name
from convarchive.naming.candidates import speaker_id

__all__ = ["Named", "Newcomer", "name", "speaker_id"]
