"""Save and load: what comes back is what was put in, to the bit; anything else is a clear error that names the file."""

import hashlib
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
    Bidirectional,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    Forest,
    Recurrent,
    Stacked,
    TreeRNN,
)
from rnnlib.models import EncoderDecoder, ManyToMany, ManyToOne, OneToMany, OneToOne

D, H, K, T, B = 3, 4, 5, 6, 2  # inputs, units, classes, steps, sequences


def rng():
    return np.random.default_rng(7)


def options(dtype):
    return {"rng": rng(), "dtype": dtype, "init": 0.8}


def cells(dtype):
    given = options(dtype)
    return {
        "rnn": RNNCell(D, H, **given),
        "rnn relu, no bias": RNNCell(D, H, activation="relu", bias=False, **given),
        "rnn linear": RNNCell(D, H, activation="linear", **given),
        "lstm": LSTMCell(D, H, **given),
        "lstm peepholes": LSTMCell(D, H, peepholes=True, **given),
        "gru": GRUCell(D, H, **given),
        "gru reset before, no bias": GRUCell(D, H, reset_after=False, bias=False, **given),
    }


def layers(dtype):
    given = options(dtype)
    result = {name: Recurrent(cell) for name, cell in cells(dtype).items()}
    result["reverse"] = Recurrent(GRUCell(D, H, **given), reverse=True)
    result["both"] = Bidirectional(Recurrent(LSTMCell(D, H, **given)), Recurrent(LSTMCell(D, 2, **given), reverse=True))
    result["stacked"] = Stacked([Recurrent(RNNCell(D, H, **given)), Recurrent(GRUCell(H, H, **given))], dropout=0.25)
    result["conv"] = Conv1D(D, H, kernel=2, dilation=2, causal=False, activation=None, **given)
    result["frozen"] = Stacked(
        [Embedding(K, D, rng=rng(), frozen=True, dtype=dtype), Recurrent(RNNCell(D, H, **given))]
    )
    result["embedding"] = Embedding(K, D, rng=rng(), dtype=dtype)
    return result


def models(dtype):
    given = options(dtype)
    body = lambda inputs=D: Recurrent(LSTMCell(inputs, H, **given))  # noqa: E731
    output = lambda outputs=K: Dense(H, outputs, **given)  # noqa: E731
    writer = {"end": 1, "start": 2, "teacher_forcing": 0.5}
    return {
        "one to one": OneToOne(body(), output(), loss="binary_cross_entropy"),
        "many to one": ManyToOne(body(), output(), pool="max", class_weights=[0.1, 1, 2, 3, 1 / 3]),
        "many to one, mean": ManyToOne(body(), output(2), pool="mean", classes=("坏", "gut")),
        "many to many": ManyToMany(body(), output(1), loss="mean_squared_error"),
        "one to many": OneToMany(Dense(D, H, **given), body(K), output(), **writer),
        "encoder decoder": EncoderDecoder(body(), body(K), output(), **writer),
    }


def predictions(part):
    """What a part makes of one input, as a list of arrays or of what was written."""
    x = rng().standard_normal((T, B, D)).astype(part.dtype)
    if isinstance(part, (OneToOne, OneToMany)):
        return part.predict(x[0])
    if hasattr(part, "predict"):
        return part.predict(x, [T, 3])
    if getattr(part, "takes_ids", False):
        x = rng().integers(0, K, (T, B))
    return part.forward(x, lengths=[T, 3])[0]


