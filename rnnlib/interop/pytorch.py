"""Weights, states and gradients of `nn.RNN`, `nn.LSTM` and `nn.GRU`, as plain arrays under PyTorch's names. Chapter 06.

PyTorch has two biases for each block, `bias_ih` and `bias_hh`. In an RNN, in an LSTM and in the gates r and z of a GRU
they stand side by side in one sum, so that the sum is all that matters, and it becomes b_h. In the block n of a GRU the
second one stands inside the product with r: it stays apart, as b_hn. Gate orders, shapes and
the sign of z are the book's.

So a module and its layer compute the same, but they do not learn the same. Both biases of a sum get the gradient of the
sum, and an optimizer moves each of them: under SGD, with momentum and under Adam alike the sum moves twice as far in a
step as b_h does in `fit`, as if its learning rate were doubled. (The norm for clipping counts its gradient twice, too.)
Seen: a GRU of 5 units after 40 steps of SGD(0.5), loss 0.3098 here and 0.2905 there; of Adam(0.02), 0.3180 and 0.2840.
To train as `fit` does, hold one of the two; then the losses agree to 1e-12. For `nn.RNN` and `nn.LSTM`:

    module.load_state_dict({name: torch.tensor(array) for name, array in to_pytorch(layer).items()})
    module.bias_hh_l0.requires_grad_(False)  # zeros, and so they stay

For `nn.GRU` the block n of it has to learn, because it is b_hn; so hold only r and z, the first 2 H numbers:

    module.bias_hh_l0.register_hook(lambda g: torch.cat([torch.zeros_like(g[: 2 * H]), g[2 * H :]]))

and the same for `_reverse`, `l1` and so on. `clip_grad_norm_` divides by the norm plus 1e-6, `clip_norm` by the norm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..cells import Cell, GRUCell, LSTMCell, RNNCell
from ..checks import as_flag, as_floats, as_size, one_of
from ..functions import FloatArray
from ..layers import Bidirectional, Dropout, Layer, Recurrent, Stacked
from ..layers.stacked import nested
from ..parameters import Grads, leaves
from .building import BLOCKS, as_arrays, as_kind, expect_shape, make_cell
from .notation import reorder

__all__ = ["from_pytorch", "gradients_to_pytorch", "state_from_pytorch", "state_to_pytorch", "to_pytorch"]


def from_pytorch(
    weights: Mapping[str, Any],
    *,
    kind: str,
    num_layers: int = 1,
    bidirectional: bool = False,
    nonlinearity: str = "tanh",
    dtype: DTypeLike | None = None,
) -> Recurrent | Bidirectional | Stacked:
    """The state dict of `nn.RNN`, `nn.LSTM` or `nn.GRU` -> a layer that computes the same.

    weights: name -> array or tensor: `weight_ih_l0` (G*H, I), `weight_hh_l0` (G*H, H), `bias_ih_l0`, `bias_hh_l0`
    (G*H,), and the same with `_reverse` and for `l1`, ... Without biases (`bias=False` there) the cells have none.
    kind: "rnn", "lstm" or "gru". The state dict does not hold `nonlinearity` ("tanh" or "relu", for an RNN).
    One layer gives `Recurrent` or `Bidirectional`, more give `Stacked`. Time comes first (`batch_first=False`).
    dtype: float32 and float64 are kept; any other, or a mixture, needs it.

    Raises: ValueError for a missing, foreign or misshapen array and for `proj_size` (`weight_hr_l0`), whose product
    after each step no cell here has; TypeError for what is no mapping, or not of one real dtype.
    Source: PyTorch's pages on the three modules. Chapter 06.
    """
    kind = as_kind(kind)
    if not isinstance(weights, Mapping):
        raise TypeError(f"weights: expected a dictionary name -> array, got {type(weights).__name__}")
    one_of("nonlinearity", nonlinearity, ("tanh", "relu") if kind == "rnn" else ("tanh",))
    suffixes = _suffixes(as_size("num_layers", num_layers), as_flag("bidirectional", bidirectional))
    bias = any(str(name).startswith("bias") for name in weights)
    _check_names(weights, suffixes, bias)
    arrays = as_arrays(weights, dtype)
    cells = [_cell(arrays, kind, suffix, bias, nonlinearity) for suffix in _checked(arrays, kind, suffixes, bias)]
    if not bidirectional:
        layers: list[Layer] = [Recurrent(cell) for cell in cells]
    else:
        pairs = zip(cells[::2], cells[1::2], strict=True)
        layers = [Bidirectional(Recurrent(left), Recurrent(right, reverse=True)) for left, right in pairs]
    return layers[0] if num_layers == 1 else Stacked(layers)  # type: ignore[return-value]


def _suffixes(num_layers: int, bidirectional: bool) -> list[str]:
    """`l0`, `l0_reverse`, `l1`, ...: PyTorch's order of layers and directions."""
    return [f"l{k}{end}" for k in range(num_layers) for end in (("", "_reverse") if bidirectional else ("",))]


