"""Cone or chain: what a convolution reads, beside what a recurrent network hears. Chapter 07."""

from __future__ import annotations

import numpy as np

from ..cells import RNNCell
from ..checks import as_flag, as_size
from ..diagrams import Pages, cone
from ..exercises import predict
from ..layers import Conv1D, Recurrent
from ..views.cone import cone_run
from .bounds import a_page, a_seed
from .laboratory import Laboratory, choice, whole

__all__ = ["ConeOrChain"]

T, CHANNELS = 12, 4


class ConeOrChain(Laboratory):
    """Change one of 12 tokens: which outputs of a stack of causal convolutions change, and which of a recurrent chain?

    kernel (2 to 4), layers (1 to 4), dilated (the dilation doubles from layer to layer, or is 1): the stack. changed:
    the token, 1 to 12. seed: of the random weights and tokens, 0 to 2**32 - 1; nothing here has learned anything. ask:
    a question first, until a control has been moved. t, present: as in `Stepper`. ValueError for a number that is not
    whole or out of its range, TypeError for what is not True or False. Chapter 07.
    """

    def __init__(
        self,
        *,
        kernel: int = 3,
        layers: int = 2,
        dilated: bool = False,
        changed: int = 4,
        seed: int = 3,
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        self.ask = as_flag("ask", ask)
        super().__init__(
            whole("kernel", as_size("kernel", kernel, 2, 4), 2, 4, label="kernel k"),
            whole("layers", as_size("layers", layers, 1, 4), 1, 4),
            choice(
                "dilated",
                {"1 in each layer": False, "doubling": True},
                as_flag("dilated", dilated),
                label="dilation d",
            ),
            whole("changed", as_size("changed", changed, 1, T), 1, T, label="token changed"),
            seed=a_seed(seed),
            t=a_page(t),
            present=as_flag("present", present),
        )

    def draw(self, *, kernel: int, layers: int, dilated: bool, changed: int, seed: int) -> Pages:
        """The pages for this stack and this token."""
        rng = np.random.default_rng(seed)
        x, other = rng.normal(size=(T, CHANNELS)), rng.normal(size=CHANNELS)
        chain = Recurrent(RNNCell(CHANNELS, CHANNELS, rng=rng))
        stack = [
            Conv1D(CHANNELS, CHANNELS, kernel=kernel, dilation=2**n if dilated else 1, activation="tanh", rng=rng)
            for n in range(layers)
        ]
        run = cone_run(stack, chain, x, other, changed)
        return cone(run, ask=predict.cone(run) if self.ask and self.values == self._first else None)
