//===- GEBase.td - base classes of ge operations -----------*- tablegen -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_DIALECT_GE_IR_GEBASE_TD
#define GEMLIR_DIALECT_GE_IR_GEBASE_TD

include "ge-mlir/Dialect/GE/IR/GEAttrs.td"
include "ge-mlir/Dialect/GE/IR/GEInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

//===----------------------------------------------------------------------===//
// Tensors. `geTypes` is the type set as GE prototypes spell it.
//===----------------------------------------------------------------------===//

class GE_TensorOf<list<Type> types, string geSet> : TensorOf<types> {
  string geTypes = geSet;
}

defvar GE_FloatTypes = [F16, BF16, F32, F64];
defvar GE_IntTypes = [I8, I16, I32, I64, UI8, UI16, UI32, UI64];

def GE_AnyTensor : GE_TensorOf<[AnyType], "TensorType::ALL()">;
def GE_FloatTensor : GE_TensorOf<GE_FloatTypes,
    "TensorType({DT_FLOAT16, DT_BF16, DT_FLOAT, DT_DOUBLE})">;
def GE_IntTensor : GE_TensorOf<GE_IntTypes, "TensorType::IntegerDataType()">;
def GE_NumberTensor : GE_TensorOf<!listconcat(GE_FloatTypes, GE_IntTypes), "TensorType::RealNumberType()">;
def GE_BoolTensor : GE_TensorOf<[I1], "TensorType({DT_BOOL})">;
// Numbers and bool.
def GE_BasicTensor : GE_TensorOf<!listconcat(GE_FloatTypes, GE_IntTypes, [I1]),
    "TensorType({RealNumberType(), DT_BOOL})">;
// Shape-like operands.
def GE_IndexTensor : GE_TensorOf<[I32, I64], "TensorType::IndexNumberType()">;
def GE_F32Tensor : GE_TensorOf<[F32], "TensorType({DT_FLOAT})">;

//===----------------------------------------------------------------------===//
// Attributes. `geAttrType` and `geDefault` are what GE prototypes say.
//===----------------------------------------------------------------------===//

class GE_AttrKind<string kind> {
  string geAttrType = kind;
  string geDefault = "";
}

def GE_Int : TypedSignlessIntegerAttrBase<I64, "int64_t", "64-bit signless integer attribute">,
             GE_AttrKind<"Int"> {
  let convertFromStorage = "$_self.getInt()";
}
def GE_Float : FloatAttrBase<F32, "32-bit float attribute">, GE_AttrKind<"Float"> {
  let returnType = "float";
  let convertFromStorage = "$_self.getValue().convertToFloat()";
  let constBuilderCall = "$_builder.getF32FloatAttr($0)";
}
def GE_Bool : TypedAttrBase<I1, "BoolAttr", CPred<"::llvm::isa<::mlir::BoolAttr>($_self)">, "bool attribute">,
              GE_AttrKind<"Bool"> {
  let returnType = "bool";
  let valueType = I1;
  let constBuilderCall = "$_builder.getBoolAttr($0)";
}
def GE_String : StringBasedAttr<StrAttrPred, "string attribute">, GE_AttrKind<"String">;
def GE_ListInt : DenseArrayAttrBase<"DenseI64ArrayAttr", "int64_t", "i64">, GE_AttrKind<"ListInt">;
def GE_ListFloat : DenseArrayAttrBase<"DenseF32ArrayAttr", "float", "f32">, GE_AttrKind<"ListFloat">;

// An element type. GE spells it as a Type or as the Int of a DataType.
class GE_TypeAttrAs<string kind> : TypeAttrBase<"::mlir::Type", "element type attribute">,
                                   GE_AttrKind<kind> {
  let constBuilderCall = "::mlir::TypeAttr::get($0)";
}
def GE_Type : GE_TypeAttrAs<"Type">;
def GE_TypeInt : GE_TypeAttrAs<"Int">;

