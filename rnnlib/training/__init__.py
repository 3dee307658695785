"""Learning: optimizers, gradient clipping, the loop, and what it calls after each epoch."""

from .callbacks import EarlyStopping, History, Run, Schedule
from .fit import Diverged, fit
from .optimizers import SGD, Adam, AdamW, Optimizer, RMSProp, clip_by_norm, clip_by_value

__all__ = ["SGD", "Adam", "AdamW", "Diverged", "EarlyStopping", "History", "Optimizer", "RMSProp", "Run", "Schedule"]
__all__ += ["clip_by_norm", "clip_by_value", "fit"]
