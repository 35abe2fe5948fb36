"""
Reads what the index is built from and compared with: passage numbers, texts, vectors, themes.

Not of any audience: an index holds everybody's passages, and every answer filters them anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, func, select

from convarchive.domain.passage import PassageNumber
from convarchive.domain.quote import QuoteId, VersionId
from convarchive.domain.theme import Theme, ThemeDecision, ThemeId, ThemeScore, heaviest
from convarchive.errors import CatalogueCorrupt
from convarchive.store import schema as s
from convarchive.store import theme_decisions
from convarchive.store.read_base import belongs
from convarchive.store.stating import given, kept, some

_AT_ONCE = 500
"""Numbers named in one statement."""


@kept
def _texts() -> Select[tuple[int, str]]:
    return select(s.passage.c.number, s.passage.c.text).where(s.passage.c.number.in_(some())).order_by("number")


@dataclass(frozen=True, slots=True)
class Embedded:
    """
    One encoder's vectors of the passages it has embedded, by passage number.

    `vectors` are little-endian float32, one after another, as many as there are `numbers`.
    """

    numbers: tuple[PassageNumber, ...]
    versions: tuple[VersionId, ...]
    quotes: tuple[QuoteId, ...]
    vectors: bytes


class IndexReads:
    """The catalogue as the index sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def catalogue(self) -> str:
        """The catalogue's own id, minted when it was made. Raises CatalogueCorrupt where it is gone."""
        the_id = self._connection.execute(select(s.fact.c.value).where(s.fact.c.name == "catalogue")).scalar()
        if the_id is None:
            raise CatalogueCorrupt("the catalogue has lost its id; put your latest copy of it in its place")
        return str(the_id)

    def generation(self) -> int:
        """Counts up with every change that an answer may depend on."""
        return int(self._connection.execute(select(func.coalesce(func.sum(s.counter.c.value), 0))).scalar_one())

    def numbers(self) -> tuple[PassageNumber, ...]:
        """Every passage's number, in order."""
        found = self._connection.execute(select(s.passage.c.number).order_by(s.passage.c.number))
        return tuple(PassageNumber(row[0]) for row in found)

    def texts(self, numbers: Sequence[PassageNumber]) -> dict[PassageNumber, str]:
        """The texts of those of these passages that are there, by number."""
        rows = self._connection.execute(_texts(), given(list(numbers)))
        return {PassageNumber(row.number): row.text for row in rows}

    def waiting(self, fingerprint: str) -> int:
        """How many different texts this encoder has not embedded yet."""
        known = select(s.vector.c.text_digest).where(s.vector.c.fingerprint == fingerprint)
        query = select(func.count(s.passage.c.text_digest.distinct())).where(s.passage.c.text_digest.not_in(known))
        return int(self._connection.execute(query).scalar_one())

    def embedded(self, fingerprint: str) -> Embedded:
        """This encoder's vectors of all passages that have one, by passage number."""
        rows = self._connection.execute(
            select(s.passage.c.number, s.passage.c.version, s.passage.c.quote, s.vector.c.vector)
            .join(
                s.vector,
                and_(s.vector.c.text_digest == s.passage.c.text_digest, s.vector.c.fingerprint == fingerprint),
            )
            .order_by(s.passage.c.number)
        ).all()
        return Embedded(
            tuple(PassageNumber(row.number) for row in rows),
            tuple(VersionId(row.version) for row in rows),
            tuple(QuoteId(row.quote) for row in rows),
            b"".join(row.vector for row in rows),
        )

    def embedded_numbers(self, fingerprint: str) -> tuple[PassageNumber, ...]:
        """The passages that this encoder has embedded, in order."""
        rows = self._connection.execute(
            select(s.passage.c.number)
            .join(
                s.vector,
                and_(s.vector.c.text_digest == s.passage.c.text_digest, s.vector.c.fingerprint == fingerprint),
            )
            .order_by(s.passage.c.number)
        )
        return tuple(PassageNumber(row[0]) for row in rows)

    def vectors_at(self, numbers: Sequence[PassageNumber], fingerprint: str) -> bytes:
        """
        This encoder's vectors of these passages, little-endian float32, one after another in the order of `numbers`.

        Passages without one are passed over.
        """
        held = self.vectors_by_number(numbers, fingerprint)
        return b"".join(held[number] for number in numbers if number in held)

    def vectors_of(self, quotes: Sequence[QuoteId], fingerprint: str) -> dict[QuoteId, bytes]:
        """This encoder's vector of each of these quotes' newest passage, where there is one."""
        found: dict[QuoteId, bytes] = {}
        for start in range(0, len(quotes), 500):
            rows = self._connection.execute(
                select(s.passage.c.quote, s.vector.c.vector)
                .join(
                    s.vector,
                    and_(s.vector.c.text_digest == s.passage.c.text_digest, s.vector.c.fingerprint == fingerprint),
                )
                .where(s.passage.c.quote.in_(quotes[start : start + 500]))
                .order_by(s.passage.c.number)
            )
            found |= {QuoteId(row.quote): row.vector for row in rows}
        return found

    def vectors_by_number(self, numbers: Sequence[PassageNumber], fingerprint: str) -> dict[PassageNumber, bytes]:
        """This encoder's vectors (little-endian float32) of these passages, where there are any."""
        found: dict[PassageNumber, bytes] = {}
        for start in range(0, len(numbers), 500):
            rows = self._connection.execute(
                select(s.passage.c.number, s.vector.c.vector)
                .join(
                    s.vector,
                    and_(s.vector.c.text_digest == s.passage.c.text_digest, s.vector.c.fingerprint == fingerprint),
                )
                .where(s.passage.c.number.in_(numbers[start : start + 500]))
            )
            found |= {PassageNumber(row.number): row.vector for row in rows}
        return found

    def vectors_from(self, number: int, fingerprint: str) -> dict[PassageNumber, bytes]:
        """This encoder's vectors (little-endian float32) of passages from this number on, where there are any."""
        rows = self._connection.execute(
            select(s.passage.c.number, s.vector.c.vector)
            .join(
                s.vector,
                and_(s.vector.c.text_digest == s.passage.c.text_digest, s.vector.c.fingerprint == fingerprint),
            )
            .where(s.passage.c.number >= number)
        )
        return {PassageNumber(row.number): row.vector for row in rows}

    def themes(self) -> tuple[Theme, ...]:
        """The archive's themes in the owner's order; examples are quote ids."""
        rows = self._connection.execute(select(s.theme).order_by(s.theme.c.position)).mappings()
        return tuple(
            Theme(
                ThemeId(row["id"]),
                row["title"],
                row["description"],
                tuple(json.loads(row["examples"])),
                row["note"],
                tuple(json.loads(row["counter_examples"])),
            )
            for row in rows
        )

    def desk_digest(self, path: str) -> str | None:
        """The digest (SHA-256) with which a desk file was last taken in; None where it never was."""
        return self._connection.execute(select(s.desk_file.c.digest).where(s.desk_file.c.path == path)).scalar()

    def theme_decisions(self) -> tuple[ThemeDecision, ...]:
        """What editors said about quotes and themes, as it stands now, oldest first."""
        return theme_decisions.decisions(self._connection)

    def theme_decision(self, quote: QuoteId, theme: ThemeId) -> ThemeDecision | None:
        """An editor's word in force about this quote and theme."""
        return theme_decisions.decision(self._connection, quote, theme)

    def theme_standing(self, quote: QuoteId, theme: ThemeId) -> ThemeScore | None:
        """How far a quote's newest words belong to a theme, by whoever counts most; None where nobody gives a score."""
        t = s.theme_score.c
        newest = select(func.max(s.version.c.seq)).where(s.version.c.quote == quote).scalar_subquery()
        rows = self._connection.execute(
            select(t.score, t.by)
            .join(s.version, s.version.c.id == t.version)
            .where(s.version.c.quote == quote, s.version.c.seq == newest, t.theme == theme)
        )
        return heaviest([ThemeScore(theme, row.score, row.by) for row in rows])

    def members(self, theme: ThemeId) -> int:
        """How many versions of quotes count among a theme's, whoever may see them."""
        query = select(func.count(s.theme_score.c.version.distinct())).where(s.theme_score.c.theme == theme, belongs())
        return int(self._connection.execute(query).scalar_one())

    def theme_scores(self) -> dict[VersionId, tuple[ThemeScore, ...]]:
        """What the model last said of each version, by theme's id."""
        rows = self._connection.execute(
            select(s.theme_score).where(s.theme_score.c.by == "model").order_by(s.theme_score.c.theme)
        )
        found: dict[VersionId, list[ThemeScore]] = {}
        for row in rows:
            found.setdefault(VersionId(row.version), []).append(ThemeScore(ThemeId(row.theme), row.score, "model"))
        return {version: tuple(scores) for version, scores in found.items()}
