"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op

from convarchive.store import fulltext

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Lay out the catalogue."""
    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "desk_file",
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("loaded_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_desk_file")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("published", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("clearance_scope", sa.Text(), nullable=True),
        sa.Column("fiction", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_table(
        "fact",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_fact")),
    )
    op.create_table(
        "feed",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("answers_at", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("guid", sa.String(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("fiction", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("read_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("url", name=op.f("uq_feed_url")),
    )
    op.create_table(
        "recording",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("suffix", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("held_since", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_recording")),
    )
    op.create_table(
        "speaker",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", sa.Text(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("role_basis", sa.Text(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("fiction", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
    )
    op.create_table(
        "theme",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    op.create_table(
        "vector",
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("text_digest", "fingerprint", name=op.f("pk_vector")),
    )
    op.create_table(
        "attribution",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recording.sha256"], name=op.f("fk_attribution_recording_recording")),
        sa.ForeignKeyConstraint(["speaker"], ["speaker.id"], name=op.f("fk_attribution_speaker_speaker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_attribution_recording_current"), "attribution", ["recording", "current"], unique=False)
    op.create_table(
        "credit",
        sa.Column("speaker", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("since", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["speaker"], ["speaker.id"], name=op.f("fk_credit_speaker_speaker")),
        sa.PrimaryKeyConstraint("speaker", "position", name=op.f("pk_credit")),
    )
    op.create_table(
        "episode",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("feed", sa.String(), nullable=True),
        sa.Column("guid", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("published", sa.String(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("promised_ms", sa.Integer(), nullable=True),
        sa.Column("enclosure_url", sa.String(), nullable=True),
        sa.Column("enclosure_type", sa.String(), nullable=True),
        sa.Column("enclosure_bytes", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("fiction", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("duplicate_of", sa.String(), nullable=True),
        sa.Column("added_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["duplicate_of"], ["episode.id"], name=op.f("fk_episode_duplicate_of_episode")),
        sa.ForeignKeyConstraint(["feed"], ["feed.id"], name=op.f("fk_episode_feed_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("feed", "guid", name=op.f("uq_episode_feed_guid")),
    )
    op.create_table(
        "turn",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recording.sha256"], name=op.f("fk_turn_recording_recording")),
        sa.PrimaryKeyConstraint("recording", "start_ms", "end_ms", "label", name=op.f("pk_turn")),
    )
    op.create_table(
        "utterance",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("first_word", sa.Integer(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recording.sha256"], name=op.f("fk_utterance_recording_recording")),
        sa.PrimaryKeyConstraint("recording", "position", name=op.f("pk_utterance")),
    )
    op.create_table(
        "episode_person",
        sa.Column("episode", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("href", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_episode_person_episode_episode")),
        sa.PrimaryKeyConstraint("episode", "position", name=op.f("pk_episode_person")),
    )
    op.create_table(
        "episode_recording",
        sa.Column("episode", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("enclosure_url", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_episode_recording_episode_episode")),
        sa.ForeignKeyConstraint(
            ["recording"], ["recording.sha256"], name=op.f("fk_episode_recording_recording_recording")
        ),
        sa.PrimaryKeyConstraint("episode", "recording", name=op.f("pk_episode_recording")),
    )
    op.create_index(op.f("ix_episode_recording_recording"), "episode_recording", ["recording"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("attribution", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("family", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["attribution"], ["attribution.id"], name=op.f("fk_evidence_attribution_attribution")),
        sa.PrimaryKeyConstraint("attribution", "position", name=op.f("pk_evidence")),
    )
    op.create_table(
        "failure",
        sa.Column("episode", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_failure_episode_episode")),
        sa.PrimaryKeyConstraint("episode", "stage", name=op.f("pk_failure")),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("episode", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_question_episode_episode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_question_episode_stage"), "question", ["episode", "stage"], unique=False)
    op.create_table(
        "quote",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("episode", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("rights", sa.Text(), nullable=True),
        sa.Column("fiction", sa.Boolean(), nullable=False),
        sa.Column("minted_at", sa.String(), nullable=False),
        sa.Column("retired", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_quote_episode_episode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    op.create_index(op.f("ix_quote_episode"), "quote", ["episode"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("episode", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("input_digest", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_run_episode_episode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_run_episode_stage_id"), "run", ["episode", "stage", "id"], unique=False)
    op.create_table(
        "transcript",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("episode", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("dropped", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_transcript_episode_episode")),
        sa.ForeignKeyConstraint(["recording"], ["recording.sha256"], name=op.f("fk_transcript_recording_recording")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcript")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_transcript_recording_origin"), "transcript", ["recording", "origin"], unique=False)
    op.create_table(
        "transcript_link",
        sa.Column("episode", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("rel", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_transcript_link_episode_episode")),
        sa.PrimaryKeyConstraint("episode", "position", name=op.f("pk_transcript_link")),
    )
    op.create_table(
        "redirect",
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"], name=op.f("fk_redirect_quote_quote")),
        sa.ForeignKeyConstraint(["target"], ["quote.id"], name=op.f("fk_redirect_target_quote")),
        sa.PrimaryKeyConstraint("quote", "position", name=op.f("pk_redirect")),
    )
    op.create_table(
        "selector",
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"], name=op.f("fk_selector_quote_quote")),
        sa.PrimaryKeyConstraint("quote", name=op.f("pk_selector")),
    )
    op.create_table(
        "source",
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("recording", sa.String(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(recording IS NOT NULL AND start_ms IS NOT NULL AND end_ms IS NOT NULL AND document IS NULL)"
            " OR (document IS NOT NULL AND key IS NOT NULL AND recording IS NULL)",
            name=op.f("ck_source_audio_or_document"),
        ),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name=op.f("fk_source_document_document")),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"], name=op.f("fk_source_quote_quote")),
        sa.ForeignKeyConstraint(["recording"], ["recording.sha256"], name=op.f("fk_source_recording_recording")),
        sa.PrimaryKeyConstraint("quote", "position", name=op.f("pk_source")),
    )
    op.create_index(op.f("ix_source_document_key"), "source", ["document", "key"], unique=False)
    op.create_index(op.f("ix_source_recording_start_ms"), "source", ["recording", "start_ms"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_status", sa.String(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("credit", sa.Text(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("attribution", sa.Integer(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("doubts", sa.Text(), nullable=False),
        sa.Column("edits", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["attribution"], ["attribution.id"], name=op.f("fk_version_attribution_attribution")),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"], name=op.f("fk_version_quote_quote")),
        sa.ForeignKeyConstraint(["speaker"], ["speaker.id"], name=op.f("fk_version_speaker_speaker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("quote", "seq", name=op.f("uq_version_quote_seq")),
    )
    op.create_index(op.f("ix_version_speaker"), "version", ["speaker"], unique=False)
    op.create_table(
        "excerpt",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("recording", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recording.sha256"], name=op.f("fk_excerpt_recording_recording")),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name=op.f("fk_excerpt_version_version")),
        sa.PrimaryKeyConstraint("version", "position", name=op.f("pk_excerpt")),
    )
    op.create_table(
        "passage",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"], name=op.f("fk_passage_quote_quote")),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name=op.f("fk_passage_version_version")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_passage")),
        sa.UniqueConstraint("version", name=op.f("uq_passage_version")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passage_quote"), "passage", ["quote"], unique=False)
    op.create_index(op.f("ix_passage_text_digest"), "passage", ["text_digest"], unique=False)
    op.create_table(
        "review",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("episode", sa.String(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("release_sha256", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["episode"], ["episode.id"], name=op.f("fk_review_episode_episode")),
        sa.ForeignKeyConstraint(["quote"], ["quote.id"], name=op.f("fk_review_quote_quote")),
        sa.ForeignKeyConstraint(["undoes"], ["review.number"], name=op.f("fk_review_undoes_review")),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name=op.f("fk_review_version_version")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_review")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_review_quote"), "review", ["quote"], unique=False)
    op.create_table(
        "theme_score",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["theme"], ["theme.id"], name=op.f("fk_theme_score_theme_theme")),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name=op.f("fk_theme_score_version_version")),
        sa.PrimaryKeyConstraint("version", "theme", "by", name=op.f("pk_theme_score")),
    )
    op.create_index(op.f("ix_theme_score_theme_score"), "theme_score", ["theme", "score"], unique=False)
    op.create_table(
        "clearing",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("not_before", sa.String(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["review"], ["review.number"], name=op.f("fk_clearing_review_review")),
        sa.ForeignKeyConstraint(["undone_by"], ["review.number"], name=op.f("fk_clearing_undone_by_review")),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name=op.f("fk_clearing_version_version")),
        sa.PrimaryKeyConstraint("version", "review", name=op.f("pk_clearing")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=True),
        sa.Column("recording", sa.String(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("episode", sa.String(), nullable=True),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("review", sa.Integer(), nullable=True),
        sa.Column("desk", sa.String(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('withheld', 'withdrawn')", name=op.f("ck_hold_state")),
        sa.ForeignKeyConstraint(["review"], ["review.number"], name=op.f("fk_hold_review_review")),
        sa.ForeignKeyConstraint(["undone_by"], ["review.number"], name=op.f("fk_hold_undone_by_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_hold_document_key"), "hold", ["document", "key"], unique=False)
    op.create_index(op.f("ix_hold_person"), "hold", ["person"], unique=False)
    op.create_index(op.f("ix_hold_quote"), "hold", ["quote"], unique=False)
    op.create_index(op.f("ix_hold_recording_start_ms"), "hold", ["recording", "start_ms"], unique=False)
    op.create_table(
        "voice_decision",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("spans", sa.Text(), nullable=False),
        sa.Column("speaker", sa.String(), nullable=True),
        sa.Column("review", sa.Integer(), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording"], ["recording.sha256"], name=op.f("fk_voice_decision_recording_recording")
        ),
        sa.ForeignKeyConstraint(["review"], ["review.number"], name=op.f("fk_voice_decision_review_review")),
        sa.ForeignKeyConstraint(["speaker"], ["speaker.id"], name=op.f("fk_voice_decision_speaker_speaker")),
        sa.ForeignKeyConstraint(["undone_by"], ["review.number"], name=op.f("fk_voice_decision_undone_by_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_decision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_voice_decision_recording"), "voice_decision", ["recording"], unique=False)
    fulltext.create(op.get_bind())
    # Reviews are a log: nothing that was decided is ever edited away or deleted. What a person
    # asks to have erased is the words, never the fact that something was decided.
    op.execute(
        "CREATE TRIGGER review_is_never_changed BEFORE UPDATE ON review "
        "BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END"
    )
    op.execute(
        "CREATE TRIGGER review_is_never_deleted BEFORE DELETE ON review "
        "BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END"
    )
