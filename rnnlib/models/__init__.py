"""Wirings: one class for each shape of input and output, over the same layers.

Every model has `batch(x, y, lengths)` (checks at the door), `loss(batch) -> (loss, grads)`, `predict`, `evaluate`,
and is trained by `training.fit`.
"""

from .base import Batch, Model
from .reading import ManyToMany, ManyToOne, OneToOne
from .writing import EncoderDecoder, OneToMany

__all__ = ["Batch", "EncoderDecoder", "ManyToMany", "ManyToOne", "Model", "OneToMany", "OneToOne"]