def every_array(part):
    return {name: array.copy() for name, array in part.params.items()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


@pytest.fixture
def saved(path):
    save(models(np.float64)["many to one"], path, vocabulary=["bad", "good", "so"])
    return path


# ---- there and back -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", [*layers(np.float64), *models(np.float64)])
def test_what_is_loaded_predicts_the_same_bits(name, dtype, path):
    part = (layers(dtype) | models(dtype))[name]
    for array in part.params.values():
        array += rng().standard_normal(array.shape).astype(dtype)  # biases and peepholes that start as zeros too
    save(part, path)
    again = load(path)
    assert repr(again) == repr(part)
    np.testing.assert_equal(predictions(again), predictions(part))
    np.testing.assert_equal(every_array(again), every_array(part))
    assert {array.dtype for array in every_array(again).values()} <= {np.dtype(dtype)}


@pytest.mark.parametrize("name", models(np.float64))
def test_what_is_loaded_learns_the_same(name, path):
    model = models(np.float64)[name]
    save(model, path)
    x, steps = rng().standard_normal((T, B, D)), model.y_time
    x = x if model.x_time else x[0]
    y = rng().integers(0, model.output.outputs, (T, B) if steps else (B,))
    if model.loss_name != "cross_entropy":
        y = rng().integers(0, 2, (*y.shape, model.output.outputs)).astype(float)
    np.testing.assert_equal(load(path).gradients(x, y), model.gradients(x, y))


def test_a_tree_network_comes_back(path):
    tree = TreeRNN(D, H, **options(np.float64))
    save(tree, path)
    forest = Forest(rng().standard_normal((3, 1, D)), (((0, 1), 2),))
    np.testing.assert_array_equal(load(path).forward(forest)[0], tree.forward(forest)[0])


@pytest.mark.parametrize(
    "part", [*cells(np.float64).values(), Dense(2, 3, rng=rng()), Dropout(3, 0.5), Dropout(3, 0.5, whole=True)]
)
def test_a_cell_or_a_plain_layer_alone_comes_back(part, path):
    save(part, path)
    assert type(load(path)) is type(part) and repr(load(path)) == repr(part)
    np.testing.assert_equal(every_array(load(path)), every_array(part))


def test_every_public_part_can_be_saved():
    import rnnlib.cells
    import rnnlib.layers
    import rnnlib.models

    helpers = {"Cell", "State", "hold", "Layer", "Forest", "Batch", "Model", "Written"}
    named = {*rnnlib.cells.__all__, *rnnlib.layers.__all__, *rnnlib.models.__all__}
    assert set(KINDS) == named - helpers | {"LanguageModel"}


def test_settings_that_are_no_weights_come_back(path):
    model = models(np.float32)["many to one"]
    save(model, path)
    again = load(path)
    assert (again.pool, again.loss_name, again.classes) == ("max", "cross_entropy", model.classes)
    np.testing.assert_array_equal(again.class_weights, model.class_weights)
    assert again.class_weights.dtype == np.float32
    writer = models(np.float64)["encoder decoder"]
    save(writer, path)
    again = load(path)
    assert (again.end, again.start, again.teacher_forcing) == (1, 2, 0.5)


def test_a_matrix_that_lies_the_other_way_round_in_memory_keeps_its_way(path):
    layer = Recurrent(RNNCell(D, H, **options(np.float64)))
    layer.cell.W_xh = np.asfortranarray(layer.cell.W_xh)
    save(layer, path)
    assert load(path).cell.W_xh.flags.f_contiguous
    np.testing.assert_array_equal(predictions(load(path)), predictions(layer))


def test_words_come_back_in_their_order(path):
    words = Vocabulary(["gut", "坏", "b"])
    save(layers(np.float64)["rnn"], path, vocabulary=words)
    assert Vocabulary(load_words(path)) == words


def test_a_file_without_words_says_so(path):
    save(layers(np.float64)["rnn"], path)
    with pytest.raises(ValueError, match="saved without one"):
        load_words(path)


@pytest.mark.parametrize(
    ("words", "error"), [("good", TypeError), (["a", "a"], ValueError), ([1], ValueError), ([], ValueError)]
)
def test_words_that_are_none_are_refused(words, error, path):
    with pytest.raises(error, match="vocabulary: expected"):
        save(layers(np.float64)["rnn"], path, vocabulary=words)
    assert not path.exists()


@pytest.mark.parametrize("kind", ["many to one", "many to many", "one to many", "encoder decoder"])
def test_there_is_a_word_for_each_number_that_a_model_reads(kind, path):
    with pytest.raises(ValueError, match=r"vocabulary: expected \d words, as the model reads, got 1"):
        save(models(np.float64)[kind], path, vocabulary=["x"])
    assert not path.exists()


def test_numpy_and_any_zip_program_can_open_the_file(saved):
    with np.load(saved, allow_pickle=False) as file:
        np.testing.assert_array_equal(file["output.b_y"], np.zeros(K))
    with zipfile.ZipFile(saved) as file:
        assert json.loads(file.read("manifest.json"))["model"]["kind"] == "ManyToOne"


def test_the_same_model_gives_the_same_bytes(path, tmp_path):
    for name in ("a", "b"):
        save(models(np.float64)["many to one"], tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


# ---- what cannot be saved -----------------------------------------------------------------------------------------


def test_a_class_of_one_s_own_is_refused_because_it_would_need_its_code(path):
    class Mine(RNNCell):
        pass

    with pytest.raises(ValueError, match=r"cell\.: expected a class of this library.*got Mine"):
        save(Recurrent(Mine(D, H, **options(np.float64))), path)


def test_a_class_of_one_s_own_with_a_name_of_the_library_s_is_refused_too(path):
    mine = type("RNNCell", (RNNCell,), {})
    with pytest.raises(ValueError, match="expected a class of this library"):
        save(Recurrent(mine(D, H, **options(np.float64))), path)


def test_a_part_that_stands_in_two_places_is_refused(path):
    stacked = Stacked([Recurrent(RNNCell(H, H, **options(np.float64))) for _ in range(2)])
    stacked.layers[1] = stacked.layers[0]
    with pytest.raises(ValueError, match="stands in two places"):
        save(stacked, path)


def test_what_is_no_part_of_a_network_is_refused(path):
    with pytest.raises(TypeError, match="expected a cell, a layer or a model, got dict"):
        save({}, path)


# ---- written whole or not at all ----------------------------------------------------------------------------------


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_else(saved, monkeypatch):
    before = saved.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space left"):
        save(layers(np.float64)["lstm"], saved)
    assert saved.read_bytes() == before
    assert os.listdir(saved.parent) == [saved.name]


def test_the_new_file_takes_its_place_only_when_it_is_on_the_disk(saved, monkeypatch):
    order = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, name=name, real=real: (order.append(name), real(*a))[1])
    save(layers(np.float64)["rnn"], saved)
    assert order[:2] == ["fsync", "replace"]
    assert isinstance(load(saved), Recurrent)


def test_a_link_stays_a_link(saved, tmp_path):
    link = tmp_path / "link.npz"
    try:
        link.symlink_to(saved)
    except OSError:
        pytest.skip("no symbolic links on this system")
    save(layers(np.float64)["rnn"], link)
    assert link.is_symlink()
    assert isinstance(load(saved), Recurrent)


def test_the_path_is_taken_as_it_is(tmp_path):
    save(layers(np.float64)["rnn"], tmp_path / "weights")
    assert os.listdir(tmp_path) == ["weights"]


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


def test_a_file_that_is_not_there_is_not_found(path):
    with pytest.raises(FileNotFoundError):
        load(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80\x04N.", b"PK\x03\x04" + bytes(40), bytes(5000)])
def test_a_foreign_file_is_refused(content, path):
    path.write_bytes(content)
    refused(path)


def test_an_npz_of_another_program_is_refused(path):
    np.savez(path, W=np.zeros(3))
    refused(path, "not a file of this library: it has no manifest.json")


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


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9, 0.999])
def test_a_cut_file_is_refused(saved, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(len(content) * share)])
    refused(saved)


