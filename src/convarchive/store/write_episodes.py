"""Writes feeds, episodes, the recordings held of them, and which stage was done to them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from convarchive.domain.episode import (
    Enclosure,
    Episode,
    EpisodeId,
    Feed,
    FeedId,
    Item,
    Person,
    Recording,
    Sha256,
    TranscriptLink,
)
from convarchive.domain.ids import episode_id
from convarchive.domain.run import Run, Stage
from convarchive.store import schema as s
from convarchive.store.erased import erased


class EpisodeWrites:
    """Where recordings come from, and what was done to each."""

    def __init__(self, connection: Connection, now: str) -> None:
        self._connection = connection
        self._now = now

    # -- feeds ------------------------------------------------------------------------

    def put_feed(self, feed: Feed) -> None:
        """Add a feed, or bring its title, language, rights and links up to date."""
        values = {
            "title": feed.title,
            "language": feed.language,
            "guid": feed.guid,
            "link": feed.link,
            "rights": feed.rights,
            "fiction": feed.fiction,
        }
        statement = insert(s.feed).values(id=feed.id, url=feed.url, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def feed_read(self, feed: FeedId, answers_at: str | None, etag: str | None, last_modified: str | None) -> None:
        """Remember what a conditional request needs next time."""
        self._connection.execute(
            update(s.feed)
            .where(s.feed.c.id == feed)
            .values(answers_at=answers_at, etag=etag, last_modified=last_modified, read_at=self._now)
        )

    def feed_validators(self, feed: FeedId) -> tuple[str | None, str | None]:
        """The ETag and Last-Modified of the feed's last answer."""
        row = self._connection.execute(
            select(s.feed.c.etag, s.feed.c.last_modified).where(s.feed.c.id == feed)
        ).one_or_none()
        return (row[0], row[1]) if row else (None, None)

    def feeds(self) -> tuple[Feed, ...]:
        """Every feed, by address."""
        rows = self._connection.execute(select(s.feed).order_by(s.feed.c.url)).mappings()
        return tuple(
            Feed(
                FeedId(r["id"]),
                r["url"],
                r["title"],
                r["language"],
                r["guid"],
                r["link"],
                (),
                bool(r["fiction"]),
                r["rights"],
            )
            for r in rows
        )

    # -- episodes ---------------------------------------------------------------------

    def put_item(self, feed: FeedId | None, item: Item, *, fiction: bool = False) -> EpisodeId:
        """Add a feed's item as an episode, or bring an episode up to date with it."""
        the_id = episode_id(feed, item.guid)
        item = erased(self._connection).item(item)
        enclosure = item.enclosure
        values = {
            "title": item.title,
            "published": item.published,
            "link": item.link,
            "notes": item.notes,
            "promised_ms": item.duration,
            "enclosure_url": enclosure.url if enclosure else None,
            "enclosure_type": enclosure.media_type if enclosure else None,
            "enclosure_bytes": enclosure.length if enclosure else None,
            "language": item.language,
            "rights": item.rights,
            "fiction": fiction,
            "listed": True,
        }
        statement = insert(s.episode).values(id=the_id, feed=feed, guid=item.guid, added_at=self._now, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
        self._replace_people(the_id, item.persons, item.transcripts)
        return the_id

    def _replace_people(self, episode: EpisodeId, persons: Sequence[Person], links: Sequence[TranscriptLink]) -> None:
        self._connection.execute(delete(s.episode_person).where(s.episode_person.c.episode == episode))
        self._connection.execute(delete(s.transcript_link).where(s.transcript_link.c.episode == episode))
        if persons:
            self._connection.execute(
                insert(s.episode_person),
                [
                    {"episode": episode, "position": i, "name": p.name, "role": p.role, "href": p.href}
                    for i, p in enumerate(persons)
                ],
            )
        if links:
            self._connection.execute(
                insert(s.transcript_link),
                [
                    {
                        "episode": episode,
                        "position": i,
                        "url": t.url,
                        "media_type": t.media_type,
                        "language": t.language,
                        "rel": t.rel,
                    }
                    for i, t in enumerate(links)
                ],
            )

    def unlist(self, feed: FeedId, still_listed: Sequence[str]) -> None:
        """Mark the feed's episodes whose guids are no longer listed; nothing of them is lost."""
        gone = update(s.episode).where(s.episode.c.feed == feed, s.episode.c.guid.not_in(still_listed))
        self._connection.execute(gone.values(listed=False))

    def episodes(self, feed: FeedId | None = None) -> tuple[Episode, ...]:
        """Every episode (of one feed), oldest first, then by id."""
        query = select(s.episode, s.feed.c.title.label("show")).outerjoin(s.feed, s.feed.c.id == s.episode.c.feed)
        if feed is not None:
            query = query.where(s.episode.c.feed == feed)
        rows = self._connection.execute(query.order_by(s.episode.c.published, s.episode.c.id)).mappings().all()
        persons: dict[str, list[Person]] = {}
        for r in self._connection.execute(select(s.episode_person).order_by(s.episode_person.c.position)).mappings():
            persons.setdefault(r["episode"], []).append(Person(r["name"], r["role"], r["href"]))
        links: dict[str, list[TranscriptLink]] = {}
        for r in self._connection.execute(select(s.transcript_link).order_by(s.transcript_link.c.position)).mappings():
            link = TranscriptLink(r["url"], r["media_type"], r["language"], r["rel"])
            links.setdefault(r["episode"], []).append(link)
        return tuple(
            Episode(
                id=EpisodeId(r["id"]),
                feed=FeedId(r["feed"]) if r["feed"] else None,
                guid=r["guid"],
                title=r["title"],
                published=r["published"],
                link=r["link"],
                notes=r["notes"],
                duration=r["promised_ms"],
                enclosure=Enclosure(r["enclosure_url"], r["enclosure_type"], r["enclosure_bytes"])
                if r["enclosure_url"]
                else None,
                persons=tuple(persons.get(r["id"], ())),
                transcripts=tuple(links.get(r["id"], ())),
                language=r["language"],
                rights=r["rights"],
                fiction=bool(r["fiction"]),
                show=r["show"],
            )
            for r in rows
        )

    def mark_duplicate(self, episode: EpisodeId, of: EpisodeId | None) -> None:
        """Say that an episode's sound is already held under another one."""
        self._connection.execute(update(s.episode).where(s.episode.c.id == episode).values(duplicate_of=of))

    # -- recordings -------------------------------------------------------------------

    def put_recording(self, episode: EpisodeId, recording: Recording, enclosure_url: str | None) -> EpisodeId | None:
        """
        Note a recording as the episode's newest.

        Returns another episode that has held the same bytes for longer, if there is one.
        """
        self._connection.execute(
            insert(s.recording)
            .values(
                sha256=recording.sha256,
                bytes=recording.bytes,
                duration_ms=recording.duration,
                media_type=recording.media_type,
                suffix=recording.suffix,
                origin=recording.origin,
                held_since=self._now,
            )
            .on_conflict_do_nothing()
        )
        held = s.episode_recording.c
        highest = self._connection.execute(
            select(func.max(held.position)).where(held.episode == episode, held.recording != recording.sha256)
        ).scalar()
        position = 0 if highest is None else highest + 1
        self._connection.execute(
            insert(s.episode_recording)
            .values(episode=episode, recording=recording.sha256, position=position, enclosure_url=enclosure_url)
            .on_conflict_do_update(
                index_elements=["episode", "recording"], set_={"position": position, "enclosure_url": enclosure_url}
            )
        )
        other = self._connection.execute(
            select(held.episode)
            .join(s.episode, s.episode.c.id == held.episode)
            .where(held.recording == recording.sha256, held.episode != episode, s.episode.c.duplicate_of.is_(None))
            .order_by(s.episode.c.added_at, held.episode)
        ).scalar()
        self.mark_duplicate(episode, EpisodeId(other) if other else None)
        return EpisodeId(other) if other else None

    def recordings_of(self, episode: EpisodeId) -> tuple[Sha256, ...]:
        """Every recording that was ever held for the episode, oldest first."""
        held = s.episode_recording.c
        query = select(held.recording).where(held.episode == episode).order_by(held.position)
        return tuple(Sha256(one) for one in self._connection.execute(query).scalars())

    def newest_recordings(self) -> dict[Sha256, EpisodeId]:
        """The episode of every recording that is its episode's newest."""
        held = s.episode_recording.c
        rows = self._connection.execute(select(held.recording, held.episode).order_by(held.position))
        newest = {episode: recording for recording, episode in rows}
        return {Sha256(recording): EpisodeId(episode) for episode, recording in newest.items()}

    def recording_of(self, episode: EpisodeId) -> tuple[Recording, str | None] | None:
        """The episode's newest recording, with the enclosure address it came from."""
        held = s.episode_recording.c
        row = (
            self._connection.execute(
                select(s.recording, held.enclosure_url)
                .join(s.episode_recording, held.recording == s.recording.c.sha256)
                .where(held.episode == episode)
                .order_by(held.position.desc())
            )
            .mappings()
            .first()
        )
        if row is None:
            return None
        recording = Recording(
            Sha256(row["sha256"]), row["bytes"], row["duration_ms"], row["media_type"], row["suffix"], row["origin"]
        )
        return recording, row["enclosure_url"]

    def duplicates(self) -> frozenset[EpisodeId]:
        """Episodes whose sound is worked on under another episode."""
        rows = self._connection.execute(select(s.episode.c.id).where(s.episode.c.duplicate_of.is_not(None)))
        return frozenset(EpisodeId(r[0]) for r in rows)

    # -- runs -------------------------------------------------------------------------

    def put_run(self, run: Run) -> None:
        """Record that a stage is done; what went wrong with it before is forgotten."""
        self._connection.execute(insert(s.run).values(**{f: getattr(run, f) for f in Run.__slots__}))
        self._connection.execute(
            delete(s.failure).where(s.failure.c.episode == run.episode, s.failure.c.stage == run.stage)
        )

    def last_run(self, episode: EpisodeId, stage: Stage) -> Run | None:
        """The newest run of a stage."""
        row = (
            self._connection.execute(
                select(s.run).where(s.run.c.episode == episode, s.run.c.stage == stage).order_by(s.run.c.id.desc())
            )
            .mappings()
            .first()
        )
        return Run(**{f: row[f] for f in Run.__slots__}) if row else None

    def put_failure(self, episode: EpisodeId, stage: Stage, message: str) -> None:
        """Keep what went wrong with a stage, for `episodes list` to show."""
        statement = insert(s.failure).values(episode=episode, stage=stage, message=message, at=self._now)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["episode", "stage"], set_={"message": message, "at": self._now}
            )
        )

    def ask(self, episode: EpisodeId, stage: Stage, questions: Sequence[tuple[str, str]]) -> None:
        """Renew what this stage wants a person to look at: (kind, detail) pairs."""
        self._connection.execute(delete(s.question).where(s.question.c.episode == episode, s.question.c.stage == stage))
        if questions:
            self._connection.execute(
                insert(s.question), [{"episode": episode, "stage": stage, "kind": k, "detail": d} for k, d in questions]
            )
