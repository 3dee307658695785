"""The conversions against the other programs themselves: PyTorch, ONNX, onnxruntime, Keras. Not part of the usual run.

    pip install -e .[dev,parity]
    python -m pytest tests/parity

The usual run compares with what the same libraries computed when tests/goldens was made. Nothing here is skipped: where
one of them is not installed, its tests fail.
"""
