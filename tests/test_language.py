"""What a reader may rely on when a network learns her own text and writes on from it."""

import numpy as np
import pytest

from rnnlib import Adam, Dense, Embedding, GRUCell, LSTMCell, ManyToMany, Recurrent, RNNCell, Stacked, fit
from rnnlib.data import Symbols, load_text
from rnnlib.functions import log_softmax
from rnnlib.gradcheck import check_model
from rnnlib.interop import load, save
from rnnlib.language import LanguageModel
from rnnlib.parameters import leaves
from rnnlib.trace import trace

from . import zoo

SYMBOLS = Symbols("abcd")
FORMS = {
    "rnn, one-hot": {"cell": RNNCell, "embedding": None},
    "gru": {"cell": GRUCell},
    "lstm, two layers": {"cell": LSTMCell, "layers": 2},
    "gru, one-hot, two layers, dropout": {"embedding": None, "layers": 2, "dropout": 0.5},
    "gru, tied": {"embedding": 5, "tied": True},
    "lstm, two layers, dropout, tied": {"cell": LSTMCell, "layers": 2, "dropout": 0.5, "embedding": 5, "tied": True},
}
every_form = pytest.mark.parametrize("form", FORMS)


def built(form="gru", symbols=SYMBOLS, seed=0, **more):
    """A small model, every parameter drawn anew."""
    options = {"hidden": 5, "embedding": 3} | FORMS[form] | more
    return zoo.shaken(LanguageModel.from_symbols(symbols, rng=np.random.default_rng(seed), **options), seed)


def examples(T=7, B=3):
    row = np.random.default_rng(5).integers(0, len(SYMBOLS), (T + 1, B))
    return row[:-1], row[1:]


@pytest.fixture
def read(tmp_path):
    def read(content, codec="utf-8", **options):
        path = tmp_path / "text.txt"
        path.write_bytes(content.encode(codec))
        return load_text(path, **options)

    return read


# ---- what it computes ---------------------------------------------------------------------------------------------


@every_form
def test_loss_and_gradients_are_those_of_many_to_many(form):
    model, (x, y) = built(form), examples()
    inputs = x if model.body.takes_ids else np.eye(5)[x]
    plain = ManyToMany(model.body, model.output)
    (loss, grads), (plain_loss, plain_grads) = (
        one.gradients(i, y, [7, 4, 1]) for one, i in ((model, x), (plain, inputs))
    )
    if model.tied:  # one table in two places: one sum
        plain_grads["body.0.W_e"] = plain_grads["body.0.W_e"] + plain_grads.pop("output.W_hy")
    assert loss == pytest.approx(plain_loss, abs=1e-12) and set(grads) == set(plain_grads)
    for name, gradient in grads.items():
        np.testing.assert_allclose(gradient, plain_grads[name], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(model.predict(x), plain.predict(inputs))


@every_form
@pytest.mark.parametrize("size", [1, 3])
def test_windows_with_the_state_carried_are_the_whole_text(form, size):
    model, (x, y) = built(form), examples()
    whole, parts, state = model.batch(x, y), [], None
    for piece in model.windows(whole, size):
        h, (state, _) = model.features(piece, None, state)
        parts.append(model.output.forward(h))
    np.testing.assert_allclose(np.concatenate(parts), model.logits(whole), rtol=0, atol=1e-12)
    _, (final, _) = model.features(whole)
    for one, other in zip(leaves(state), leaves(final), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


def test_a_shared_table_is_one_parameter_with_the_gradient_of_both_places():
    model, (x, y) = built("gru, tied"), examples()
    assert model.output.W_hy is model.body.layers[0].W_e and "output.W_hy" not in model.params
    assert built("gru", embedding=5).parameter_count - model.parameter_count == model.output.W_hy.size
    assert check_model(model, x, y, [7, 4, 1]).ok(1e-7)


def test_a_shared_table_stays_shared_in_training_and_in_a_file(tmp_path):
    model, (x, y) = built("gru, tied"), examples(20)
    fit(
        model,
        x,
        y,
        window=5,
        batch_size=3,
        epochs=2,
        optimizer=Adam(0.01),
        rng=np.random.default_rng(0),
        progress=False,
    )
    save(model, tmp_path / "model.npz")
    for one in (model, load(tmp_path / "model.npz")):
        assert one.tied and one.output.W_hy is one.body.layers[0].W_e


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        ({"hidden": 4}, "tied: expected embedding=hidden"),
        ({"embedding": None}, "got None and 5"),
        ({"tied": 1}, "tied"),
    ],
)
def test_a_table_that_does_not_fit_both_ends_is_refused(given, finding):
    with pytest.raises((ValueError, TypeError), match=finding):
        built("gru, tied", **given)
    body = Recurrent(GRUCell(5, 5, rng=np.random.default_rng(0)))
    with pytest.raises(ValueError, match="tied: expected a body that begins with a table for both ends"):
        LanguageModel(body, Dense(5, 5, rng=np.random.default_rng(0)), SYMBOLS, tied=True)


