//===- Diagnostics.cpp - diagnostics of one compilation -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diagnostics.h"

#include "ge-mlir/Support/ErrorCode.h"

#include "mlir/IR/Location.h"

using namespace mlir;
using namespace gemlir;

/// The code of a failure that names none.
static constexpr const char *kUnspecified = "E19999";
/// The same of a node, as long as the graph is what its author wrote.
static constexpr const char *kInvalidNode = "E14001";

std::string gemlir::findNode(Location loc) {
  std::string name;
  loc->walk([&](Location part) {
    auto named = dyn_cast<NameLoc>(part);
    if (!named)
      return WalkResult::advance();
    name = named.getName().str();
    return WalkResult::interrupt();
  });
  return name;
}

/// "file.mlir:2:8: " of a line of a file that has a name, or nothing.
static std::string findPlace(Location loc) {
  auto place = dyn_cast<FileLineColLoc>(loc);
  if (!place || !place.getLine() || place.getFilename().empty() || place.getFilename() == "-")
    return "";
  return (place.getFilename().getValue() + ":" + Twine(place.getLine()) + ":" + Twine(place.getColumn()) + ": ").str();
}

/// The operator, the reason and the advice that a diagnostic carries beside its
/// text; without them the text is the reason.
static Issue makeIssue(Diagnostic &diagnostic, const std::string &node, const std::string &code,
                       const std::string &text) {
  Issue issue{node, "", code.empty() ? kUnspecified : code, text, ""};
  std::string *parts[] = {&issue.op, &issue.why, &issue.advice};
  SmallVectorImpl<DiagnosticArgument> &given = diagnostic.getMetadata();
  if (given.size() == std::size(parts) && llvm::all_of(given, [](DiagnosticArgument &part) {
        return part.getKind() == DiagnosticArgument::DiagnosticArgumentKind::Attribute &&
               isa<StringAttr>(part.getAsAttribute());
      }))
    for (auto [part, argument] : llvm::zip_equal(parts, given))
      *part = cast<StringAttr>(argument.getAsAttribute()).str();
  return issue;
}

DiagnosticCollector::DiagnosticCollector(MLIRContext *context)
    : handler(context, [this](Diagnostic &diagnostic) {
        handle(diagnostic);
        return success();
      }) {}

void DiagnosticCollector::handle(Diagnostic &diagnostic) {
  std::lock_guard<std::mutex> lock(mutex);
  std::string text = diagnostic.str(), where = findNode(diagnostic.getLocation());
  std::string found = takeErrorCode(text);
  if (found.empty() && blamesGraph && !where.empty())
    found = kInvalidNode;
  std::string line = (where.empty() ? findPlace(diagnostic.getLocation()) : "node '" + where + "': ") + text;
  for (Diagnostic &note : diagnostic.getNotes())
    line += "\n  note: " + note.str();
  line += "\n";
  if (diagnostic.getSeverity() != DiagnosticSeverity::Error) {
    warnings += line;
    return;
  }
  errors += line;
  issues.push_back(makeIssue(diagnostic, where, found, text));
  if (node.empty())
    node = where;
  if (code.empty())
    code = found;
}

void DiagnosticCollector::describe(CompileError &error) {
  std::lock_guard<std::mutex> lock(mutex);
  error.code = code.empty() ? kUnspecified : code;
  error.node = node;
  error.issues = issues;
  error.text = errors.empty() ? "compilation failed without a diagnostic" : errors;
  while (!error.text.empty() && error.text.back() == '\n')
    error.text.pop_back();
}

std::string DiagnosticCollector::getWarnings() {
  std::lock_guard<std::mutex> lock(mutex);
  return warnings;
}

bool DiagnosticCollector::hasErrors() {
  std::lock_guard<std::mutex> lock(mutex);
  return !errors.empty();
}
