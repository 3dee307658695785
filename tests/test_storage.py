"""Save and load: what comes back is what was put in, to the bit; anything else is a clear error that names the file."""

import io
import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.data import Vocabulary
from rnnlib.interop import load, load_words, save, storage
from rnnlib.interop.kinds import KINDS
from rnnlib.layers import (
    Dense,
    Dropout,
    Embedding,
    Recurrent,
    Stacked,
    TreeRNN,
)
from rnnlib.models import EncoderDecoder, ManyToOne, OneToMany
from tests import model_zoo, zoo

D, H, K, T, B = 3, 4, 5, 6, 2  # inputs, units, classes, steps, sequences


def rng():
    return np.random.default_rng(7)


def options(dtype):
    return {"rng": rng(), "dtype": dtype, "init": 0.8}


def model():
    body, output = Recurrent(LSTMCell(D, H, **options(np.float64))), Dense(H, K, rng=rng())
    return ManyToOne(body, output, pool="max", class_weights=[0.1, 1, 2, 3, 1 / 3])


def parts(dtype):
    """One of everything that can be saved; all of the zoos, and what they do not have."""
    given = {"rng": rng(), "dtype": dtype}
    recurrent = lambda: Recurrent(LSTMCell(K, H, **given))  # noqa: E731
    writer = {"end": 1, "start": 2, "teacher_forcing": 0.5}
    more = {
        "stacked, dropout": Stacked(
            [Recurrent(RNNCell(D, H, **given)), Recurrent(GRUCell(H, H, **given))], dropout=0.25
        ),
        "frozen": Embedding(K, D, frozen=True, **given),
        "tree": TreeRNN(D, H, **given),
        "dense": Dense(D, H, **given),
        "whole dropout": Dropout(D, 0.5, whole=True),
        "weights and classes": ManyToOne(
            recurrent(), Dense(H, 2, **given), pool="max", class_weights=[0.1, 1 / 3], classes=("坏", "gut")
        ),
        "one to many": OneToMany(Dense(D, H, **given), recurrent(), Dense(H, K, **given), **writer),
        "encoder and decoder": EncoderDecoder(recurrent(), recurrent(), Dense(H, K, **given), **writer),
    }
    zoos = {name: zoo.cell(name, dtype=dtype) for name in zoo.CELLS}
    zoos |= {f"{name}, over time": zoo.layer(name, dtype=dtype) for name in zoo.LAYERS}
    return zoos | {name: model_zoo.model(name, dtype=dtype) for name in model_zoo.MODELS} | more


