"""Writes what search is made from: passages, their full text, vectors, themes and theme scores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, literal, select, update
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.passage import PassageNumber
from convarchive.domain.quote import VersionId
from convarchive.domain.theme import Theme, ThemeId, ThemeScore
from convarchive.store import fulltext, theme_decisions
from convarchive.store import schema as s
from convarchive.store.standing import wanted_passages
from convarchive.store.stating import NOW, given, kept, some

NOTES_KEPT = 100_000
"""Notes of stirred quotes; a process that has not looked for longer reads everything anew."""


_IN_LINE = "passages in line"
"""The fact that says up to which note, and at which instant, passages were in line with the quotes."""
_MANY_NOTES = 50_000
"""Notes from which on looking at everything is quicker."""


def text_digest(text: str) -> str:
    """What a vector is kept under: SHA-256 of the text."""
    return hashlib.sha256(text.encode()).hexdigest()


class SearchWrites:
    """Derived from quotes, but in the same transactions as they are."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    def sync_passages(self, *, everything: bool = False) -> tuple[int, int]:
        """
        Bring passages and full text in line with the quotes: (added, dropped).

        Looked at are the quotes that were stirred since the last time, which a million others do not slow;
        with `everything` all of them.

        A quote that goes on in the same words, under another name, keeps its passage and what
        themes it belongs to. While they stand under two names, one in public and a newer one,
        there are two passages of them, of which the older stays. Call it in the transaction
        that changed quotes or clearances.
        """
        p = s.passage.c
        due = None if everything else self._due()
        asked = given(due or (), self._now)
        dropped = {row.number: row for row in self._connection.execute(_unwanted(due is None), asked)}
        stale = {(row.quote, row.text): row for row in dropped.values()}
        fresh = self._connection.execute(_without_passage(due is None), asked).all()
        added = []
        for row in fresh:
            same = stale.pop((row.quote, row.text), None)
            if same is None:
                added.append(row)
            else:
                del dropped[same.number]
                self._connection.execute(update(s.passage).where(p.number == same.number).values(version=row.id))
                self._keep_themes(row.quote, row.text, row.id)
        self._drop(self._outlived([(row.number, row.quote, row.text) for row in dropped.values()]))
        theme_decisions.project(self._connection)
        for version, quote, text in added:
            number = self._connection.execute(
                insert(s.passage)
                .values(version=version, quote=quote, text=text, text_digest=text_digest(text))
                .returning(p.number)
            ).scalar_one()
            fulltext.put(self._connection, PassageNumber(number), text)
            self._keep_themes(quote, text, version)
        self._note_that_all_is_done()
        return len(added), len(dropped)

    def _due(self) -> list[str] | None:
        """Quotes that were stirred, or whose embargo ended, since everything was in line; None for all there are."""
        row = self._connection.execute(select(s.fact.c.value).where(s.fact.c.name == _IN_LINE)).first()
        if row is None:
            return None
        seq, at = json.loads(row.value)
        noted, c = s.stirred.c, s.clearing.c
        ends = (select(func.min(noted.seq)).scalar_subquery(), select(func.max(noted.seq)).scalar_subquery())
        oldest, newest = self._connection.execute(select(*ends)).one()
        if oldest is None or oldest > seq + 1 or newest - seq > _MANY_NOTES:
            return None
        stirred = select(noted.quote).where(noted.seq > seq)
        opened = (
            select(s.version.c.quote)
            .join(s.clearing, c.version == s.version.c.id)
            .where(c.not_before > min(at, self._now))
        )
        return sorted({*self._connection.execute(stirred).scalars(), *self._connection.execute(opened).scalars()})

    def _note_that_all_is_done(self) -> None:
        newest = self._connection.execute(select(func.max(s.stirred.c.seq))).scalar() or 0
        self._connection.execute(delete(s.stirred).where(s.stirred.c.seq <= newest - NOTES_KEPT))
        told = insert(s.fact).values(name=_IN_LINE, value=json.dumps([newest, self._now]))
        self._connection.execute(told.on_conflict_do_update(["name"], set_={"value": told.excluded.value}))

    def _drop(self, passages: Sequence[tuple[int, str]]) -> None:
        """Take passages (number, text) away."""
        fulltext.drop(self._connection, [(PassageNumber(number), words) for number, words in passages])
        numbers = [number for number, _ in passages]
        for start in range(0, len(numbers), 500):
            self._connection.execute(delete(s.passage).where(s.passage.c.number.in_(numbers[start : start + 500])))

    def _outlived(self, dropped: Sequence[tuple[int, str, str]]) -> list[tuple[int, str]]:
        """
        Which passages (number, text) go, if these (number, quote, text) are not wanted any more.

        Where a newer one of the same words stays, that one goes instead: the older is in the index.
        """
        p = s.passage.c
        going = {number for number, _, _ in dropped}
        quotes = sorted({quote for _, quote, _ in dropped})
        staying: dict[tuple[str, str], tuple[int, str]] = {}
        for start in range(0, len(quotes), 500):
            there = select(p.number, p.version, p.quote, p.text).where(p.quote.in_(quotes[start : start + 500]))
            rows = self._connection.execute(there).all()
            staying |= {(row.quote, row.text): (row.number, row.version) for row in rows if row.number not in going}
        gone = []
        for number, quote, words in sorted(dropped):
            newer, version = staying.get((quote, words), (0, ""))
            if newer > number:
                # Its place is taken: where two are dropped, the younger one has no other to outlive.
                del staying[quote, words]
                self._drop([(newer, words)])
                self._connection.execute(update(s.passage).where(p.number == number).values(version=version))
            else:
                gone.append((number, words))
        return gone

    def _keep_themes(self, quote: str, words: str, version: str) -> None:
        """Let a version belong to the themes to which the same words of its quote belong under another name."""
        t, v = s.theme_score.c, s.version.c
        others = select(v.id).where(v.quote == quote, v.text == words, v.id != version)
        scores = (
            select(literal(version), t.theme, func.max(t.score), t.by)
            .where(t.version.in_(others), t.by == "model")
            .group_by(t.theme, t.by)
        )
        columns = ["version", "theme", "score", "by"]
        self._connection.execute(insert(s.theme_score).from_select(columns, scores).on_conflict_do_nothing())

    def without_vector(self, fingerprint: str, limit: int) -> tuple[str, ...]:
        """Texts of passages that this encoder has not embedded yet, each once."""
        p = s.passage.c
        known = select(s.vector.c.text_digest).where(s.vector.c.fingerprint == fingerprint)
        rows = self._connection.execute(
            select(func.min(p.number), p.text)
            .where(p.text_digest.not_in(known))
            .group_by(p.text_digest, p.text)
            .order_by(func.min(p.number))
            .limit(limit)
        )
        return tuple(text for _, text in rows)

    def put_vectors(self, fingerprint: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors (little-endian float32) by the text they embed."""
        rows = [
            {"text_digest": text_digest(text), "fingerprint": fingerprint, "vector": blob}
            for text, blob in vectors.items()
        ]
        if rows:
            self._connection.execute(insert(s.vector).on_conflict_do_nothing(), rows)

    def forget_vectors(self, fingerprint: str) -> None:
        """Drop vectors of texts that no passage holds any more, and of other encoders."""
        held = select(s.passage.c.text_digest)
        self._connection.execute(
            delete(s.vector).where((s.vector.c.text_digest.not_in(held)) | (s.vector.c.fingerprint != fingerprint))
        )

    def put_themes(self, themes: Sequence[Theme]) -> None:
        """Make these exactly the archive's themes; scores of themes that went away go too."""
        ids = [theme.id for theme in themes]
        self._connection.execute(delete(s.theme_score).where(s.theme_score.c.theme.not_in(ids)))
        self._connection.execute(delete(s.theme).where(s.theme.c.id.not_in(ids)))
        for i, theme in enumerate(themes):
            values = {
                "position": i,
                "title": theme.title,
                "description": theme.description,
                "examples": json.dumps(theme.examples),
                "counter_examples": json.dumps(theme.counter_examples),
                "note": theme.note,
            }
            statement = insert(s.theme).values(id=theme.id, **values)
            self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def follow_theme_decisions(self) -> None:
        """Make what editors said about quotes and themes count; call it in the transaction that changed the log."""
        theme_decisions.project(self._connection)

    def put_scores(
        self, scores: Mapping[VersionId, Sequence[ThemeScore]], by: str, only: ThemeId | None = None
    ) -> None:
        """Replace all theme scores by one judge (`model`, `print`), or those of one theme: version id to scores."""
        t = s.theme_score.c
        this = [t.by == by] if only is None else [t.by == by, t.theme == only]
        held = {
            (row.version, row.theme): row.score
            for row in self._connection.execute(select(t.version, t.theme, t.score).where(*this))
        }
        wanted = {(version, score.theme): round(score.score, 4) for version, many in scores.items() for score in many}
        # Every row that is touched stirs its quote, so those that stay as they are stay untouched.
        gone = [{"v": version, "t": theme} for version, theme in held.keys() - wanted.keys()]
        if gone:
            where = (t.version == bindparam("v"), t.theme == bindparam("t"), t.by == by)
            self._connection.execute(delete(s.theme_score).where(*where), gone)
        rows = [
            {"version": version, "theme": theme, "score": score, "by": by}
            for (version, theme), score in wanted.items()
            if held.get((version, theme)) != score
        ]
        if rows:
            fresh = insert(s.theme_score)
            keys = ["version", "theme", "by"]
            self._connection.execute(fresh.on_conflict_do_update(keys, set_={"score": fresh.excluded.score}), rows)


@kept
def _unwanted(everything: bool) -> Select[Any]:
    """Passages (of `some()` quotes) that nobody may be shown."""
    p = s.passage.c
    found = select(p.number, p.text, p.quote, p.version)
    if everything:
        return found.where(p.version.not_in(wanted_passages(NOW)))
    return found.where(p.quote.in_(some()), p.version.not_in(wanted_passages(NOW, some())))


@kept
def _without_passage(everything: bool) -> Select[Any]:
    """Versions (of `some()` quotes) that somebody may be shown and that have no passage."""
    v = s.version.c
    wanted = wanted_passages(NOW) if everything else wanted_passages(NOW, some())
    return (
        select(v.id, v.quote, v.text)
        .where(v.id.in_(wanted), ~exists().where(s.passage.c.version == v.id))
        .order_by(v.quote, v.seq)
    )