def _names(suffix: str, bias: bool) -> list[str]:
    stems = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    return [f"{stem}_{suffix}" for stem in stems[: 4 if bias else 2]]


def _check_names(weights: Mapping[str, Any], suffixes: list[str], bias: bool) -> None:
    expected = [name for suffix in suffixes for name in _names(suffix, bias)]
    if projected := [name for name in weights if str(name).startswith("weight_hr")]:
        raise ValueError(f"{projected[0]}: proj_size is not supported: no cell here has a product after each step")
    foreign = [str(name) for name in weights if name not in expected]
    if foreign:
        raise ValueError(f"weights: expected {expected}, got also {foreign}{_hint(foreign)}")
    if missing := [name for name in expected if name not in weights]:
        raise ValueError(f"weights: expected {expected}, but {missing} are missing")


def _hint(foreign: Sequence[str]) -> str:
    if any("." in name for name in foreign):
        return "; a name of a part inside a model needs its prefix cut off: name.removeprefix('lstm.')"
    if any(name.endswith("_reverse") for name in foreign):
        return "; _reverse belongs to bidirectional=True"
    return "; _l1 and higher belong to num_layers=2 and more" if any("_l" in name for name in foreign) else ""


def _checked(arrays: Mapping[str, FloatArray], kind: str, suffixes: list[str], bias: bool) -> list[str]:
    """The suffixes, once every array has the shape that the first ones ask for."""
    first = arrays["weight_hh_l0"]
    inputs = arrays["weight_ih_l0"].shape[-1] if arrays["weight_ih_l0"].ndim == 2 else 1
    hidden, rows = (first.shape[-1], BLOCKS[kind] * first.shape[-1]) if first.ndim == 2 else (1, BLOCKS[kind])
    directions = 2 if any(suffix.endswith("_reverse") for suffix in suffixes) else 1
    why = f"as {BLOCKS[kind]} blocks of {hidden} units ({kind}) ask for"
    for suffix in suffixes:
        below = inputs if suffix.startswith("l0") else directions * hidden
        shapes = [(rows, below), (rows, hidden), *([(rows,), (rows,)] if bias else [])]
        for name, shape in zip(_names(suffix, bias), shapes, strict=True):
            expect_shape(name, arrays[name], shape, why)
    return suffixes


def _cell(arrays: Mapping[str, FloatArray], kind: str, suffix: str, bias: bool, nonlinearity: str) -> Cell:
    W_xh, W_hh, *biases = (reorder(arrays[name], kind, before="pytorch", after="book") for name in _names(suffix, bias))
    if not bias:
        return make_cell(kind, W_xh, W_hh, None, activation=nonlinearity)
    b_i, b_r = biases
    if kind != "gru":
        return make_cell(kind, W_xh, W_hh, b_i + b_r, activation=nonlinearity)
    n = slice(2 * W_hh.shape[1], None)
    b_hn, b_r[n] = b_r[n].copy(), 0
    return make_cell(kind, W_xh, W_hh, b_i + b_r, b_hn=b_hn)