// An optional GE attribute with its default.
class GE_Default<Attr attr, string value> : DefaultValuedAttr<attr, value>;
// An operation with one has its own builder: the default needs a context, which
// the signature of a generated builder does not have.
class GE_DefaultType<Attr attr, string typeBuilder, string dataType>
    : DefaultValuedAttr<attr, "$_builder." # typeBuilder>, GE_AttrKind<""> {
  let geDefault = dataType;
}
def GE_EmptyListInt : GE_Default<GE_ListInt, "{}">;

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

// One GE operator. `type` is GE's name of it.
class GE_BaseOp<string mnemonic, string type, list<Trait> traits = []>
    : Op<GE_Dialect, mnemonic, !listconcat(traits, [DeclareOpInterfaceMethods<GE_OperatorInterface>])> {
  // Read by ge-tblgen.
  string geType = type;
  string header = "array_ops";
  // Whether clients and graphs know it; if not, it only occurs in the dialect.
  bit hasPrototype = 1;

  // The parts of the description.
  string semantics = "";
  string constraints = "";
  string example = "";
  let description = "\n    " # semantics #
      !if(!empty(constraints), "", "\n\n    Constraints: " # constraints) #
      !if(!empty(example), "", "\n\n    Example:\n    ```mlir\n    " # example # "\n    ```\n");

  // Declarations and definitions that subclasses add.
  code declarations = "";
  code definitions = "";
  defvar common = [{
    /// The type of the GE operator.
    static constexpr ::llvm::StringLiteral getGETypeName() { return ::llvm::StringLiteral("}] # type # [{"); }
  }];
  let extraClassDeclaration = common # declarations;
  let extraClassDefinition = definitions;
}

// An operator without side effects whose result types follow from its operands
// and attributes. `inference` is the body of inferTypes; if it is empty, C++
// code defines the function. A result may have a more precise type than the
// inferred one, or another storage format of the same origin.
class GE_Op<string mnemonic, string type, list<Trait> traits = []>
    : GE_BaseOp<mnemonic, type, !listconcat(traits, [Pure, DeclareOpInterfaceMethods<InferTypeOpInterface>])> {
  code inference = "";
  // Whether operands may have a storage format; if not, inference rejects them.
  bit acceptsFormats = 0;
  // The body of fold; empty for none, or if C++ code defines it (then hasFolder is set).
  code folding = "";
  let hasFolder = !not(!empty(folding));
  let declarations = [{
    static bool isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange actual) {
      return ::mlir::ge::areCompatibleTypes(inferred, actual, /*anyFormat=*/}] #
        !if(acceptsFormats, "true", "false") # [{);
    }
    /// Infers the result types, or emits an error that says what was expected.
    static ::llvm::LogicalResult inferTypes(::mlir::ge::Inference &infer, Adaptor op,
                                            ::llvm::SmallVectorImpl<::mlir::Type> &results);
  }];
  let definitions = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, ::std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &results) {
      ::mlir::ge::Inference infer(context, location, getOperationName(), operands);
  }] # !if(acceptsFormats, "", [{
      if (::mlir::failed(infer.checkPlain()))
        return ::mlir::failure();
  }]) # [{
      return inferTypes(infer, Adaptor(operands, attributes, properties, regions), results);
    }
  }] # !if(!empty(inference), "", [{
    ::llvm::LogicalResult $cppClass::inferTypes(
        ::mlir::ge::Inference &infer, Adaptor op, ::llvm::SmallVectorImpl<::mlir::Type> &results) {
  }] # inference # "}") # !if(!empty(folding), "", [{
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
  }] # folding # "}");
}

// A builder whose `body` adds operands and properties; the result types are inferred.
class GE_InferringBuilder<dag parameters, code body> : OpBuilder<parameters, [{
    auto &properties = $_state.getOrAddProperties<Properties>();
  }] # body # [{
    ::mlir::ge::addInferredTypes($_builder, $_state, inferReturnTypes);
  }]>;

// Operands in order, attributes, and a function type.
class GE_PlainOp<string mnemonic, string type, list<Trait> traits = []>
    : GE_Op<mnemonic, type, traits> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

#endif // GEMLIR_DIALECT_GE_IR_GEBASE_TD
