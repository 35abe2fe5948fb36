"""Words against words: what two tellings share, where print stands in speech, which quote goes on under which id."""