def settings(part):
    """All that a part has besides its weights."""
    plain = (str, int, float, bool, tuple, type(None))
    found = {name: value for name, value in vars(part).items() if isinstance(value, plain)}
    return found | {f"{name}.{key}": value for name, p in part.parts().items() for key, value in settings(p).items()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


@pytest.fixture
def saved(path):
    save(model(), path, vocabulary=["bad", "good", "so"])
    return path


# ---- there and back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", parts(np.float64))
def test_what_is_loaded_has_the_same_settings_and_weights_to_the_bit(name, dtype, path):
    part = parts(dtype)[name]
    for array in part.params.values():
        array += rng().standard_normal(array.shape).astype(dtype)  # biases and peepholes that start as zeros too
    save(part, path)
    again = load(path)
    assert type(again) is type(part) and repr(again) == repr(part) and repr(settings(again)) == repr(settings(part))
    np.testing.assert_equal(again.params, part.params)
    np.testing.assert_equal(getattr(again, "class_weights", None), getattr(part, "class_weights", None))
    assert {array.dtype for array in again.params.values()} <= {np.dtype(dtype)}


@pytest.mark.parametrize("name", model_zoo.MODELS)
def test_a_loaded_model_answers_to_the_bit(name, path):
    model = model_zoo.model(name)
    x, y, more = model_zoo.data(model)
    save(model, path)
    np.testing.assert_equal(load(path).gradients(x, y, **more), model.gradients(x, y, **more))


def test_every_public_part_can_be_saved():
    import rnnlib.cells
    import rnnlib.layers
    import rnnlib.models

    helpers = {"Cell", "State", "hold", "Layer", "Forest", "Batch", "Model", "Written"}
    named = {*rnnlib.cells.__all__, *rnnlib.layers.__all__, *rnnlib.models.__all__}
    assert set(KINDS) == named - helpers | {"LanguageModel"}


def test_a_matrix_that_lies_the_other_way_round_in_memory_keeps_its_way(path):
    layer = Recurrent(RNNCell(D, H, **options(np.float64)))
    layer.cell.W_xh = np.asfortranarray(layer.cell.W_xh)
    save(layer, path)
    assert load(path).cell.W_xh.flags.f_contiguous
    x = zoo.inputs_for(layer, 4, 2)
    np.testing.assert_array_equal(load(path).forward(x)[0], layer.forward(x)[0])


def test_words_go_along_one_for_each_number_that_a_model_reads(path):
    words = Vocabulary(["gut", "坏", "b"])
    save(model(), path, vocabulary=words)
    assert Vocabulary(load_words(path)) == words
    for wrong in (["x"], ["a", "a", "b"], []):
        with pytest.raises(ValueError, match="vocabulary: expected"):
            save(model(), path, vocabulary=wrong)
    assert Vocabulary(load_words(path)) == words
    save(model(), path)
    with pytest.raises(ValueError, match="saved without one"):
        load_words(path)


def test_the_same_model_gives_the_same_bytes(path, tmp_path):
    for name in ("a", "b"):
        save(model(), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


# ---- what cannot be saved -----------------------------------------------------------------------------------------


def test_a_class_of_one_s_own_is_refused_because_it_would_need_its_code(path):
    class Mine(RNNCell):
        pass

    with pytest.raises(ValueError, match=r"cell\.: expected a class of this library.*got Mine"):
        save(Recurrent(Mine(D, H, **options(np.float64))), path)


def test_a_part_that_stands_in_two_places_is_refused(path):
    stacked = Stacked([Recurrent(RNNCell(H, H, **options(np.float64))) for _ in range(2)])
    stacked.layers[1] = stacked.layers[0]
    with pytest.raises(ValueError, match="stands in two places"):
        save(stacked, path)


# ---- written whole or not at all ----------------------------------------------------------------------------------


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_else(saved, monkeypatch):
    before = saved.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space left"):
        save(zoo.layer("lstm"), saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == [saved.name]


def test_the_new_file_takes_its_place_only_when_it_is_on_the_disk(saved, monkeypatch):
    order = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (order.append(name), real(*a))[1])
    save(zoo.layer("rnn tanh"), saved)
    assert order[:2] == ["fsync", "replace"]
    assert isinstance(load(saved), Recurrent)


def test_a_link_stays_a_link(saved, tmp_path):
    link = tmp_path / "link.npz"
    try:
        link.symlink_to(saved)
    except OSError:
        pytest.skip("no symbolic links on this system")
    save(zoo.layer("rnn tanh"), link)
    assert link.is_symlink()
    assert isinstance(load(saved), Recurrent)


# ---- files that are not right -------------------------------------------------------------------------------------


def refused(path, message=None):
    with pytest.raises(ValueError, match=message) as error:
        load(path)
    assert str(error.value).startswith(f"{path}: ")
    return str(error.value)


def entries(path):
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def rewrite(path, contents, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in contents.items():
            file.writestr(name, content)


def change_manifest(path, change, sign=True):
    """A manifest with something else in it, and a checksum that is right for it."""
    contents = entries(path)
    manifest = json.loads(contents["manifest.json"])
    change(manifest)
    if sign:
        manifest["checksum"] = storage._checksum(manifest)
    rewrite(path, contents | {"manifest.json": json.dumps(manifest).encode()})


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80\x04N.", b"PK\x03\x04" + bytes(40), bytes(5000)])
def test_a_foreign_file_is_refused(content, path):
    path.write_bytes(content)
    refused(path)
    np.savez(path, W=np.zeros(3))
    refused(path, "not a file of this library: it has no manifest.json")


def test_a_file_that_is_cut_or_swollen_is_refused(saved):
    content = saved.read_bytes()
    cuts = [content[: int(len(content) * share)] for share in (0.05, 0.5, 0.9, 0.999)]
    for wrong in (*cuts, content + bytes(5000), bytes(5000) + content):
        saved.write_bytes(wrong)
        refused(saved)


def test_pickled_objects_are_never_read(saved, tmp_path):
    class Bomb:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    content = io.BytesIO()
    np.save(content, np.array([Bomb()], dtype=object), allow_pickle=True)
    contents = entries(saved) | {"output.b_y.npy": content.getvalue()}

    def relabel(manifest):
        spare = len(content.getvalue()) - 8
        manifest["arrays"]["output.b_y"] |= {"shape": [1], "sha256": "0"}
        assert spare < 1024

    rewrite(saved, contents)
    change_manifest(saved, relabel)
    refused(saved, "output.b_y: expected")
    assert not (tmp_path / "ran").exists()


def test_no_changed_byte_changes_the_model_unnoticed(path):
    """Every third byte in turn: an error that names the file, or (a date, a flag that nobody reads) the same model."""
    layer = Recurrent(RNNCell(1, 1, **options(np.float64)))
    save(layer, path)
    content, x = path.read_bytes(), np.ones((2, 1, 1))
    expected, noticed, places = layer.forward(x)[0], 0, range(0, len(content), 3)
    for place in places:
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x5A]) + content[place + 1 :])
        try:
            np.testing.assert_array_equal(load(path).forward(x)[0], expected)
        except ValueError as error:
            assert str(error).startswith(f"{path}: ")
            noticed += 1
    assert noticed > 0.8 * len(places)