# ---- writing ------------------------------------------------------------------------------------------------------


def by_hand(model, prompt, length, temperature=None, rng=None):
    """The same, one step after the other with `forward`: symbols, and the sum of their log probabilities."""
    state, symbols, total = None, [], 0.0
    read = model.symbols.encode(prompt).tolist()
    for t in range(len(read) + length - 1):
        one = np.array([[(read + symbols)[t]]])
        h, state, _ = model.body.forward(one if model.body.takes_ids else np.eye(5)[one], state)
        logits = model.output.forward(h)[0]
        if t >= len(read) - 1:
            chosen = logits.argmax() if rng is None else (logits / temperature + rng.gumbel(size=logits.shape)).argmax()
            symbols.append(int(chosen))
            total += log_softmax(logits)[0, chosen]
            if chosen == model.symbols.end:
                break
    return symbols, total


@every_form
@pytest.mark.parametrize("prompt", ["a", "abcda"])
def test_writing_on_is_forward_step_by_step(form, prompt):
    model = built(form)
    for seed in (None, 1):
        options = {} if seed is None else {"temperature": 0.7, "rng": np.random.default_rng(seed)}
        again = {} if seed is None else {"temperature": 0.7, "rng": np.random.default_rng(seed)}
        written = model.write(prompt, max_length=12, **options)
        symbols, total = by_hand(model, prompt, 12, **again)
        assert [*written.symbols, *[4] * written.ended] == symbols
        assert written.log_probability == pytest.approx(total, abs=1e-12)
        options = options and {"temperature": 0.7, "rng": np.random.default_rng(seed)}
        text = model.generate(model.symbols.encode(prompt), max_length=12, **options)
        assert text == prompt + model.symbols.decode(symbols)


@every_form
def test_a_text_that_is_read_in_two_parts_is_read_as_one(form):
    model = built(form)
    whole, end = model.read("abcdabba")
    _, middle = model.read("abcd")
    second, final = model.read("abba", middle)
    np.testing.assert_allclose(second, whole[4:], rtol=0, atol=1e-12)
    assert all(np.abs(one - other).max() < 1e-12 for one, other in zip(leaves(final), leaves(end), strict=True))
    assert model.write("abba", state=middle).log_probability == pytest.approx(
        model.write("abcdabba").log_probability, abs=1e-12
    )


def always(symbols, chosen):
    """A model that takes `chosen` for the next symbol, whatever it has read."""
    model = built(symbols=symbols)
    for array in model.params.values():
        array[...] = 0
    model.output.b_y[list(symbols.names).index(chosen)] = 50
    return model


def test_it_ends_before_its_stop_symbol_or_after_max_length():
    assert always(SYMBOLS, "b").generate("a", max_length=3, stop="b") == "a"
    assert always(SYMBOLS, "b").generate("a", max_length=3, stop="c") == "abbb"
    assert always(SYMBOLS, "end").generate("ab", max_length=3) == "ab"
    assert always(SYMBOLS, "b").write("a", max_length=3, stop="b").ended


@pytest.mark.parametrize(
    ("prompt", "options", "finding"),
    [
        ("", {}, "prompt: expected at least one symbol to write on from, got none"),
        ("aéb?é", {}, "prompt: expected characters that the model has read, got 'é', '\\?'; leave it out, or give"),
        ("ABCDEFGH", {}, "got 'A', 'B', 'C', 'D', 'E' and 3 more; leave"),
        ("a", {"stop": "x"}, "stop: expected one of the characters that the model knows, got 'x'"),
    ],
)
def test_a_prompt_that_cannot_be_written_on_from_is_refused(prompt, options, finding):
    with pytest.raises(ValueError, match=finding):
        built().generate(prompt, **options)


def test_a_prompt_in_numbers_may_hold_unknown_words(read):
    corpus = read("the cat saw the dog . the dog saw", by="words", least=2, test_share=0)
    model = built(symbols=corpus.symbols)
    with pytest.raises(ValueError, match="expected words that the model has read, got 'mouse'; leave it out"):
        model.generate("the mouse")
    assert model.generate(corpus.encode("the mouse"), max_length=1).startswith("the <unk>")


# ---- a text from a file -------------------------------------------------------------------------------------------


def learned(corpus, epochs=30, **options):
    rng = np.random.default_rng(0)
    model = LanguageModel.from_symbols(corpus.symbols, hidden=24, embedding=8, rng=rng, **options)
    fit(
        model,
        *corpus.stream(8),
        window=10,
        batch_size=8,
        epochs=epochs,
        optimizer=Adam(0.02),
        clip_norm=1,
        rng=rng,
        progress=False,
    )
    return model


