"""The operators against the ONNX reference evaluator, and against the cases that ONNX itself is tested with."""

import warnings

import numpy as np
import onnx
import pytest
from onnx.backend.test.case.node import collect_testcases

from rnnlib.interop import from_onnx
from tests.interop_checks import against_onnx
from tools.make_goldens import onnx_case

OPERATORS = [
    {"op_type": "RNN"},
    {"op_type": "LSTM"},
    {"op_type": "LSTM", "peepholes": True},
    {"op_type": "GRU"},
    {"op_type": "GRU", "linear_before_reset": 1},
]
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the cases of other operators overflow on purpose
    PUBLISHED = [
        c for c in collect_testcases(None) if {n.op_type for n in c.model.graph.node} <= {"RNN", "LSTM", "GRU"}
    ]


@pytest.mark.parametrize("layout", [0, 1])
@pytest.mark.parametrize("lengths", [(), (7, 1, 4, 7)])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("operator", OPERATORS, ids=str)
def test_outputs(operator, direction, lengths, layout):
    for bias, initial in ((True, True), (False, False)):
        form = {"direction": direction, "lengths": lengths, "layout": layout, "bias": bias, "initial": initial}
        case = onnx_case(**operator, **form, seed=len(direction) + layout, T=7, B=4, inputs=5, hidden=6)
        for name, difference in against_onnx(case).items():
            assert difference < 1e-10, name


def test_there_are_published_cases():
    assert len(PUBLISHED) >= 13


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case.name)
def test_published_cases(case):
    """The node tests of the ONNX project, in float32, with the outputs that come with them."""
    (node,) = case.model.graph.node
    attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
    attributes = {name: value.decode() if isinstance(value, bytes) else value for name, value in attributes.items()}
    for inputs, outputs in case.data_sets:
        given = dict(zip(filter(None, node.input), inputs, strict=True))
        X = given.pop("X")
        operator = from_onnx(node.op_type, **given, **attributes)
        results = dict(zip(("Y", "Y_h", "Y_c"), operator.run(X), strict=False))
        for name, expected in zip(filter(None, node.output), outputs, strict=True):
            assert results[name].dtype == expected.dtype == np.float32
            np.testing.assert_allclose(results[name], expected, rtol=0, atol=1e-6)
