# Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes a failing graph small.

Two steps, repeated while they succeed: leave one output only, and turn the result
of a node into an input that holds the value it had. What no output needs goes.
"""

import numpy as np
from onnx import helper

import graphs


def with_outputs(case, names):
    """The part of `case` that computes the values `names`."""
    graph = case.model.graph
    needed, nodes = set(names), []
    for node in reversed(graph.node):
        if needed & set(node.output):
            nodes.insert(0, node)
            needed |= {name for name in node.input if name}
    return rebuild(case, nodes, names, case.inputs, needed)


def rebuild(case, nodes, outputs, inputs, needed):
    graph = case.model.graph
    types, given = {v.name: v for v in list(graph.output) + list(graph.value_info)}, {v.name: v for v in graph.input}
    inputs = {name: array for name, array in inputs.items() if name in needed}
    model = helper.make_model(
        helper.make_graph(
            nodes, graph.name,
            [given.get(n) or helper.make_tensor_value_info(n, graphs.onnx_type(a.dtype), list(a.shape))
             for n, a in inputs.items()],
            [types[name] for name in outputs],
            [t for t in graph.initializer if t.name in needed],
            value_info=[v for v in types.values() if v.name not in outputs]),
        opset_imports=case.model.opset_import, ir_version=case.model.ir_version)
    return graphs.Case(model, inputs)


def with_types(case, reference):
    """`case` with the type and shape of every value declared; where inputs have open
    dimensions, all others are open as well."""
    graph = case.model.graph
    static = not graphs.is_open(case)
    outputs = {v.name for v in graph.output}
    del graph.value_info[:]
    for node in graph.node:
        for name in node.output:
            if name and name not in outputs:
                value = reference.values[name]
                graph.value_info.append(helper.make_tensor_value_info(
                    name, graphs.onnx_type(reference.dtypes.get(name, value.dtype)),
                    [d if static else "%s_%d" % (name, i) for i, d in enumerate(value.shape)]))
    return case


def cut(case, reference, name):
    """`case` with the value `name` given instead of computed."""
    value = reference.values[name]
    array = np.asarray(value.astype(reference.dtypes.get(name, value.dtype)))
    outputs = [v.name for v in case.model.graph.output]
    nodes = [n for n in case.model.graph.node if name not in n.output]
    if len(nodes) == len(case.model.graph.node):
        return None
    needed, kept = set(outputs), []
    for node in reversed(nodes):
        if needed & set(node.output):
            kept.insert(0, node)
            needed |= {n for n in node.input if n}
    if name not in needed or name in outputs or not all(any(o in n.output for n in kept) for o in outputs):
        return None
    # A second result of the erased node may be read as well.
    known = {o for n in kept for o in n.output} | {t.name for t in case.model.graph.initializer} | set(case.inputs) | {name}
    if not needed <= known:
        return None
    return rebuild(case, kept, outputs, {**case.inputs, name: array}, needed)


def shrink(case, fails):
    """The smallest case found for which `fails(case)` is true, as it is for `case`."""
    reference = graphs.Reference(case)
    case = with_types(case, reference)
    for output in case.model.graph.output:
        smaller = with_outputs(case, [output.name])
        if len(case.model.graph.output) > 1 and fails(smaller):
            case = smaller
            break
    progress = True
    while progress:
        progress = False
        # The last cut leaves least.
        for name in [n for node in reversed(case.model.graph.node) for n in node.output]:
            smaller = cut(case, reference, name)
            if smaller is not None and fails(smaller):
                case, progress = smaller, True
                break
        # A node that ends the graph may not be needed: its operand as the output.
        if not progress and len(case.model.graph.output) == 1:
            last = next(n for n in case.model.graph.node if case.model.graph.output[0].name in n.output)
            made = {o for n in case.model.graph.node for o in n.output}
            for name in last.input:
                if name in made:
                    smaller = with_outputs(case, [name])
                    if fails(smaller):
                        case, progress = smaller, True
                        break
    return case
