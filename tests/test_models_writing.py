"""Wirings that write: greedy, sampled, beam; the end symbol; log probabilities; teacher forcing."""

from itertools import product

import numpy as np
import pytest

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.functions import log_softmax, softmax
from rnnlib.gradcheck import check_model
from rnnlib.layers import Bidirectional, Conv1D, Dense, Embedding, Recurrent, Stacked
from rnnlib.models import EncoderDecoder, OneToMany

from . import model_zoo

every_writer = pytest.mark.parametrize("name", model_zoo.WRITING)
END = 0


def rng(seed=0):
    return np.random.default_rng(seed)


def writer(name="one to many, rnn", scale=3.0, **options):
    """A model with strong opinions, and inputs for four examples."""
    model = model_zoo.model(name, hidden=4, seed=3, **options)
    for array in model.params.values():
        array *= scale
    x, _, more = model_zoo.data(model, B=4, seed=3)
    return model, x, more.get("lengths")


def read(model, x, lengths, b, symbols, ended):
    """A sequence with its end symbol, and the logits with its symbols read."""
    whole = [*symbols, END] if ended else list(symbols)
    one = x[:, b : b + 1] if model.x_time else x[b : b + 1]
    ends = None if lengths is None else lengths[b : b + 1]
    return whole, model.logits(model.batch(one, np.array(whole)[:, None], ends))[:, 0]


def log_probability(model, x, lengths, b, symbols, ended):
    """The log probability of a sequence from the logits with the true symbols read."""
    whole, logits = read(model, x, lengths, b, symbols, ended)
    return float(log_softmax(logits)[np.arange(len(whole)), whole].sum())


def best(model, x, lengths, b, written):
    """Whether each symbol is the most probable one."""
    whole, logits = read(model, x, lengths, b, written.symbols, written.ended)
    return logits.argmax(axis=1).tolist() == whole


# ---- greedy ---------------------------------------------------------------------------------------------------------


@every_writer
@pytest.mark.parametrize("how", ["greedy", "sampled", "beam"])
def test_the_log_probability_is_the_sum_from_the_logits_with_the_true_symbols_read(name, how):
    model, x, lengths = writer(name, scale=1.5)
    if how == "beam":
        results = model.beam(x, lengths, max_length=4, width=5)
    else:
        chance = {"temperature": 2.0, "rng": rng()} if how == "sampled" else {}
        results = [[written] for written in model.generate(x, lengths, max_length=4, **chance)]
    for b, found in enumerate(results):
        for written in found:
            if how == "greedy":
                assert written == model.predict(x, lengths, max_length=4)[b] and best(model, x, lengths, b, written)
            wanted = log_probability(model, x, lengths, b, written.symbols, written.ended)
            assert written.log_probability == pytest.approx(wanted, rel=1e-12, abs=1e-12)


def fixed(logits, end=END):
    """A model whose logits are these at every step."""
    body = Recurrent(RNNCell(len(logits), 1, rng=rng(), init=0.0))
    model = OneToMany(Dense(1, 1, rng=rng()), body, Dense(1, len(logits), rng=rng(), init=0.0), end=end)
    model.output.b_y[...] = logits
    return model


def test_writing_stops_at_the_end_symbol_and_leaves_it_out():
    for end in (0, 2):
        logits = 5.0 * np.eye(3)[end]
        (written,) = fixed(logits, end=end).generate(np.zeros((1, 1)), max_length=10)
        assert written.symbols == () and written.ended


def test_writing_stops_after_max_length():
    (written,) = fixed([0.0, 0, 5]).generate(np.zeros((1, 1)), max_length=7)
    assert written.symbols == (2,) * 7 and not written.ended
    assert written.log_probability == pytest.approx(7 * log_softmax(np.array([0.0, 0, 5]))[2], rel=1e-14)


# ---- sampling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_symbols_are_drawn_as_often_as_the_softmax_says(temperature):
    logits = np.array([0.3, 1.0, -0.5, 0.0])
    model, N = fixed(logits), 5_000
    drawn = model.generate(np.zeros((N, 1)), max_length=1, temperature=temperature, rng=rng())
    counts = np.bincount([w.symbols[0] if w.symbols else END for w in drawn], minlength=4) / N
    p = softmax(logits / temperature)
    assert (np.abs(counts - p) < 4 * np.sqrt(p * (1 - p) / N)).all()


def test_the_same_generator_draws_the_same_symbols():
    model, x = fixed([-50.0, 0.0, 50.0]), np.zeros((50, 1))
    assert model.generate(x, max_length=5, temperature=0.01, rng=rng()) == model.generate(x, max_length=5)
    model, x, _ = writer(scale=1.0)
    first, second = (model.generate(x, max_length=8, temperature=1.0, rng=rng(5)) for _ in range(2))
    assert first == second != model.generate(x, max_length=8, temperature=1.0, rng=rng(6))


# ---- beam -----------------------------------------------------------------------------------------------------------