# ---- to PyTorch ---------------------------------------------------------------------------------------------------


def to_pytorch(layer: Layer) -> dict[str, FloatArray]:
    """A layer -> the state dict of the PyTorch module that computes the same; all arrays are copies.

    `Recurrent`, `Bidirectional`, or `Stacked` with nothing else in it (dropout between the layers is no weight, and is
    left to `dropout=` there). `bias_ih` holds b_h; `bias_hh` holds zeros, and b_hn in the block n of a GRU.
    ValueError, which says why, for what PyTorch has no form of: `reset_after=False`, peepholes, a layer that reads in
    reverse alone, layers of different cells or sizes. Chapter 06.
    """
    return {
        name: array
        for suffix, _, cell in _read_out(layer)
        for name, array in _arrays_of(cell, suffix, {key: getattr(cell, key) for key in cell.own()}).items()
    }


def gradients_to_pytorch(layer: Layer, grads: Grads) -> dict[str, FloatArray]:
    """The gradients that `layer.backward` gave, under PyTorch's names.

    Both biases get the same gradient, because they stand in the same sum; in the block n of a GRU each has its own.
    grads: as from `backward`. ValueError as for `to_pytorch`, and where one is missing.
    """
    if not isinstance(grads, Mapping):
        raise TypeError(f"grads: expected a dictionary name -> array, got {type(grads).__name__}")
    result = {}
    for suffix, path, cell in _read_out(layer):
        if missing := [path + key for key in cell.own() if path + key not in grads]:
            raise ValueError(f"grads: expected the gradients of this layer, but {missing} are missing")
        own = {
            k: as_floats(f"grads {path + k}", grads[path + k], getattr(cell, k).shape, layer.dtype) for k in cell.own()
        }
        result.update(_arrays_of(cell, suffix, own, gradient=True))
    return result


def _arrays_of(cell: Cell, suffix: str, own: Mapping[str, FloatArray], gradient: bool = False) -> dict[str, FloatArray]:
    arrays = [own["W_xh"], own["W_hh"]]
    if cell.bias:
        second = np.array(own["b_h"]) if gradient else np.zeros_like(own["b_h"])
        if isinstance(cell, GRUCell):
            second[2 * cell.hidden :] = own["b_hn"]
        arrays += [own["b_h"], second]
    return {
        name: reorder(array, cell.kind, before="book", after="pytorch")
        for name, array in zip(_names(suffix, cell.bias), arrays, strict=True)
    }


def _recurrent(layer: Layer, path: str = "") -> Iterator[tuple[str, Recurrent]]:
    """The recurrent layers inside, from the bottom up, left before right, each with the path of its parameters."""
    if isinstance(layer, Recurrent):
        yield path, layer
    elif isinstance(layer, (Bidirectional, Stacked)):
        if foreign := [p for p in layer.parts().values() if not isinstance(p, (Recurrent, Bidirectional))]:
            raise ValueError(f"layer: PyTorch's recurrent modules hold recurrent layers only, got {foreign[0]!r}")
        for name, part in layer.parts().items():
            yield from _recurrent(part, f"{path}{name}.")  # type: ignore[arg-type]
    else:
        got = type(layer).__name__
        raise ValueError(f"layer: expected Recurrent, Bidirectional or Stacked (nn.RNN, nn.LSTM, nn.GRU), got {got}")


def _levels(layer: Layer) -> list[Layer]:
    """The layers one above the other, without dropout."""
    if not isinstance(layer, Stacked):
        return [layer]
    return [part for part in layer.layers if not isinstance(part, Dropout)]


