"""
Measures how well voices are told apart: who spoke when, how many there were, and who said which words.

Diarization error rate (DER) = (missed + false alarm + confused) / speech, over whole
recordings with overlapping speech counted. A quarter of a second on either side of each
border of the reference is not scored: people mark borders no better than that. cpWER is
the word error rate with every voice's words joined and voices matched as well as they
can be; what it has over the plain WER is the price of words given to the wrong voice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jiwer
import meeteval
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate
from whisper_normalizer.english import EnglishTextNormalizer

from convarchive.domain.speech import Turn, Utterance
from convarchive.evaluation.asr import Hear
from convarchive.evaluation.speech import Reference
from convarchive.ingest import rttm, utterances

COLLAR = 0.5
"""Seconds left out around each border of the reference, half before it and half after."""

Tell = Callable[[Path], tuple[Turn, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """How many words were said, and how many errors were made: in any voice (WER), and voice by voice (cpWER)."""

    said: int
    errors: int
    errors_by_voice: int


@dataclass(frozen=True, slots=True)
class Told:
    """
    One recording: seconds of speech that were scored, of these missed and confused, seconds
    of false alarm, voices found and voices there are. `words` is None without reference words.
    """

    id: str
    speech: float
    missed: float
    false_alarm: float
    confused: float
    voices: int
    expected: int
    words: Words | None

    @property
    def der(self) -> float:
        """Diarization error rate, 0 to 1 (or above)."""
        return (self.missed + self.false_alarm + self.confused) / self.speech if self.speech else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """All recordings as one system told their voices apart."""

    rows: tuple[Told, ...]

    @property
    def der(self) -> float:
        """Pooled diarization error rate: each recording counts by its speech."""
        speech = sum(row.speech for row in self.rows)
        return sum(row.missed + row.false_alarm + row.confused for row in self.rows) / speech if speech else 0.0

    @property
    def wer(self) -> float | None:
        """Pooled word error rate over the recordings with words; None where there is none."""
        return self._rate([row.words.errors for row in self.rows if row.words])

    @property
    def cpwer(self) -> float | None:
        """The same, voice by voice."""
        return self._rate([row.words.errors_by_voice for row in self.rows if row.words])

    def _rate(self, errors: Sequence[int]) -> float | None:
        said = sum(row.words.said for row in self.rows if row.words)
        return sum(errors) / said if said else None


def score(
    recordings: Sequence[Reference],
    tell: Tell,
    hear: Hear | None = None,
    *,
    runs: Path | None = None,
    name: str = "ours",
) -> Score:
    """
    Tell the voices of every recording apart and compare them with its reference.

    With `hear`, the words of recordings that have reference words are scored voice by
    voice. With `runs`, the raw turns and utterances are also written there, as
    `NAME.rttm` and `NAME.stm`, for others to score. Raises what `tell` and `hear` raise.
    """
    rows: list[Told] = []
    turns_written: list[str] = []
    words_written: list[str] = []
    for recording in recordings:
        turns = tell(recording.audio)
        turns_written.append(rttm.written(turns, recording.id))
        words = None
        if hear is not None and recording.said:
            spoken = utterances.join(hear(recording.audio).words, turns)
            words_written.append(stm(spoken, recording.id))
            words = _words(recording, spoken)
        rows.append(_told(recording, turns, words))
    if runs is not None:
        runs.mkdir(parents=True, exist_ok=True)
        (runs / f"{name}.rttm").write_text("".join(turns_written), encoding="utf-8")
        if hear is not None:
            (runs / f"{name}.stm").write_text("".join(words_written), encoding="utf-8")
    return Score(tuple(rows))


def stm(spoken: Sequence[Utterance], recording: str) -> str:
    """Utterances as NIST STM: recording, channel, voice, start and end in seconds, words."""
    return "".join(
        f"{recording} 1 {u.label or 'unknown'} {u.span.start / 1000:.3f} {u.span.end / 1000:.3f} {u.text}\n"
        for u in spoken
    )


def yardstick(data: Path) -> dict[str, float]:
    """
    What plain parts reached before, by recording (DER, 0 to 1), as the data's own README tells it.

    Empty where there is no README, or none that speaks of DER.
    """
    for folder in (data, data.parent):
        readme = folder / "README.md"
        if readme.is_file():
            told = re.search(r"DER with a 0\.25 s collar(.*?)\. On ", readme.read_text(encoding="utf-8"), re.DOTALL)
            if told:
                plain = re.sub(r"\([^)]*\)", "", told[1])
                return {name: float(rate) / 100 for name, rate in re.findall(r"(\w+)\s+(\d+\.\d+) %", plain)}
    return {}


def table(found: Score, before: Mapping[str, float]) -> str:
    """The score as lines for a person, each recording beside what the yardstick reached."""
    lines = [f"{'recording':<18}{'DER':>7}{'missed':>8}{'false':>7}{'conf.':>7}{'before':>8}  voices    WER  cpWER"]
    for row in found.rows:
        parts = [part / row.speech if row.speech else 0.0 for part in (row.missed, row.false_alarm, row.confused)]
        then = f"{before[row.id]:>8.1%}" if row.id in before else f"{'–':>8}"
        words = "      –      –"
        if row.words:
            words = f"{row.words.errors / row.words.said:>7.1%}{row.words.errors_by_voice / row.words.said:>7.1%}"
        counted = f"{row.voices} of {row.expected}"
        rates = f"{row.der:>7.1%}{parts[0]:>8.1%}{parts[1]:>7.1%}{parts[2]:>7.1%}"
        lines.append(f"{row.id:<18}{rates}{then}  {counted:<7}{words}")
    lines.append(f"{'pooled':<18}{found.der:>7.1%}")
    if found.wer is not None and found.cpwer is not None:
        lines[-1] += f"{'':>40}{found.wer:>6.1%}{found.cpwer:>7.1%}"
    return "\n".join(lines)


def _told(recording: Reference, turns: Sequence[Turn], words: Words | None) -> Told:
    truth, ours = Annotation(uri=recording.id), Annotation(uri=recording.id)
    for at, stretch in enumerate(recording.spoken):
        truth[Segment(stretch.span.start / 1000, stretch.span.end / 1000), at] = stretch.speaker
    for at, turn in enumerate(turns):
        ours[Segment(turn.span.start / 1000, turn.span.end / 1000), at] = str(turn.label)
    ends = [*(stretch.span.end for stretch in recording.spoken), *(turn.span.end for turn in turns)]
    whole = Timeline([Segment(0, max(ends, default=0) / 1000)])
    parts = DiarizationErrorRate(collar=COLLAR).compute_components(truth, ours, uem=whole)
    return Told(
        id=recording.id,
        speech=float(parts["total"]),
        missed=float(parts["missed detection"]),
        false_alarm=float(parts["false alarm"]),
        confused=float(parts["confusion"]),
        voices=len({turn.label for turn in turns}),
        expected=len({stretch.speaker for stretch in recording.spoken}),
        words=words,
    )


def _words(recording: Reference, spoken: Sequence[Utterance]) -> Words:
    normal = EnglishTextNormalizer()
    truth = normal(recording.text)
    compared = jiwer.process_words(truth, normal(" ".join(utterance.text for utterance in spoken)))
    said: dict[str, str] = {}
    for stretch in recording.said:
        said[stretch.speaker] = f"{said.get(stretch.speaker, '')} {stretch.text}"
    heard: dict[str, str] = {}
    for utterance in spoken:
        voice = utterance.label or "unknown"
        heard[voice] = f"{heard.get(voice, '')} {utterance.text}"
    matched = meeteval.wer.cp_word_error_rate(
        {voice: normal(text) for voice, text in said.items()},
        {voice: normal(text) for voice, text in heard.items()},
        reference_sort=False,
        hypothesis_sort=False,
    )
    errors = compared.substitutions + compared.deletions + compared.insertions
    return Words(len(truth.split()), errors, int(matched.errors))