@pytest.mark.parametrize(
    ("line", "prompt", "codec", "encoding"),
    [
        ("今天天气很好，我不喜欢下雨。\n", "今天", "utf-8", None),
        ("It’s late. We won’t go!\n", "It’s", "cp1252", "cp1252"),
        ("X:1\nT:A tune\nA2d fed|c2d e3|🎵\n", "X:1\n", "utf-16", None),
    ],
)
@pytest.mark.parametrize("by", ["characters", "words"])
def test_a_text_that_repeats_is_learned_by_heart(read, line, prompt, codec, encoding, by):
    corpus = read(line * 40, codec, encoding=encoding, by=by)
    model = learned(corpus)
    bits = model.bits(corpus)
    assert list(bits) == ["all alike", "unigrams", "bigrams", "this network"]
    assert bits["this network"] < 0.1 < bits["all alike"] == np.log2(len(corpus.symbols) - 1)
    read, n = len(corpus.encode(prompt)), len(corpus.encode(line))
    assert model.generate(prompt, max_length=n) == corpus.decode(corpus.train[: read + n])
    ended = model.write(prompt, max_length=n, stop="\n")
    assert ended.ended and len(ended.symbols) == corpus.train[read:].tolist().index(corpus.encode("\n")[0])


def test_bits_are_those_of_the_test_part_after_the_last_symbol_of_training(read):
    corpus = read("abcd dcba abc " * 20)
    model = built(symbols=corpus.symbols)
    row = [corpus.train[-1], *corpus.test]
    logits, _ = model.read(row[:-1])
    own = -np.take_along_axis(log_softmax(logits), np.array(row[1:])[:, None], 1).mean() / np.log(2)
    bits = model.bits(corpus)
    assert bits.pop("this network") == pytest.approx(own, abs=1e-12)
    assert bits == corpus.floor()


# ---- what else works with it --------------------------------------------------------------------------------------


@every_form
@pytest.mark.parametrize(
    "symbols", [SYMBOLS, Symbols(("<unk>", "ही", "a", "रा")), Symbols(("a", ".", "b", "cd"), "words")]
)
def test_what_is_loaded_writes_the_same_text(tmp_path, form, symbols):
    model = built(form, symbols, dtype="float32")
    save(model, tmp_path / "model.npz")
    again = load(tmp_path / "model.npz")
    assert again.dtype == np.float32 and repr(again) == repr(model)
    np.testing.assert_equal(again.params, model.params)
    assert type(again) is LanguageModel and again.symbols == symbols
    options = {"max_length": 15, "temperature": 1.0}
    texts = [one.generate("a", rng=np.random.default_rng(1), **options) for one in (model, again)]
    assert texts[0] == texts[1]


@every_form
def test_a_run_can_be_looked_at(form):
    model, (x, _) = built(form), examples(4, 1)
    record = trace(model, x[:, 0], list("abcd"))
    np.testing.assert_allclose(record.probabilities, model.predict(x)[:, 0], rtol=0, atol=1e-12)


def test_bits_need_the_same_symbols_and_a_test_part(read):
    model = built(symbols=read("abcd" * 30).symbols)
    with pytest.raises(ValueError, match="corpus: expected a test part"):
        model.bits(read("abcd" * 30, test_share=0))
    with pytest.raises(ValueError, match="corpus: expected the symbols of this model"):
        model.bits(read("abcde" * 30))


def test_parts_that_do_not_fit_are_refused():
    rng = np.random.default_rng(0)
    body, output = Stacked([Embedding(5, 3, rng=rng), Recurrent(GRUCell(3, 4, rng=rng))]), Dense(4, 5, rng=rng)
    assert LanguageModel(body, output, "abcd").classes == (*"abcd", "end")
    both = zoo.layer("both ways gru", inputs=5, hidden=2)
    for parts, error, finding in [
        ((body, output, "abc"), ValueError, "classes: expected 5 .*, got 4"),
        ((body, output, 4), TypeError, "symbols: expected Symbols, or a list of str, got int"),
        ((body, output, ["a", "b", "c", "a"]), ValueError, "expected distinct characters"),
        ((zoo.layer("gru", inputs=4, hidden=4), output, "abcd"), ValueError, "body: expected inputs=5, one for each"),
        ((both, output, "abcd"), ValueError, "body: expected one that reads one step after the other"),
    ]:
        with pytest.raises(error, match=finding):
            LanguageModel(*parts)


def test_a_long_text_is_evaluated_as_if_it_were_read_at_once():
    model, (x, y), lengths = built(), examples(600), [600, 300, 1]
    true = np.broadcast_to(np.arange(600)[:, None] < np.array(lengths), y.shape)
    p = model.predict(x, lengths)
    loss, accuracy = model.evaluate(model.batch(x, y, lengths))
    assert loss == pytest.approx(-np.log(np.take_along_axis(p, y[..., None], 2)[..., 0][true]).mean(), abs=1e-12)
    assert accuracy == (p.argmax(axis=2) == y)[true].mean()
