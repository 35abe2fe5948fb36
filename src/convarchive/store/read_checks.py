"""Reads what people heard when they checked confirmed quotes by ear, and which quotes there are to check."""

from __future__ import annotations

import json

from sqlalchemy import select

from convarchive.domain.checking import Check, Standing
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.span import Span, joined
from convarchive.store import schema as s
from convarchive.store.read_speech import SpeechReads
from convarchive.store.standing import bearing, is_newest


class CheckReads(SpeechReads):
    """The archive's own measure of itself. Everything here raises NotAllowed for all but editors."""

    def to_check(self) -> tuple[QuoteId, ...]:
        """Every living quote from sound whose name is confirmed and that is not withdrawn, by id."""
        self._editors_only("what there is to check")
        withdrawn = bearing(self._now)
        rows = self._connection.execute(
            select(s.quote.c.id)
            .join(s.version, s.version.c.quote == s.quote.c.id)
            .join(s.attribution, s.attribution.c.id == s.version.c.attribution)
            .where(
                s.quote.c.retired.is_(None),
                is_newest(s.version.c.id),
                s.attribution.c.status == "confirmed",
                s.quote.c.id.in_(select(s.source.c.quote).where(s.source.c.recording.is_not(None))),
                s.version.c.id.not_in(select(withdrawn.c.version).where(withdrawn.c.state == "withdrawn")),
            )
            .order_by(s.quote.c.id)
        ).scalars()
        return tuple(QuoteId(one) for one in rows)

    def checks(self) -> tuple[Check, ...]:
        """The newest verdict that stands on each version that anybody checked, oldest first."""
        self._editors_only("what was checked")
        r = s.review.c
        back = select(r.undoes).where(r.undoes.is_not(None))
        query = select(s.review).where(r.act == "check", r.number.not_in(back)).order_by(r.number)
        rows = self._connection.execute(query).mappings()
        newest = {(row["quote"], row["version"]): row for row in rows}
        frame = set(self.to_check())
        found = []
        for (quote, version), row in newest.items():
            said = json.loads(row["scope"])
            found.append(
                Check(
                    QuoteId(quote),
                    VersionId(version),
                    said["name"],
                    said["words"],
                    row["by"],
                    row["at"],
                    row["number"],
                    self._stands(quote, version, row["number"], frame),
                    said["basis"] == "editor",
                )
            )
        return tuple(sorted(found, key=lambda one: one.review))

    def _stands(self, quote: str, version: str, review: int, frame: set[QuoteId]) -> Standing:
        v = s.version.c
        newest = self._connection.execute(select(v.id).where(v.quote == quote).order_by(v.seq.desc())).scalar()
        if newest == version and QuoteId(quote) in frame:
            return "stands"
        return "corrected" if self._corrected(quote, review) else "stale"

    def _corrected(self, quote: str, review: int) -> bool:
        """Whether a person changed the quote, or its voice, after this verdict."""
        r, v = s.review.c, s.voice_decision.c
        edited = select(r.number).where(r.quote == quote, r.act == "edit", r.number > review)
        if self._connection.execute(edited).first() is not None:
            return True
        c = s.source.c
        places = self._connection.execute(
            select(c.recording, c.start_ms, c.end_ms).where(c.quote == quote, c.recording.is_not(None))
        )
        for recording, start, end in places.all():
            # What stays as it is when a part of its voice is split off was not corrected.
            decided = select(v.spans).where(
                v.recording == recording, v.review > review, v.undone_by.is_(None), v.act != "rest"
            )
            for (stretches,) in self._connection.execute(decided):
                spans = joined([Span(a, b) for a, b in json.loads(stretches)])
                if 2 * sum(Span(start, end).overlap(span) for span in spans) > end - start:
                    return True
        return False

    def decided_by_editor(self, quote: QuoteId) -> bool:
        """Whether the name of a quote's newest version is an editor's word."""
        query = (
            select(s.evidence.c.attribution)
            .join(s.version, s.version.c.attribution == s.evidence.c.attribution)
            .where(s.version.c.quote == quote, is_newest(s.version.c.id, [quote]), s.evidence.c.family == "editor")
        )
        return self._connection.execute(query).first() is not None
