//===- headers.cpp - every header, as old clients include them ------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "acl/acl.h"
#include "acl/acl_base.h"
#include "acl/acl_mdl.h"
#include "acl/acl_rt.h"
#include "exe_graph/runtime/expand_dims_type.h"
#include "exe_graph/runtime/runtime_tensor.h"
#include "exe_graph/runtime/storage_format.h"
#include "exe_graph/runtime/storage_shape.h"
#include "exe_graph/runtime/tensor.h"
#include "exe_graph/runtime/tensor_data.h"
#include "ge/ge_allocator.h"
#include "ge/ge_api.h"
#include "ge/ge_api_error_codes.h"
#include "ge/ge_api_types.h"
#include "ge/ge_api_v2.h"
#include "ge/ge_external_weight_desc.h"
#include "ge/ge_feature_memory.h"
#include "ge/ge_graph_compile_summary.h"
#include "ge/ge_ir_build.h"
#include "ge/ge_utils.h"
#include "graph/ascend_string.h"
#include "graph/attr_value.h"
#include "graph/gnode.h"
#include "graph/graph.h"
#include "graph/graph_buffer.h"
#include "graph/inference_context.h"
#include "graph/operator.h"
#include "graph/operator_factory.h"
#include "graph/operator_reg.h"
#include "graph/tensor.h"
#include "graph/types.h"
#include "parser/onnx_parser.h"

// Without a folder: clients put the folders on the include path.
#include "array_ops.h"
#include "ascend_string.h"
#include "elewise_calculation_ops.h"
#include "graph.h"
#include "nonlinear_fuc_ops.h"
#include "tensor.h"
#include "types.h"

namespace ge {
/// An operator of the client's own.
REG_OP(ClientOwnOp)
    .INPUT(x, TensorType({DT_FLOAT}))
    .OUTPUT(y, TensorType({DT_FLOAT}))
    .ATTR(factor, Float, 2.0)
    .OP_END_FACTORY_REG(ClientOwnOp)
} // namespace ge

int main() {
  ge::op::ClientOwnOp op("own");
  op.set_attr_factor(3.0f);
  std::vector<std::pair<ge::AscendString, ge::AscendString>> inputs, outputs, attrs;
  const bool registered = GetRegisteredIrDef("ClientOwnOp", inputs, outputs, attrs) == ge::SUCCESS &&
                          inputs.size() == 1 && inputs[0].second == "required" && attrs.size() == 1 &&
                          attrs[0].first == "factor" && attrs[0].second == "Float";
  const bool layout = sizeof(gert::Shape) == 248 && sizeof(aclmdlIODims) == 128 + 8 + 128 * 8 &&
                      sizeof(ge::AscendString) == 2 * sizeof(void *);
  const bool named =
      std::string(op.GetName()) == "own" && op.get_attr_factor() == 3.0f && IsIrRepSupport("_inference_rule");
  return registered && layout && named ? 0 : 1;
}
