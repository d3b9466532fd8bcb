//===- Preflight.cpp - what keeps a model from being compiled -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Compiler/Compiler.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace gemlir;

std::string gemlir::formatPreflightText(const std::string &modelName, const CompileError *error) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (!error) {
    os << modelName << ": can be compiled\n";
    return text;
  }
  size_t count = error->issues.size();
  os << modelName << ": cannot be compiled, " << count << (count == 1 ? " problem\n" : " problems\n");
  for (const Issue &issue : error->issues) {
    os << "\n";
    if (issue.op == "Input")
      os << "input '" << issue.node << "'";
    else if (!issue.node.empty())
      os << "node '" << issue.node << "'";
    else
      os << "the model";
    if (!issue.op.empty() && issue.op != "Input")
      os << ", operator " << issue.op;
    os << " [" << issue.code << "]\n  why: " << issue.why << "\n";
    if (!issue.advice.empty())
      os << "  do:  " << issue.advice << "\n";
  }
  return text;
}

/// Names come from a file, and may be no text.
static llvm::json::Value toValue(const std::string &text) { return llvm::json::fixUTF8(text); }

std::string gemlir::formatPreflightJSON(const std::string &modelName, const CompileError *error) {
  llvm::json::Array issues;
  if (error)
    for (const Issue &issue : error->issues)
      issues.push_back(llvm::json::Object{{"node", toValue(issue.node)},
                                          {"operator", toValue(issue.op)},
                                          {"code", toValue(issue.code)},
                                          {"why", toValue(issue.why)},
                                          {"advice", toValue(issue.advice)}});
  llvm::json::Object report{
      {"model", toValue(modelName)}, {"compilable", error == nullptr}, {"issues", std::move(issues)}};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::formatv("{0:2}", llvm::json::Value(std::move(report))) << "\n";
  return text;
}
