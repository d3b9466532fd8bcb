//===- PythonOpsGen.cpp - builders of operators in Python -----------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Prototype.h"
#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Error.h"

using namespace llvm;
using namespace gemlir::tblgen;

/// A name as a parameter: Python's keywords get an underscore.
static std::string parameter(StringRef name) {
  static const StringSet<> keywords = {"False",  "None",   "True",    "and",      "as",       "assert", "async",
                                       "await",  "break",  "class",   "continue", "def",      "del",    "elif",
                                       "else",   "except", "finally", "for",      "from",     "global", "if",
                                       "import", "in",     "is",      "lambda",   "nonlocal", "not",    "or",
                                       "pass",   "raise",  "return",  "try",      "while",    "with",   "yield"};
  return keywords.contains(name) ? (name + "_").str() : name.str();
}

/// The C++ of a default as Python: `{1, 1}` is `(1, 1)`, `DT_INT64` is "int64".
static std::string literal(const Record &record, const Attr &attr) {
  StringRef text = StringRef(attr.defaultValue).trim();
  if (text == "true" || text == "false")
    return text == "true" ? "True" : "False";
  if (text == "Tensor()")
    return "None";
  if (text.consume_front("DT_"))
    return "\"" + (text == "FLOAT" ? "float32" : text.lower()) + "\"";
  if (text.consume_front("{")) {
    if (!text.consume_back("}"))
      PrintFatalError(&record, "attribute '" + attr.name + "' has a default without '}'");
    SmallVector<StringRef> elements;
    text.split(elements, ',', -1, /*KeepEmpty=*/false);
    std::string list = join(map_range(elements, [](StringRef element) { return element.trim(); }), ", ");
    return "(" + list + (elements.size() == 1 ? ",)" : ")");
  }
  if (text.starts_with("\""))
    return text.str();
  text.consume_back("f");
  double number;
  if (text.getAsDouble(number))
    PrintFatalError(&record,
                    "attribute '" + attr.name + "' has the default '" + text + "', which has no form in Python");
  return text.str();
}

/// Inputs in order, then attributes, subgraphs, numbers of outputs and the name
/// by keyword. A required input behind an optional one is by keyword, too.
static std::string parameters(const Record &record, const Prototype &prototype) {
  SmallVector<std::string> list;
  bool keywordsOnly = false, optional = false;
  auto beginKeywords = [&] {
    if (!keywordsOnly)
      list.push_back("*");
    keywordsOnly = true;
  };
  for (const Port &port : prototype.inputs) {
    bool isOptional = port.kind == PortKind::Optional;
    if (optional && !isOptional)
      beginKeywords();
    optional |= isOptional;
    list.push_back(parameter(port.name) + (isOptional ? "=None" : ""));
  }
  beginKeywords();
  for (const Attr &attr : prototype.attrs)
    if (attr.required)
      list.push_back(parameter(attr.name));
  for (const Graph &graph : prototype.graphs)
    list.push_back(parameter(graph.name));
  for (const Port &port : prototype.outputs)
    if (port.kind == PortKind::Dynamic)
      list.push_back("num_" + port.name);
  for (const Attr &attr : prototype.attrs)
    if (!attr.required)
      list.push_back(parameter(attr.name) + "=" + literal(record, attr));
  list.push_back("name=None");
  return join(list, ", ");
}

/// A list of tuples, on one line.
template <typename Range, typename Write>
static void writeList(StringRef keyword, Range &&range, raw_ostream &os, Write write) {
  os << "                 " << keyword << "=[";
  interleaveComma(range, os, [&](const auto &entry) {
    os << "(";
    write(entry);
    os << ")";
  });
  os << "]";
}

static void writeBuilder(const Record &record, raw_ostream &os) {
  Prototype prototype = readPrototype(record);
  std::string summary = record.getValueAsString("summary").trim().str();
  summary.front() = toUpper(summary.front());
  os << "\n\ndef " << prototype.type << "(" << parameters(record, prototype) << "):\n"
     << "    \"\"\"" << summary << ".\n";
  for (StringRef line : split(record.getValueAsString("semantics").trim(), '\n'))
    os << (line.trim().empty() ? "" : "\n    ") << line.trim().str();
  os << "\n    \"\"\"\n    return _node(\"" << prototype.type << "\", name,\n";
  writeList("inputs", prototype.inputs, os, [&](const Port &port) {
    os << "\"" << port.name << "\", \""
       << (port.kind == PortKind::Optional  ? "optional"
           : port.kind == PortKind::Dynamic ? "dynamic"
                                            : "required")
       << "\", " << parameter(port.name);
  });
  os << ",\n";
  writeList("attributes", prototype.attrs, os, [&](const Attr &attr) {
    os << "\"" << attr.name << "\", \"" << attr.kind << "\", " << parameter(attr.name);
  });
  os << ",\n";
  writeList("outputs", prototype.outputs, os, [&](const Port &port) {
    os << "\"" << port.name << "\", " << (port.kind == PortKind::Dynamic ? "num_" + port.name : "None");
  });
  os << ",\n";
  writeList("graphs", prototype.graphs, os, [&](const Graph &graph) {
    os << "\"" << graph.name << "\", " << (graph.dynamic ? "True" : "False") << ", " << parameter(graph.name);
  });
  os << ")\n";
}

static bool writeBuilders(const RecordKeeper &records, raw_ostream &os) {
  os << "# Generated by ge-tblgen from GEOps*.td.\n"
     << "\"\"\"A function for each operator that ge-mlir compiles, with GE's names.\n\n"
     << "Inputs are values (what these functions return) or numpy arrays; a dynamic input is\n"
     << "a sequence of them. A function returns the operator's output; a tuple where there are\n"
     << "several; a list for a dynamic output, whose length is given.\n\"\"\"\n\n"
     << "from .builder import _node\n";
  for (const Record *record : getOperators(records))
    writeBuilder(*record, os);
  return false;
}

static mlir::GenRegistration registration("gen-python-ops", "generate the builders of operators in Python",
                                          writeBuilders);
