"""The command that measures search: its encoder, and how it grows with the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convarchive import wiring
from convarchive.cli.evaluating import DataOption, data_in
from convarchive.cli.options import JsonOption, QuietOption
from convarchive.cli.output import as_json, counting, note, say, table
from convarchive.errors import HomeNotWritable
from convarchive.evaluation.bench_archive import Whole, whole
from convarchive.evaluation.bench_encoder import Encoders, encoders
from convarchive.evaluation.bench_scale import QUERIES, Asked, Engine, Growth, Side, growth
from convarchive.evaluation.embedding_cache import copies, embedded
from convarchive.evaluation.growth_curve import Curve, drawn
from convarchive.evaluation.sentences import sentences
from convarchive.index.ports import Encoder, Vectors
from convarchive.models.shelf import default_folder, require

if TYPE_CHECKING:
    from convarchive.evaluation.peers.vectors_plain import PlainVectors

MOST_REAL = 100_000
"""Sentences of real talk; more quotes than that are copies of them."""


def search(
    data: DataOption = None,
    sizes: Annotated[
        list[int] | None, typer.Option("--size", "-n", help="How many quotes; repeat for more.", min=1000)
    ] = None,
    real: Annotated[int, typer.Option(help="Sentences at most that are real; the rest are copies.", min=1000)] = (
        MOST_REAL
    ),
    whole_upto: Annotated[
        int, typer.Option(help="The largest archive that is filled to time whole answers; 0 for none.", min=0)
    ] = 100_000,
    cache: Annotated[
        Path | None, typer.Option(help="Where vectors are kept (default: beside the models).", metavar="FOLDER")
    ] = None,
    picture: Annotated[Path | None, typer.Option(help="Draw the curves here, as SVG.", metavar="FILE")] = None,
    library: Annotated[
        bool, typer.Option("--library/--no-library", help="Stand beside sentence-transformers too, which is slow.")
    ] = True,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """
    How search grows with the archive: recall, times, bytes and builds at each size, beside engines that others take.

    Sentences are of real talk as far as they go; beyond, copies of them fill up, and it is said how many. Engines
    that are not installed are left out, and it is said which.

    Example: convarchive bench search --data references -n 10000 -n 100000 --picture growth.svg
    """
    chosen = sorted(set(sizes or (10_000, 100_000)))
    texts = sentences(data_in(data), min(max(chosen), real, MOST_REAL))
    encoder = wiring.encoder()
    with counting(quiet) as report:
        told = report("embed")
        vectors = embedded(texts, encoder, cache or default_folder() / "measurements", told)
    plain = _plain() if library else None
    both = encoders(texts, encoder, plain) if plain else None
    if both and not json:
        _show_encoders(both)
    engines = [*_engines(), *([lambda: plain] if plain else [])]
    grown: list[Growth] = []
    wholes: list[Whole] = []
    for size in chosen:
        note(f"measuring {size} quotes, {min(size, len(texts))} of them real; this may take minutes")
        some, rows, asked = _material(texts, vectors, size, encoder)
        grown.append(growth(some, rows, min(size, len(texts)), asked, wiring.empty_index, wiring.load_index, engines))
        if not json:
            _show(grown[-1])
        if size <= whole_upto:
            wholes.append(
                whole(
                    some,
                    rows,
                    asked.texts,
                    encoder,
                    wiring.empty_index,
                    wiring.reopen_index,
                    wiring.words_engine(),
                    wiring.searcher,
                )
            )
            if not json:
                _show_whole(wholes[-1])
    if picture is not None:
        _draw(picture, grown, wholes)
    if json:
        as_json({
            "encoders": both and asdict(both),
            "vectors": [asdict(one) for one in grown],
            "whole": [asdict(one) for one in wholes],
        })  # fmt: skip


def _material(
    texts: tuple[str, ...], vectors: Vectors, size: int, encoder: Encoder
) -> tuple[list[str], Vectors, Asked]:
    """Texts spread over all there are, or all and copies; and queries that are the first words of some."""
    step = max(1, len(texts) // size)
    some, rows = copies(texts[::step], vectors[::step], size)
    real = some[: len(texts)]
    queries = tuple(" ".join(text.split()[:6]) for text in real[:: max(1, len(real) // QUERIES)][:QUERIES])
    return some, rows, Asked(queries, encoder.encode(queries))


def _plain() -> PlainVectors | None:
    """The library that the model comes from, where it is installed."""
    try:
        from convarchive.evaluation.peers.vectors_plain import PlainVectors
    except ImportError as error:
        note(f"sentence-transformers is left out: {error.name} is not installed (pip install 'convarchive[convert]')")
        return None
    return PlainVectors(require(default_folder(), wiring.ENCODER) / "source")


def _engines() -> list[Callable[[], Engine]]:
    """Those that are installed."""
    from convarchive.evaluation.peers.faiss_flat import FaissFlat
    from convarchive.evaluation.peers.fts5_plain import Fts5

    found: list[Callable[[], Engine]] = [FaissFlat, Fts5]
    try:
        from convarchive.evaluation.peers.lancedb_plain import LanceDb

        found.append(LanceDb)
    except ImportError as error:
        note(f"LanceDB is left out: {error.name} is not installed (pip install 'convarchive[bench]')")
    try:
        from convarchive.evaluation.peers.txtai_plain import TxtAi

        found.append(TxtAi)
    except ImportError as error:
        note(f"txtai is left out: {error.name} is not installed (pip install 'convarchive[bench]')")
    return found


def _draw(path: Path, grown: list[Growth], wholes: list[Whole]) -> None:
    names = dict.fromkeys(side.name for one in grown for side in one.peers)
    curves = [
        Curve("convarchive, vectors", tuple((one.count, one.ours.times.half) for one in grown)),
        *(
            Curve(name, tuple((one.count, side.times.half) for one in grown for side in one.peers if side.name == name))
            for name in names
        ),
    ]
    if wholes:
        curves.append(Curve("convarchive, whole answer", tuple((one.count, one.answers.half) for one in wholes)))
    try:
        path.write_text(drawn("One search, half of them within", curves), encoding="utf-8")
    except OSError as exc:
        raise HomeNotWritable(f"{path} cannot be written ({exc.strerror}); name another with --picture") from exc


def _show_encoders(both: Encoders) -> None:
    table(
        ("work", "ours", "sentence-transformers", "times as fast"),
        [(pair.what, f"{pair.ours:.2f} ms", f"{pair.peer:.2f} ms", f"{pair.ratio:.2f}") for pair in both.pairs],
    )
    say(f"least cosine between both encoders' vectors: {both.agreement:.5f}")


def _show(one: Growth) -> None:
    say(f"{one.count} quotes, {one.real} of them real; kind {one.kind}")
    base = one.ours.times.half
    table(
        ("engine", "recall@10", "half", "19 of 20", "times ours", "bytes a quote", "made in"),
        [_row(side, base) for side in (one.ours, one.filtered, *one.peers)],
    )
    say(f"opened and first answered in {one.opening:.2f} s; a hundred vectors added in {one.adding:.2f} s, "
        f"removed in {one.removing:.2f} s, files written")  # fmt: skip


def _row(side: Side, base: float) -> tuple[str, ...]:
    return (
        side.name,
        "" if side.recall is None else f"{side.recall:.3f}",
        f"{side.times.half:.2f} ms",
        f"{side.times.most:.2f} ms",
        f"{side.times.half / base:.1f}",
        f"{side.bytes_each:.0f}",
        f"{side.hold:.1f} s",
    )


def _show_whole(one: Whole) -> None:
    say(
        f"an archive of {one.count}: index made in {one.build:.1f} s from kept vectors, {one.again:.1f} s with no news,"
    )
    say(f"  {one.update:.1f} s with a hundred new quotes; {one.bytes_each:.0f} bytes of its files a quote")
    say(f"  a new process answered after {one.start:.2f} s")
    say(f"  whole answers: half within {one.answers.half:.0f} ms, 19 of 20 within {one.answers.most:.0f} ms")