@every_writer
def test_a_beam_of_width_one_is_greedy_writing(name):
    model, x, lengths = writer(name)
    for found, greedy in zip(
        model.beam(x, lengths, max_length=6, width=1), model.generate(x, lengths, max_length=6), strict=True
    ):
        (written,) = found
        assert (written.symbols, written.ended) == (greedy.symbols, greedy.ended)
        assert written.log_probability == pytest.approx(greedy.log_probability, rel=1e-12)


def all_sequences(longest, symbols=(1, 2)):
    """Every sequence that can be written: (symbols, whether it ended)."""
    for n in range(longest):
        yield from ((s, True) for s in product(symbols, repeat=n))
    yield from ((s, False) for s in product(symbols, repeat=longest))


@every_writer
@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_a_wide_beam_finds_all_sequences_in_the_order_of_brute_force(name, penalty):
    model, x, lengths = writer(name, scale=1.0)
    for b, found in enumerate(model.beam(x, lengths, max_length=3, width=15, length_penalty=penalty)):
        every = [(log_probability(model, x, lengths, b, s, e), s, e) for s, e in all_sequences(3)]
        every.sort(key=lambda one: -one[0] / (len(one[1]) + one[2]) ** penalty)
        assert [(w.symbols, w.ended) for w in found] == [(s, e) for _, s, e in every]
        assert np.exp([w.log_probability for w in found]).sum() == pytest.approx(1, rel=1e-12)


def test_a_beam_finds_what_greedy_writing_misses():
    """Symbol 1 looks best at first, but what follows 2 is certain."""
    body = Recurrent(RNNCell(3, 3, rng=rng(), init=0.0))
    model = OneToMany(Dense(1, 3, rng=rng(), init=0.0), body, Dense(3, 3, rng=rng(), init=0.0), end=END)
    body.cell.W_xh[...] = 10 * np.eye(3)  # h is the symbol before
    p = np.array([[0.001, 0.5, 0.499], [0.34, 0.33, 0.33], [0.998, 0.001, 0.001]])  # after end, after 1, after 2
    model.output.W_hy[...] = np.log(p).T
    greedy = model.generate(np.zeros((1, 1)), max_length=2)[0]
    beam = model.beam(np.zeros((1, 1)), max_length=2, width=3)[0][0]
    assert greedy.symbols[0] == 1 and beam.symbols == (2,)
    assert beam.log_probability > greedy.log_probability


# ---- training -------------------------------------------------------------------------------------------------------


@every_writer
def test_with_teacher_forcing_of_one_nothing_is_drawn(name):
    model, _, _ = writer(name)
    x, y, more = model_zoo.data(model)
    batch, draw = model.batch(x, y, **more), rng()
    before = draw.bit_generator.state
    assert model.loss(batch, draw)[0] == model.loss(batch)[0]
    assert draw.bit_generator.state == before


def test_without_teacher_forcing_the_decoder_reads_what_it_chose():
    model, x, _ = writer("encoder and decoder, rnn", teacher_forcing=0.0)
    own = [[*w.symbols, END][:4] for w in model.generate(x, max_length=4)]
    S = min(map(len, own))
    y = np.array([(k + 1) % 3 for one in own for k in one[:S]]).reshape(len(own), S).T  # never what it would choose
    batch = model.batch(x, y)
    read = model.read_symbols(batch, model.first_state(batch)[0], rng())
    assert read[0].tolist() == [END] * len(own)
    assert read[1:].T.tolist() == [one[: S - 1] for one in own]


def test_a_share_of_teacher_forcing_reads_that_share_of_true_symbols():
    model, _, _ = writer("one to many, rnn", teacher_forcing=0.3)
    y = rng().integers(0, 3, (6, 500))
    batch = model.batch(rng().standard_normal((500, 2)), y)
    never = model_zoo.model("one to many, rnn", hidden=4, seed=3, teacher_forcing=0.0)
    never.set_params(model.params)
    read = model.read_symbols(batch, model.first_state(batch)[0], rng())
    own_second = never.read_symbols(batch, never.first_state(batch)[0], rng())[1]
    differs = own_second != y[0]
    assert (read[1] == y[0])[differs].mean() == pytest.approx(0.3, abs=0.07)


def test_evaluate_reads_the_true_symbols_whatever_the_share():
    options = [{}, {"teacher_forcing": 0.0}]
    results = []
    for option in options:
        model, _, _ = writer("encoder and decoder, gru", **option)
        x, y, more = model_zoo.data(model)
        results.append(model.evaluate(model.batch(x, y, **more)))
    assert results[0] == results[1]


def test_chosen_examples_keep_their_whole_targets():
    model, _, _ = writer("encoder and decoder, rnn")
    x, y, more = model_zoo.data(model, T=4, S=7)
    chosen = model.batch(x, y, more["lengths"]).take(np.array([1]))
    assert chosen.y.argmax(axis=2).tolist() == y[:, 1:2].tolist()
    assert len(chosen.x) == more["lengths"][1]


