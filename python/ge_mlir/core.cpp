//===- core.cpp - Python's door to the compiler and the runtime -----------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes in, bytes out: arrays, names and exceptions are made in Python, in
// __init__.py. The lock of the interpreter is free while C++ works.
//
//===----------------------------------------------------------------------===//

#include "core.h"

#include "ge-mlir/Model/DataTypes.h"
#include "ge-mlir/Model/OM.h"
#include "ge-mlir/Runtime/Model.h"

#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/tuple.h>

using namespace gemlir;

void raise(const std::string &code, const std::string &node, const std::string &text) {
  nb::object type = nb::module_::import_("ge_mlir").attr("Error");
  PyErr_SetObject(type.ptr(), nb::make_tuple(code, node, text).ptr());
  throw nb::python_error();
}

static void check(const Error &error) {
  static const char *const names[] = {"Success",       "InvalidArgument", "FileRead",    "FileWrite",
                                      "ModelSize",     "ModelFormat",     "ModelHash",   "Unsupported",
                                      "InputMismatch", "OutputMismatch",  "OutOfMemory", "Execution"};
  if (error)
    raise(names[static_cast<int>(error.code())], "", error.text());
}

CompileResult compileFrom(const Compile &compile, const std::string &stage, const std::string &device,
                          const std::string &name, unsigned threads, const Shapes &inputShapes) {
  CompileOptions options;
  options.device = device;
  options.inputShapes = inputShapes;
  options.modelName = name;
  options.threads = threads;
  if (!parseStage(stage, options.stopAfter))
    throw nb::value_error(("unknown stage '" + stage + "', expected ge, linalg, npu, llvm, asm, obj or om").c_str());
  CompiledModel model;
  CompileError error;
  bool done;
  {
    nb::gil_scoped_release release;
    done = compile(options, model, error);
  }
  if (!done)
    raise(error.code, error.node, error.text);
  return {nb::bytes(model.bytes.data(), model.bytes.size()), model.warnings};
}

/// Compiles an ONNX model; `directory` is where its external weights may lie.
static CompileResult compileONNXModel(nb::bytes source, const std::string &directory, const std::string &stage,
                                      const std::string &device, const std::string &name, unsigned threads,
                                      const Shapes &inputShapes) {
  const char *data = source.c_str();
  size_t size = source.size();
  auto compile = [&](const CompileOptions &options, CompiledModel &model, CompileError &error) {
    return compileONNX(data, size, directory, options, model, error);
  };
  return compileFrom(compile, stage, device, name, threads, inputShapes);
}

/// Compiles a module of the `ge` dialect.
static CompileResult compileText(nb::bytes source, const std::string &stage, const std::string &device,
                                 const std::string &name, unsigned threads, const Shapes &inputShapes) {
  const char *data = source.c_str();
  size_t size = source.size();
  auto compile = [&](const CompileOptions &options, CompiledModel &model, CompileError &error) {
    return compileModuleText(data, size, options, model, error);
  };
  return compileFrom(compile, stage, device, name, threads, inputShapes);
}

/// Writes `data` to `path`: whole or, on failure, not at all.
static void saveFile(const std::string &path, nb::bytes data) {
  check(model::writeFileAtomically({{reinterpret_cast<const uint8_t *>(data.c_str()), data.size()}}, path));
}

static std::shared_ptr<runtime::Model> loadFile(const std::string &path) {
  std::shared_ptr<runtime::Model> model;
  Error error;
  {
    nb::gil_scoped_release release;
    error = runtime::Model::loadFromFile(path, {}, model);
  }
  check(error);
  return model;
}

static std::shared_ptr<runtime::Model> loadBytes(nb::bytes data) {
  std::shared_ptr<runtime::Model> model;
  check(runtime::Model::loadFromMemory(data.c_str(), data.size(), {}, model));
  return model;
}

using Signature = std::vector<std::tuple<std::string, std::string, Dims>>;

static Signature describe(const std::vector<runtime::TensorInfo> &tensors) {
  Signature signature;
  for (const runtime::TensorInfo &tensor : tensors)
    signature.emplace_back(tensor.name, model::getDataTypeName(tensor.dataType), tensor.dims);
  return signature;
}

/// Runs on the bytes and dimensions of each input; returns those of each output.
static nb::list execute(runtime::Model &model, const std::vector<std::pair<Bytes, Dims>> &arrays, unsigned threads,
                        bool checkRaces) {
  std::vector<runtime::InputBuffer> inputs;
  for (const auto &array : arrays)
    inputs.push_back({array.first.data(), array.first.size(), array.second});
  std::vector<runtime::OutputBuffer> outputs;
  runtime::ExecOptions options;
  options.threads = threads;
  options.simulation.races = checkRaces;
  Error error;
  {
    nb::gil_scoped_release release;
    error = model.execute(inputs, outputs, options);
  }
  check(error);
  nb::list results;
  for (const runtime::OutputBuffer &output : outputs) {
    nb::capsule owner(output.data, [](void *data) noexcept { runtime::freeOutput(data); });
    nb::ndarray<nb::numpy, uint8_t, nb::ndim<1>> bytes(output.data, {output.size}, owner);
    results.append(nb::make_tuple(bytes, output.dims));
  }
  return results;
}

NB_MODULE(_core, module) {
  bindGraph(module);
  module.def("compile_onnx", &compileONNXModel);
  module.def("compile_mlir", &compileText);
  module.def("save", &saveFile);
  module.def("load_file", &loadFile);
  module.def("load_bytes", &loadBytes);
  module.def("version", &getCompilerVersion);
  nb::class_<runtime::Model>(module, "Model")
      .def_prop_ro("name", &runtime::Model::name)
      .def_prop_ro("inputs", [](const runtime::Model &model) { return describe(model.inputs()); })
      .def_prop_ro("outputs", [](const runtime::Model &model) { return describe(model.outputs()); })
      .def("execute", &execute);
}
