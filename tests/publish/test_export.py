"""Exports: every record once, safe in a spreadsheet, and only what the audience may take away."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convarchive.errors import BadInput
from convarchive.publish.export import COLUMNS, export, file_name
from fakes.records import PLAIN, PRINTED


def table(*records):
    text = "".join(export(records, "csv", "researcher"))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_jsonl_is_one_record_a_line():
    made = "".join(export([PLAIN, PRINTED], "jsonl", "researcher"))
    assert [json.loads(line) for line in made.splitlines()] == [PLAIN, PRINTED]


def test_line_separators_inside_words_do_not_make_more_lines():
    made = "".join(export([PLAIN | {"text": "one\u2028two\nthree"}], "jsonl", "researcher"))
    assert made.count("\n") == 1
    assert json.loads(made)["text"] == "one\u2028two\nthree"


def test_the_table_names_every_column_and_says_the_status():
    heard, printed = table(PLAIN, PRINTED)
    assert tuple(heard) == COLUMNS
    assert heard["status"] == "words heard by machine, not checked; name probable; not cleared for publication"
    assert printed["status"] == "as printed; not checked against audio; cleared for publication"
    assert (heard["start_ms"], heard["end_ms"]) == ("61500", "64000")
    assert (printed["start_ms"], printed["recording_sha256"]) == ("", "")
    assert heard["themes"] == "leadership"
    assert heard["speaker"] == "Ada Example"


def test_nobody_and_nothing_stay_empty_cells():
    (row,) = table(PLAIN | {"speaker": None, "episode": None, "sources": [], "excerpts": []})
    assert row["speaker"] == row["episode"] == row["source"] == row["start_ms"] == ""


def test_no_quotes_are_a_table_with_a_heading_only():
    assert table() == []
    assert "".join(export([], "csv", "public")).startswith("id,fiction,text")
    assert "".join(export([], "jsonl", "public")) == ""


def test_fiction_is_written_into_the_row_and_the_files_name():
    (row,) = table(PLAIN | {"fiction": True})
    assert row["fiction"] == "FICTION"
    assert file_name([PLAIN, PLAIN | {"fiction": True}], "csv") == "fiction-quotes.csv"
    assert file_name([PLAIN], "jsonl") == "quotes.jsonl"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_never_starts_a_formula(start):
    attack = f"{start}HYPERLINK(1)"
    (row,) = table(PLAIN | {"text": attack, "rights": attack, "edits": [attack]})
    assert row["text"] == row["rights"] == row["edits"] == f"'{attack}"


@given(st.text())
def test_words_come_back_from_the_table_as_they_went_in(words):
    (row,) = table(PLAIN | {"text": words})
    assert row["text"].removeprefix("'") == words.removeprefix("'")
    assert not row["text"].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("form", ["zotero", "", "xlsx", "json"])
def test_an_unknown_form_is_refused_before_anything_is_written(form):
    with pytest.raises(BadInput, match="jsonl, csv"):
        export([PLAIN], form, "public")
