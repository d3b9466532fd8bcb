//===- Conversion.h - types, tensors and attributes of both sides --*- C++
//-*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GE_MLIR_LIB_IMPORT_GRAPH_CONVERSION_H
#define GE_MLIR_LIB_IMPORT_GRAPH_CONVERSION_H

#include "ge-mlir/Dialect/GE/Utils/DataNodes.h"
#include "ge-mlir/Graph/AttrValueImpl.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"

namespace gemlir {

using EmitError = llvm::function_ref<mlir::InFlightDiagnostic()>;

/// Attributes that only these two conversions know.
inline constexpr llvm::StringLiteral kFormatAttr = "ge.format";
using mlir::ge::kAttrsAttr;
inline constexpr llvm::StringLiteral kTargetsAttr = "ge.targets";

/// An element type; types that MLIR does not have are opaque ones of the ge
/// dialect.
mlir::Type toElementType(mlir::MLIRContext *context, ::ge::DataType type);
/// DT_UNDEFINED for a type that GE does not have.
::ge::DataType toDataType(mlir::Type type);
/// The element type of what nobody described.
bool isUndefined(mlir::Type elementType);

/// The type that a description stands for: its storage shape, and an encoding
/// if its format is a blocked one.
mlir::TensorType toTensorType(mlir::MLIRContext *context, const ::ge::TensorDesc &desc);
::ge::TensorDesc toTensorDesc(mlir::Type type);

/// The name of a format that has no encoding but says more than ND; empty for
/// others.
llvm::StringRef plainFormatName(const ::ge::TensorDesc &desc);
/// Gives a description the plain format of that name.
void setPlainFormat(::ge::TensorDesc &desc, llvm::StringRef name);

/// Null after an error. Large tensors alias the tensor's memory and keep it
/// alive.
mlir::ElementsAttr toElementsAttr(mlir::MLIRContext *context, const ::ge::Tensor &tensor, EmitError emitError);
/// Without `alias` the tensor holds a copy. An empty tensor if the attribute is
/// of a kind that has no bytes.
::ge::Tensor toTensor(mlir::ElementsAttr attr, bool alias);

/// Null after an error. The result says its kind, so that toAttrValue restores
/// it.
mlir::Attribute toAttribute(mlir::MLIRContext *context, const ::ge::AttrValue &value, EmitError emitError);
/// The same for an attribute whose kind the operator declares ("Int",
/// "ListFloat", ...). An `elementType` is a TypeAttr in MLIR, whatever GE calls
/// it.
mlir::Attribute toAttribute(mlir::MLIRContext *context, const ::ge::AttrValue &value, llvm::StringRef kind,
                            bool elementType, EmitError emitError);
/// An empty value for an attribute that has no counterpart.
::ge::AttrValue toAttrValue(mlir::Attribute attr, bool alias);
::ge::AttrValue toAttrValue(mlir::Attribute attr, llvm::StringRef kind, bool alias);

/// The name that a node's location carries; empty if none does.
llvm::StringRef getNodeName(mlir::Location loc);

} // namespace gemlir

#endif // GE_MLIR_LIB_IMPORT_GRAPH_CONVERSION_H