def test_a_file_with_more_behind_or_before_it_is_refused(saved):
    content = saved.read_bytes()
    for swollen in (content + bytes(5000), bytes(5000) + content):
        saved.write_bytes(swollen)
        refused(saved)


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


def test_two_arrays_that_changed_places_are_found(saved):
    contents = entries(saved)
    contents["body.cell.W_hh.npy"] = contents["body.cell.W_hh.npy"][:-8] + contents["output.b_y.npy"][-8:]
    rewrite(saved, contents)
    refused(saved, "body.cell.W_hh has been changed")


def test_a_changed_manifest_is_found_by_its_checksum(saved):
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


def test_a_newer_format_is_named(saved):
    change_manifest(saved, lambda m: m.update(version=2))
    refused(saved, "expected format version 1, got 2; a newer library reads it")


CELL = ("model", "parts", "body", "parts", "cell")


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
        (manifest_change("arrays", "output.b_y", shape=[-5]), "expected sizes"),
        (manifest_change("arrays", "output.b_y", shape=[5.0]), "expected sizes"),
        (manifest_change("arrays", "output.b_y", dtype="object"), "expected sizes and float32 or float64"),
        (manifest_change("arrays", "output.b_y", shape=[1, 5]), r"expected \[1, 5\] of float64, got \[5\] of float64"),
        (manifest_change("model", kind="Popen"), "expected one of RNNCell, .*got 'Popen'"),
        (manifest_change("model", kind="OneToOne"), "the arguments or parts are not those of OneToOne"),
        (manifest_change("model", "arguments", pool="median"), "pool: expected"),
        (manifest_change("model", "arguments", classes=5), "cut, changed"),
        (manifest_change("model", "parts", "output", "arguments", outputs=10**12), "asks for more than its 25 numbers"),
        (manifest_change("model", "parts", "output", "arguments", outputs=2.5), "asks for more than its 25 numbers"),
        (manifest_change("model", "parts", "output", "arguments", outputs=4), "expected"),
        (manifest_change(*CELL, "arguments", hidden=10**9), "asks for more"),
        (manifest_change(*CELL, "arguments", peepholes=True), "expected the arrays"),
        (manifest_change("model", "parts", body=7), "cut, changed"),
        (manifest_change(vocabulary=["a", "a"]), "vocabulary: expected distinct words"),
        (manifest_change(vocabulary=[["a"]]), "vocabulary: expected distinct words"),
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


def test_the_checksum_of_an_array_is_that_of_its_numbers(saved):
    manifest = json.loads(entries(saved)["manifest.json"])
    assert manifest["arrays"]["output.b_y"]["sha256"] == hashlib.sha256(bytes(8 * K)).hexdigest()
