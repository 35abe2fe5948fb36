"""The server as a whole: its own names, its headers, and a description that fits what it does."""

import json
import typing

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from convarchive.api import facet_schemas, near_schemas, schemas
from convarchive.api.doors import hosts_for
from convarchive.domain.audience import AUDIENCES
from convarchive.publish import facets, lists, record, theme_record
from fakes.keyed import bearer, key_for
from fakes.open_doors import app_of, opened, served

API = "/api/v1"


@pytest.mark.slow(alone=False)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[::2]"])
def test_a_page_elsewhere_cannot_pose_as_this_server(public, host):
    answer = public.get(f"{API}/themes", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
def test_this_machine_may_call_it_by_its_own_names(public, host):
    assert public.get(f"{API}/themes", headers={"Host": host}).status_code == 200


def test_a_server_for_everybody_answers_to_any_name(archive):
    assert hosts_for("0.0.0.0") is None
    with opened(archive, hosts=None) as doors:
        client = TestClient(app_of(doors), base_url="http://archive.example")
        assert client.get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_once_a_search_runs_through(public):
    assert public.get("/readyz").json() == {"status": "ready"}


def test_pages_may_load_nothing_from_elsewhere_and_run_nothing_inline(public):
    policy = public.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy


def test_only_named_sites_may_read_answers_and_never_with_cookies(archive):
    with opened(archive, allowed_origins=("https://www.example",)) as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        known = client.get(f"{API}/themes", headers={"Origin": "https://www.example"})
        other = client.get(f"{API}/themes", headers={"Origin": "https://other.example"})
    assert known.headers["access-control-allow-origin"] == "https://www.example"
    assert "access-control-allow-credentials" not in known.headers
    assert "access-control-allow-origin" not in other.headers


def test_permalinks_are_printed_once_the_archive_has_an_address(archive, public):
    quote = archive.ids["cleared"]
    assert public.get(f"{API}/quotes/{quote}").json()["permalink"] is None
    with opened(archive, public_url="https://archive.example") as doors:
        client = TestClient(app_of(doors), base_url="http://127.0.0.1")
        assert client.get(f"{API}/quotes/{quote}").json()["permalink"] == f"https://archive.example/q/{quote}"


PAIRS = [
    (schemas.QuoteRecord, record.QuoteRecord),
    (schemas.ExcerptRecord, record.ExcerptRecord),
    (schemas.SpeakerRecord, record.SpeakerRecord),
    (schemas.EvidenceRecord, record.EvidenceRecord),
    (schemas.AttributionRecord, record.AttributionRecord),
    (schemas.EpisodeStub, record.EpisodeRecord),
    (schemas.SourceRecord, record.SourceRecord),
    (schemas.ThemeScoreRecord, record.ThemeRecord),
    (schemas.HitRecord, record.HitRecord),
    (schemas.WhyRecord, record.WhyRecord),
    (schemas.IndexRecord, record.IndexRecord),
    (schemas.SearchAnswer, record.AnswerRecord),
    (facet_schemas.FacetsRecord, facets.FacetsRecord),
    (facet_schemas.FacetRecord, facets.FacetRecord),
    (schemas.EpisodeRecord, lists.EpisodeListing),
    (schemas.PersonRecord, lists.PersonListing),
    (schemas.CreditRecord, lists.CreditListing),
    (schemas.ThemeRecord, lists.ThemeListing),
    (near_schemas.LikesAnswer, record.LikesRecord),
    (near_schemas.ThemePortrait, theme_record.PortraitRecord),
    (near_schemas.MemberRecord, theme_record.MemberRecord),
    (near_schemas.VoiceShare, theme_record.VoiceShare),
    (near_schemas.PeriodRecord, theme_record.PeriodRecord),
    (near_schemas.NeighbourRecord, theme_record.NeighbourRecord),
]


@pytest.mark.parametrize(("schema", "typed"), PAIRS, ids=lambda one: one.__name__)
def test_the_description_has_exactly_the_fields_that_are_sent(schema: type[BaseModel], typed):
    described = [field.alias or name for name, field in schema.model_fields.items()]
    assert described == list(typing.get_type_hints(typed))


def test_real_answers_fit_their_description(researcher, archive):
    for path, schema in (
        ("search?q=power", schemas.SearchAnswer),
        ("search?q=power&facets=true&source=audio&role=guest", schemas.SearchAnswer),
        (f"quotes/{archive.ids['elided']}", schemas.QuoteRecord),
        (f"quotes/{archive.ids['slow']}", schemas.QuoteRecord),
        (f"quotes/{archive.ids['slow']}/similar", near_schemas.LikesAnswer),
        ("themes/leadership", near_schemas.ThemePortrait),
        ("themes", schemas.ThemePage),
        ("themes/leadership/quotes", schemas.QuotePage),
        ("speakers", schemas.PersonPage),
        ("episodes", schemas.EpisodePage),
        (f"episodes/{archive.episode}/transcript", schemas.TranscriptRecord),
    ):
        schema.model_validate_json(researcher.get(f"{API}/{path}").content)


@pytest.mark.slow(alone=False)
def test_the_openapi_document_tells_every_path_with_invented_people(public):
    document = public.get(f"{API}/openapi.json").json()
    assert {path for path in document["paths"] if path.startswith(API)} >= {
        f"{API}/{path}"
        for path in (
            "search", "quotes/{quote}", "quotes/{quote}/clip", "quotes/{quote}/similar", "themes", "themes/{theme}",
            "themes/{theme}/quotes", "speakers",
            "speakers/{speaker}/quotes", "episodes", "episodes/{episode}", "episodes/{episode}/transcript",
            "audio/{sha256}",
        )
    }  # fmt: skip
    whys = document["components"]["schemas"]["WhyRecord"]
    assert all(one["description"] for one in whys["properties"].values())
    # Who reads it has no code to look into.
    assert "publish.record" not in json.dumps(document)
    schema = document["components"]["schemas"]["QuoteRecord"]
    example = schema["examples"][0]
    schemas.QuoteRecord.model_validate(example)
    assert example["fiction"] is True
    assert example["speaker"]["name"] == "Ada Example"
    assert "application/problem+json" in json.dumps(document)


@pytest.mark.slow
@pytest.mark.parametrize("audience", [None, *AUDIENCES])
def test_no_request_gets_an_answer_that_breaks_the_description(own, audience):
    key = key_for(own, audience) if audience else None
    with opened(own) as doors, served(app_of(doors)) as address:
        schema = schemathesis.openapi.from_url(f"{address}{API}/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations()]
        assert {operation.method for operation in operations} == {"get", "post"}
        for operation in operations:
            _hold_to_its_word(operation, key)


def _hold_to_its_word(operation, key):
    @given(operation.as_strategy())
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def call(case):
        # No schema can say which ids, cursors and questions make sense: those that do not are 404 and 422.
        case.call_and_validate(
            excluded_checks=[positive_data_acceptance], headers=bearer(key) if key else {}, allow_redirects=False
        )

    call()


@pytest.mark.slow
@pytest.mark.parametrize("audience", [None, *AUDIENCES])
def test_decisions_that_fit_the_description_are_taken_or_refused_as_it_says(own, audience):
    headers = bearer(key_for(own, audience)) if audience else {}
    with opened(own) as doors, served(app_of(doors)) as address:
        schema = schemathesis.openapi.from_url(f"{address}{API}/openapi.json")
        operation = schema[f"{API}/quotes/{{quote}}/reviews"]["POST"]
        quotes = st.sampled_from(sorted(own.ids.values()))
        statuses = set()

        @given(operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE), quotes)
        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def call(case, quote):
            case.path_parameters = {"quote": quote}
            with doors.catalogue.reading("editor") as read:
                found = read.quotes([quote])
            if found and isinstance(case.body, dict):
                case.body = case.body | {"version": found[0].version}
                case.body.pop("seen", None)
            answer = case.call_and_validate(
                excluded_checks=[positive_data_acceptance], headers=headers, allow_redirects=False
            )
            statuses.add(answer.status_code)

        call()
    assert (201 in statuses) is (audience == "editor")
