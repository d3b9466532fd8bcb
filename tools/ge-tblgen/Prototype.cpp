//===- Prototype.cpp - GE prototypes from records -------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Prototype.h"
#include "mlir/TableGen/Operator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;
using namespace gemlir::tblgen;
using mlir::tblgen::NamedAttribute;
using mlir::tblgen::NamedTypeConstraint;
using mlir::tblgen::Operator;

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

static Port readPort(const Record &record, const NamedTypeConstraint &value) {
  const Record *type = &value.constraint.getDef();
  if (value.isVariableLength())
    type = type->getValueAsDef("baseType");
  if (!type->getValue("geTypes"))
    PrintFatalError(&record, "'" + value.name + "' has no set of GE types (geTypes)");
  return {value.name.str(),
          value.isOptional()   ? PortKind::Optional
          : value.isVariadic() ? PortKind::Dynamic
                               : PortKind::Required,
          type->getValueAsString("geTypes").str()};
}

static Attr readAttr(const Record &record, const NamedAttribute &attr) {
  const Record &kind = attr.attr.getBaseAttr().getDef();
  if (!kind.getValue("geAttrType"))
    PrintFatalError(&record, "attribute '" + attr.name + "' has no GE type (geAttrType)");
  Attr result{attr.name.str(), kind.getValueAsString("geAttrType").str(), "", true};
  // What GE calls the default, if it is not C++ of MLIR's.
  const Record &def = attr.attr.getDef();
  if (def.getValue("geDefault"))
    result.defaultValue = def.getValueAsString("geDefault").str();
  if (result.defaultValue.empty() && attr.attr.hasDefaultValue())
    result.defaultValue = attr.attr.getDefaultValue().str();
  result.required = result.defaultValue.empty();
  return result;
}

static Prototype readOperation(const Record &record) {
  Operator op(record);
  Prototype result{record.getValueAsString("geType").str(), record.getValueAsString("header").str(), {}, {}, {}, {}};
  for (const NamedTypeConstraint &operand : op.getOperands())
    result.inputs.push_back(readPort(record, operand));
  for (const NamedTypeConstraint &value : op.getResults())
    result.outputs.push_back(readPort(record, value));
  for (const NamedAttribute &attr : op.getAttributes())
    result.attrs.push_back(readAttr(record, attr));
  for (const mlir::tblgen::NamedRegion &region : op.getRegions())
    result.graphs.push_back({region.name.str(), region.isVariadic()});
  return result;
}

//===----------------------------------------------------------------------===//
// Prototypes as text
//===----------------------------------------------------------------------===//

/// The parts of a list, without the blanks around them. A semicolon inside of
/// braces or quotes does not separate.
static SmallVector<StringRef> splitList(StringRef text) {
  SmallVector<StringRef> parts;
  int depth = 0;
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    char c = i < text.size() ? text[i] : ';';
    if (c == '"')
      quoted = !quoted;
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (i < text.size() && (c != ';' || depth > 0 || quoted))
      continue;
    if (StringRef part = text.slice(begin, i).trim(); !part.empty())
      parts.push_back(part);
    begin = i + 1;
  }
  return parts;
}

/// `FLOAT,FLOAT16` as `TensorType({DT_FLOAT, DT_FLOAT16})`.
static std::string typeSet(StringRef types) {
  if (types == "ALL")
    return "TensorType::ALL()";
  SmallVector<StringRef> names;
  types.split(names, ',');
  auto isSet = [](StringRef name) { return name.ends_with("Type"); };
  if (names.size() == 1 && isSet(names.front()))
    return "TensorType::" + names.front().str() + "()";
  std::string result = "TensorType({";
  for (auto [i, name] : enumerate(names))
    result += (i ? ", " : "") + (isSet(name) ? name.str() + "()" : "DT_" + name.str());
  return result + "})";
}

static std::vector<Port> readPorts(const Record &record, StringRef field) {
  std::vector<Port> ports;
  for (StringRef part : splitList(record.getValueAsString(field))) {
    auto [name, types] = part.split(':');
    PortKind kind = name.consume_back("?")   ? PortKind::Optional
                    : name.consume_back("*") ? PortKind::Dynamic
                                             : PortKind::Required;
    if (name.empty() || types.empty())
      PrintFatalError(&record, "expected 'name:TYPES' in '" + field + "', but got '" + part + "'");
    ports.push_back({name.str(), kind, typeSet(types)});
  }
  return ports;
}

static Prototype readText(const Record &record) {
  Prototype result{record.getValueAsString("geType").str(),
                   record.getValueAsString("header").str(),
                   readPorts(record, "inputs"),
                   readPorts(record, "outputs"),
                   {},
                   {}};
  for (StringRef part : splitList(record.getValueAsString("attributes"))) {
    auto [name, rest] = part.split(':');
    auto [kind, value] = rest.split('=');
    bool required = name.consume_back("!");
    if (name.empty() || kind.empty() || required != value.empty())
      PrintFatalError(&record, "expected 'name!:Kind' or 'name:Kind=default', but got '" + part + "'");
    result.attrs.push_back({name.str(), kind.str(), value.str(), required});
  }
  for (StringRef part : splitList(record.getValueAsString("graphs"))) {
    bool dynamic = part.consume_back("*");
    result.graphs.push_back({part.str(), dynamic});
  }
  return result;
}

Prototype gemlir::tblgen::readPrototype(const Record &record) {
  return record.isSubClassOf("GE_Proto") ? readText(record) : readOperation(record);
}

std::vector<const Record *> gemlir::tblgen::getOperators(const RecordKeeper &records) {
  std::vector<const Record *> result;
  for (const Record *record : records.getAllDerivedDefinitions("GE_BaseOp"))
    if (record->getValueAsBit("hasPrototype"))
      result.push_back(record);
  sort(result,
       [](const Record *a, const Record *b) { return a->getValueAsString("geType") < b->getValueAsString("geType"); });
  return result;
}

void gemlir::tblgen::writePrototype(const Prototype &prototype, raw_ostream &os) {
  os << "REG_OP(" << prototype.type << ")\n";
  for (const Port &port : prototype.inputs)
    os << "    ."
       << (port.kind == PortKind::Optional  ? "OPTIONAL_"
           : port.kind == PortKind::Dynamic ? "DYNAMIC_"
                                            : "")
       << "INPUT(" << port.name << ", " << port.types << ")\n";
  for (const Port &port : prototype.outputs)
    os << "    ." << (port.kind == PortKind::Dynamic ? "DYNAMIC_" : "") << "OUTPUT(" << port.name << ", " << port.types
       << ")\n";
  for (const Graph &graph : prototype.graphs)
    os << "    ." << (graph.dynamic ? "DYNAMIC_" : "") << "GRAPH(" << graph.name << ")\n";
  for (const Attr &attr : prototype.attrs) {
    if (attr.required)
      os << "    .REQUIRED_ATTR(" << attr.name << ", " << attr.kind << ")\n";
    else
      os << "    .ATTR(" << attr.name << ", " << attr.kind << ", " << attr.defaultValue << ")\n";
  }
  os << "    .OP_END_FACTORY_REG(" << prototype.type << ")\n";
}