def _read_out(layer: Layer) -> list[tuple[str, str, Cell]]:
    """(PyTorch's suffix, path of the parameters, cell) of each recurrent layer, or a ValueError that says why."""
    found = list(_recurrent(layer))
    both = [isinstance(level, Bidirectional) for level in _levels(layer)]
    if any(both) != all(both):
        raise ValueError("layer: PyTorch's layers read either all in both directions or all in one")
    if not all(both) and any(part.reverse for _, part in found):
        raise ValueError("layer: PyTorch has no module that reads in reverse alone; turn the sequence round instead")
    first = found[0][1].cell
    for path, part in found:
        _check_cell(path, part.cell, first)
    suffixes = _suffixes(len(both), all(both))
    return [(suffix, path, part.cell) for suffix, (path, part) in zip(suffixes, found, strict=True)]


def _check_cell(path: str, cell: Cell, first: Cell) -> None:
    if type(cell) not in (RNNCell, LSTMCell, GRUCell):
        raise ValueError(f"{path}cell: expected RNNCell, LSTMCell or GRUCell, got {type(cell).__name__}")
    if isinstance(cell, GRUCell) and not cell.reset_after:
        raise ValueError(
            f"{path}cell: reset_after=False multiplies r before the product with W_hn, PyTorch's GRU after it; "
            "no weights make the two equal"
        )
    if isinstance(cell, LSTMCell) and cell.peepholes:
        raise ValueError(f"{path}cell: PyTorch's LSTM has no peepholes; leaving W_ch out would change every gate")
    if getattr(cell, "activation", "") == "linear":
        raise ValueError(f"{path}cell: PyTorch's RNN has no linear form, its nonlinearity is tanh or relu")
    for name in ("kind", "hidden", "bias", "activation"):
        if getattr(cell, name, None) != getattr(first, name, None):
            got = f"{getattr(first, name, None)!r} and {getattr(cell, name, None)!r}"
            raise ValueError(f"{path}cell: PyTorch has one {name} for all layers, got {got}")


# ---- states -------------------------------------------------------------------------------------------------------


def state_to_pytorch(layer: Layer, state: Any) -> Any:
    """A state of `layer` -> h (num_layers * directions, B, H), and for an LSTM the pair (h, c).

    The order is PyTorch's: layer 0 forward, layer 0 reverse, layer 1 forward, ... Gradients on states go the same way.
    ValueError for None (its B is not known: all zeros need no conversion) and for a state of another form.
    """
    cells = [cell for _, _, cell in _read_out(layer)]
    arrays = leaves(state)
    if not arrays:
        raise ValueError("state: expected a state of this layer, got none; zeros need no conversion")
    layer.check_state(state, len(arrays[0]) if np.ndim(arrays[0]) else 0)
    count = len(cells[0].state_names)
    stacks = [np.stack(arrays[k::count]) for k in range(count)]
    return stacks[0] if count == 1 else tuple(stacks)


def state_from_pytorch(layer: Layer, state: Any) -> Any:
    """h (num_layers * directions, B, H), for an LSTM (h, c), arrays or tensors -> a state of `layer`: copies.

    ValueError for another number of arrays or another shape.
    """
    cells = [cell for _, _, cell in _read_out(layer)]
    names = cells[0].state_names
    given: Sequence[ArrayLike] = [state] if len(names) == 1 else state
    if not isinstance(given, (tuple, list)) or len(given) != len(names):
        raise ValueError(f"state: expected ({', '.join(names)}), got {type(state).__name__}")
    arrays = as_arrays({f"state {name}": one for name, one in zip(names, given, strict=True)}, layer.dtype)
    B = arrays["state h"].shape[1] if arrays["state h"].ndim == 3 else 1
    for name, array in arrays.items():
        expect_shape(name, array, (len(cells), B, cells[0].hidden), "(layers * directions, B, H)")
    return nested(layer, iter([array[k] for k in range(len(cells)) for array in arrays.values()]))
