"""The room where finding aids are made: from quotes in the catalogue to ranked answers."""