def test_exact_match_is_the_share_written_right_to_the_last_symbol():
    model, x, lengths = writer("encoder and decoder, lstm, words and two layers")
    written = model.generate(x, lengths, max_length=8)
    assert any(w.ended for w in written)
    S = 9
    y = np.array([[*w.symbols, *[END] * (S - len(w.symbols))] for w in written]).T
    share = np.mean([w.ended for w in written])
    assert model.exact_match(model.batch(x, y, lengths), 8) == share
    first = next(b for b, w in enumerate(written) if w.ended)
    y[0, first] = 1 + y[0, first] % 2
    assert model.exact_match(model.batch(x, y, lengths), 8) == share - 1 / 4


# ---- at the door ----------------------------------------------------------------------------------------------------


def decoder(body, **options):
    return OneToMany(
        Dense(2, body.outputs, rng=rng()), body, Dense(body.outputs, 3, rng=rng()), **({"end": 0} | options)
    )


def recurrent(inputs=3, hidden=4, **options):
    return Recurrent(RNNCell(inputs, hidden, rng=rng()), **options)


@pytest.mark.parametrize(
    "body",
    [
        recurrent(reverse=True),
        Bidirectional(recurrent(), recurrent(reverse=True)),
        Conv1D(3, 4, kernel=3, causal=False, rng=rng()),
        Stacked([Embedding(3, 4, rng=rng())]),
    ],
    ids=repr,
)
def test_a_decoder_that_cannot_write_step_by_step_or_from_its_first_state_is_refused(body):
    with pytest.raises(ValueError, match="begin"):
        decoder(Stacked([recurrent(3, 4), recurrent(4, 5)]))
    with pytest.raises(ValueError, match="encoder: its states have sizes"):
        EncoderDecoder(Recurrent(GRUCell(2, 5, rng=rng())), recurrent(), Dense(4, 3, rng=rng()), end=0)
    with pytest.raises(ValueError, match="one step after the other"):
        decoder(body)


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell, GRUCell])
def test_the_two_halves_of_an_encoder_are_handed_over_in_their_order_and_the_gradients_back(kind):
    draw = rng()
    left, right = Recurrent(kind(2, 2, rng=draw)), Recurrent(kind(2, 3, rng=draw), reverse=True)
    encoder = Bidirectional(left, right)
    model = EncoderDecoder(encoder, Recurrent(kind(3, 5, rng=draw)), Dense(5, 3, rng=draw), end=0)
    x, y = rng().standard_normal((3, 2, 2)), [[1, 2], [2, 1], [0, 0]]
    states = model.body.cell.unpack(model.first_state(model.batch(x))[0], 2)
    halves = [part.cell.unpack(final, 2) for part, final in zip((left, right), encoder.forward(x)[1], strict=True)]
    for state, *both in zip(states, *halves, strict=True):
        np.testing.assert_array_equal(state, np.concatenate(both, axis=1))
    report = check_model(model, x, y, [3, 2])
    assert report.ok(1e-6), str(report)


@pytest.mark.parametrize(
    ("y", "more", "error", "says"),
    [
        ([[1, 2], [0, 0]], {}, ValueError, r"y: expected \(S, 4\), got \(2, 2\)"),
        ([[1, 2, 3, 0]], {}, ValueError, "y: expected labels 0 to 2, got 0 to 3"),
        ([[1, 2, 1, 0]], {"y_lengths": [1, 1, 1, 0]}, ValueError, "y_lengths: expected 1 to 1 .*got 0 to 1"),
        ([[1, 2, 1, 0]], {"y_lengths": [1, 1, 1, 2]}, ValueError, "y_lengths: expected 1 to 1 .*got 1 to 2"),
    ],
)
def test_targets_that_do_not_fit_are_refused_by_name(y, more, error, says):
    model, x, _ = writer("encoder and decoder, rnn")
    with pytest.raises(error, match=says):
        model.batch(x, y, **more)


# ---- the next symbol ------------------------------------------------------------------------------------------------


def test_sampling_needs_both_and_teacher_forcing_is_a_share():
    model, x, _ = writer()
    for half in ({"temperature": 1.0}, {"rng": rng()}):
        with pytest.raises(ValueError, match="temperature, rng: expected both"):
            model.generate(x, max_length=3, **half)
    for wrong in (1.5, np.nan):
        with pytest.raises(ValueError, match="teacher_forcing"):
            decoder(recurrent(), teacher_forcing=wrong)


@every_writer
def test_the_next_logits_are_those_of_the_true_symbols_read(name):
    model, x, lengths = writer(name)
    written = [1, 2, 1]
    logits = model.logits(model.batch(x, np.tile(np.array([[1], [2], [1], [END]]), 4), lengths))
    for s in range(4):
        np.testing.assert_allclose(model.next_logits(x, written[:s], lengths), logits[s], rtol=0, atol=1e-12)