def test_a_changed_number_is_found_by_its_checksum(saved):
    contents = entries(saved)
    numbers = bytearray(contents["output.W_hy.npy"])
    numbers[-1] ^= 1
    rewrite(saved, contents | {"output.W_hy.npy": bytes(numbers)})
    refused(saved, "output.W_hy has been changed: its checksum is another one")
    rewrite(saved, contents)
    change_manifest(saved, lambda m: m["model"]["arguments"].update(pool="mean"), sign=False)
    refused(saved, "manifest.json has been changed")


def test_a_missing_or_added_array_is_named(saved):
    contents = entries(saved)
    removed = contents.pop("output.b_y.npy")
    rewrite(saved, contents)
    refused(saved, r"not those of its manifest: \['output.b_y.npy'\]")
    rewrite(saved, contents | {"output.b_y.npy": removed, "other.npy": removed})
    refused(saved, r"\['other.npy'\]")


def test_compressed_entries_are_refused_before_they_swell(saved):
    bomb = io.BytesIO()
    np.save(bomb, np.zeros((2000, 2000)))
    rewrite(saved, entries(saved) | {"output.W_hy.npy": bomb.getvalue()}, zipfile.ZIP_DEFLATED)
    refused(saved, "compressed ones can swell")


def test_a_name_that_stands_twice_is_refused(saved):
    contents = entries(saved)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(saved, "a") as file:
        file.writestr("output.b_y.npy", contents["output.b_y.npy"])
    refused(saved, "stands in it twice")


def manifest_change(*keys, **values):
    def change(manifest):
        place = manifest
        for key in keys:
            place = place[key]
        place.update(values)

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (manifest_change(format="other"), "says another format"),
        (manifest_change("arrays", "output.b_y", shape=[10**9]), r"does not fit its"),
        (manifest_change("arrays", "output.b_y", shape=[5.0]), "expected sizes"),
        (manifest_change(version=2), "expected format version 1, got 2; a newer library reads it"),
        (manifest_change("arrays", "output.b_y", dtype="object"), "expected sizes and float32 or float64"),
        (manifest_change("arrays", "output.b_y", shape=[1, 5]), r"expected \[1, 5\] of float64, got \[5\] of float64"),
        (manifest_change("model", kind="Popen"), "expected one of RNNCell, .*got 'Popen'"),
        (manifest_change("model", kind="OneToOne"), "the arguments or parts are not those of OneToOne"),
        (manifest_change("model", "arguments", pool="median"), "pool: expected"),
        (manifest_change("model", "arguments", classes=5), "cut, changed"),
        (manifest_change("model", "parts", "output", "arguments", outputs=10**12), "asks for more than its 25 numbers"),
        (manifest_change("model", "parts", "output", "arguments", outputs=4), "expected"),
        (manifest_change("model", "parts", "body", "parts", "cell", "arguments", peepholes=True), "expected the"),
        (manifest_change("model", "parts", body=7), "cut, changed"),
        (manifest_change(vocabulary=["a", "a"]), "vocabulary: expected distinct words"),
    ],
)  # fmt: skip
def test_a_manifest_that_does_not_fit_is_refused_even_if_its_checksum_does(saved, change, message):
    change_manifest(saved, change)
    refused(saved, message)


def test_a_manifest_that_is_nested_without_end_is_refused(saved):
    for deep in ("[" * 100_000, '{"format": "rnnlib", "version": 1, "model": ' + "[" * 900 + "]" * 900 + "}"):
        rewrite(saved, entries(saved) | {"manifest.json": deep.encode()})
        refused(saved)


def test_parts_that_are_nested_without_end_are_refused(saved):
    def bury(manifest):
        node = manifest["model"]
        for _ in range(200):
            node = {"kind": "Stacked", "arguments": {}, "parts": {"layers": [node]}}
        manifest["model"] = node

    change_manifest(saved, bury)
    refused(saved, "at most 50 parts inside each other")


def test_a_file_that_is_too_large_is_refused_unread(saved, monkeypatch):
    monkeypatch.setattr(storage, "LARGEST", 100)
    refused(saved, "expected at most 100 bytes")
