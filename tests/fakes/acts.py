"""What can happen to the small archive, and a clock that can be moved, for tests that try acts in many orders."""

from dataclasses import replace

from sqlalchemy import text

from convarchive.domain.theme import ThemeId, ThemeScore
from convarchive.store.write_reviews import Hold
from fakes import small_archive as small


class Clock:
    """An instant that can be moved."""

    def __init__(self):
        self.minute = 0

    def __call__(self):
        return f"2031-05-01T{self.minute // 60:02}:{self.minute % 60:02}:00+00:00"

    def in_a_while(self, minutes):
        return Clock.__call__(type("", (), {"minute": self.minute + minutes})())


class Acts:
    """What can happen to an archive, each once when called, on something chosen at random."""

    def __init__(self, catalogue, chance, clock):
        self.catalogue, self.chance, self.clock = catalogue, chance, clock
        self.quotes = [*small.HEARD.values(), *small.PRINTED.values()]
        self.scores = {}
        self.names = [name for name in dir(self) if not name.startswith("_") and callable(getattr(self, name))]

    def _write(self, work):
        with self.catalogue.writing() as write:
            work(write)

    def _review(self, write, act, quote=None):
        return write.reviews.add(act, "An Editor", "by chance", quote=quote)

    def clear(self):
        quote, soon = self.chance.choice(self.quotes), self.chance.choice((None, 3))

        def work(write):
            standing = write.reviews.standing(quote)
            ends = self.clock.in_a_while(soon) if soon else None
            write.reviews.clear(standing.version, self._review(write, "clear", quote), not_before=ends)

        self._write(work)

    def unclear(self):
        quote = self.chance.choice(self.quotes)
        self._write(lambda write: write.reviews.unclear(quote, self._review(write, "undo", quote)))

    def hold(self):
        start = self.chance.randrange(0, 34_000)
        where = self.chance.choice(
            (
                {"quote": self.chance.choice(self.quotes)},
                {"recording": small.SOUND, "start_ms": start, "end_ms": start + 3_000},
                {"document": small.BOOK.id},
                {"document": small.BOOK.id, "key": "slow-work"},
                {"person": self.chance.choice((small.ADA, small.BEN))},
            )
        )
        until = self.chance.choice((None, self.clock.in_a_while(4)))
        hold = Hold(self.chance.choice(("withheld", "withdrawn")), until=until, **where)
        self._write(lambda write: write.reviews.hold(hold, self._review(write, "withhold")))

    def lift(self):
        self._write(lambda write: write.reviews.lift_of(range(1, 200), "withheld", self._review(write, "undo")))

    def desk(self):
        holds = [Hold("withdrawn", episode=self.episode)] if self.chance.random() < 0.5 else []
        self._write(lambda write: write.reviews.holds_from_desk("a desk", holds))

    def reword(self):
        name = self.chance.choice(list(small.SAID))
        words = f"{small.SAID[name][2]} {self.chance.randrange(99)}"

        def work(write):
            rows = write.speech.current_attributions(small.SOUND)
            small.put_quote(write, self.episode, name, rows, words=words)
            write.search.sync_passages()

        self._write(work)

    def theme(self):
        def work(write):
            versions = write._connection.execute(text("SELECT version FROM passage ORDER BY number")).scalars().all()
            members = self.chance.sample(versions, 2)
            score = ThemeScore(ThemeId("leadership"), self.chance.choice((0.1, 0.4, 0.6, 0.9)), "editor")
            by = self.chance.choice(("model", "editor"))
            write.search.put_scores({version: [replace(score, by=by)] for version in members}, by)

        self._write(work)

    def forget_a_name(self):
        status = self.chance.choice(("confirmed", "probable", "unattributed"))
        self._write(
            lambda write: write._connection.execute(
                text("UPDATE attribution SET status = :s WHERE speaker = 'ada-example'"), {"s": status}
            )
        )

    def retire(self):
        gone = self.chance.choice((None, "gone"))
        self._write(
            lambda write: write._connection.execute(
                text("UPDATE quote SET retired = :r WHERE id = :q"), {"r": gone, "q": self.chance.choice(self.quotes)}
            )
        )

    def date(self):
        day = self.chance.choice(("2030-06-01", "2031-01-01", None))
        self._write(lambda write: write._connection.execute(text("UPDATE episode SET published = :d"), {"d": day}))

    def wait(self):
        self.clock.minute += self.chance.choice((1, 2, 5))
