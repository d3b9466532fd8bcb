//===- errors.cpp - what goes wrong says so -------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace client;

namespace {

bool exists(const char *path) { return ::access(path, F_OK) == 0; }

size_t filesIn(const char *folder) {
  size_t count = 0;
  DIR *dir = ::opendir(folder);
  while (dir != nullptr && ::readdir(dir) != nullptr)
    ++count;
  if (dir != nullptr)
    ::closedir(dir);
  return count;
}

void sessionErrors() {
  ge::GeSession session((Options()));
  ge::ModelBufferData model;
  REQUIRE(session.AddGraph(1, makeLayer("layer")) == ge::SUCCESS);
  EXPECT(session.GetCompiledModel(1, model) == ge::PARAM_INVALID);
  EXPECT(errorHas("E10062"));
  EXPECT(session.GetCompiledModel(2, model) == ge::GE_GRAPH_GRAPH_NOT_EXIST);
  EXPECT(errorHas("has no graph 2"));
  EXPECT(session.CompileGraph(2) == ge::GE_GRAPH_GRAPH_NOT_EXIST);
  EXPECT(session.RemoveGraph(2) == ge::GE_GRAPH_GRAPH_NOT_EXIST);
  EXPECT(session.GetCompiledGraphSummary(1) == nullptr);
  EXPECT(session.AddGraph(3, ge::Graph("empty")) == ge::PARAM_INVALID);
  EXPECT(errorHas("'empty'"));
  // The first graph of an id stays.
  EXPECT(session.AddGraph(1, makeLayer("second")) == ge::SUCCESS);
  EXPECT(session.SetGraphConstMemoryBase(1, &model, 8) == ge::UNSUPPORTED);
  EXPECT(errorHas("the runtime manages the memory of graphs"));
  EXPECT(session.RegisterCallBackFunc("Save", nullptr) == ge::UNSUPPORTED);
  EXPECT(errorHas("no operator calls back"));
  EXPECT(session.AddGraph(4, makeLayer("fast"), {{"ge.exec.variable_acc", "True"}}) == ge::SUCCESS);
  EXPECT(session.CompileGraph(4) == ge::SUCCESS);
  EXPECT(session.GetCompiledModel(4, model) == ge::UNSUPPORTED);
  EXPECT(errorHas("variable_acc"));
  EXPECT(session.AddGraph(5, makeLayer("bad"), {{"ge.externalWeight", "many"}}) == ge::PARAM_INVALID);
  EXPECT(errorHas("E10006"));
  EXPECT(session.AddGraph(6, makeLayer("far"), {{"ge.socVersion", "NoSuchChip"}}) == ge::SUCCESS);
  EXPECT(session.CompileGraph(6) == ge::FAILED);
  EXPECT(errorHas("NoSuchChip"));
}

/// A graph whose shapes do not fit: the text names node and shapes.
void wrongGraph() {
  ge::GeSession session((Options()));
  ge::op::Data x("x");
  x.update_output_desc_y(ge::TensorDesc(ge::Shape(std::vector<int64_t>{4, 5}), ge::FORMAT_ND, ge::DT_FLOAT));
  ge::op::Const w("w");
  w.set_attr_value(makeTensor({6, 2}, pattern(12, 0)));
  ge::op::MatMulV2 product("the_product");
  product.set_input_x1(x).set_input_x2(w);
  ge::Graph graph("wrong");
  graph.SetInputs({x}).SetOutputs(std::vector<ge::Operator>{product});
  REQUIRE(session.AddGraph(1, graph) == ge::SUCCESS);
  EXPECT(session.CompileGraph(1) == ge::FAILED);
  EXPECT(errorHas("the_product"));
  // Inputs of a run that do not fit the graph.
  REQUIRE(session.AddGraph(2, makeLayer("layer")) == ge::SUCCESS);
  float value[4] = {};
  std::vector<gert::Tensor> inputs, outputs;
  EXPECT(session.RunGraph(2, inputs, outputs) == ge::PARAM_INVALID);
  EXPECT(errorHas("1 inputs, but 0 were given"));
  inputs.emplace_back(gert::StorageShape({4}, {4}), gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}),
                      gert::kOnHost, ge::DT_FLOAT, value);
  EXPECT(session.RunGraph(2, inputs, outputs) == ge::PARAM_INVALID);
  EXPECT(errorHas("shape [4], expected [4,8]"));
}

/// Code generation that fails, or crashes, is a status of this graph alone.
void codeGenerationErrors() {
  for (const char *kind : {"codegen-fatal", "codegen-crash", "link"}) {
    ge::GeSession session((Options()));
    REQUIRE(session.AddGraph(1, makeLayer("layer")) == ge::SUCCESS);
    ::setenv("GEMLIR_INJECT", kind, 1);
    EXPECT(session.CompileGraph(1) == ge::FAILED);
    ::unsetenv("GEMLIR_INJECT");
    EXPECT(errorHas("E19999"));
    ge::ModelBufferData model;
    EXPECT(session.GetCompiledModel(1, model) == ge::PARAM_INVALID);
    EXPECT(session.CompileGraph(1) == ge::SUCCESS);
    EXPECT(session.GetCompiledModel(1, model) == ge::SUCCESS);
  }
  (void)ge::GEGetErrorMsgV3();
}

/// A disk that is full, where the test may have one of its own.
void fullDisk(const ge::ModelBufferData &model) {
  ::mkdir("errors_full", 0755);
  if (::mount("none", "errors_full", "tmpfs", 0, "size=8k") == 0) {
    EXPECT(ge::aclgrphSaveModel("errors_full/layer", model) == ge::GRAPH_FAILED);
    EXPECT(errorHas("E13003"));
    EXPECT(!exists("errors_full/layer.om") && filesIn("errors_full") == 2);
    ge::GeSession session(Options{{"ge.externalWeight", "1"}, {"ge.externalWeightDir", "errors_full/weights"}});
    std::vector<float> large(64 * 1024);
    for (size_t i = 0; i < large.size(); ++i)
      large[i] = static_cast<float>(i);
    ge::op::Data x("x");
    x.update_output_desc_y(ge::TensorDesc(ge::Shape(std::vector<int64_t>{64 * 1024}), ge::FORMAT_ND, ge::DT_FLOAT));
    ge::op::Const w("w");
    w.set_attr_value(makeTensor({64 * 1024}, large));
    ge::op::Add y("y");
    y.set_input_x1(x).set_input_x2(w);
    ge::Graph graph("large");
    graph.SetInputs({x}).SetOutputs(std::vector<ge::Operator>{y});
    REQUIRE(session.AddGraph(1, graph) == ge::SUCCESS);
    EXPECT(session.CompileGraph(1) == ge::FAILED);
    EXPECT(errorHas("E13003"));
    EXPECT(::umount("errors_full") == 0);
  }
  ::rmdir("errors_full");
}

void savingErrors(const ge::ModelBufferData &model) {
  ge::ModelBufferData empty;
  empty.length = 0;
  EXPECT(ge::aclgrphSaveModel("errors_empty", empty) == ge::GRAPH_PARAM_INVALID);
  EXPECT(ge::aclgrphSaveModel(static_cast<const char *>(nullptr), model) == ge::GRAPH_PARAM_INVALID);
  ge::ModelBufferData noBytes = model;
  noBytes.length = 0;
  EXPECT(ge::aclgrphSaveModel("errors_empty", noBytes) == ge::GRAPH_PARAM_INVALID);
  EXPECT(!exists("errors_empty.om"));
  ge::ModelBufferData cut = model;
  cut.length -= 1;
  EXPECT(ge::aclgrphSaveModel("errors_cut", cut) == ge::GRAPH_PARAM_INVALID);
  EXPECT(errorHas("E10041"));
  EXPECT(!exists("errors_cut.om"));
  EXPECT(ge::aclgrphSaveModel("no/such/folder/layer", model) == ge::GRAPH_FAILED);
  EXPECT(errorHas("no/such/folder"));

  // A disk that fills up: here a limit on the size of files.
  ::mkdir("errors_disk", 0755);
  const size_t before = filesIn("errors_disk");
  struct rlimit old, small;
  ::getrlimit(RLIMIT_FSIZE, &old);
  small = old;
  small.rlim_cur = 1000;
  std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  EXPECT(ge::aclgrphSaveModel("errors_disk/layer", model) == ge::GRAPH_FAILED);
  ::setrlimit(RLIMIT_FSIZE, &old);
  EXPECT(errorHas("E13003"));
  EXPECT(filesIn("errors_disk") == before);
  if (exists("/dev/full")) {
    ::unlink("errors_disk/full.om");
    EXPECT(::symlink("/dev/full", "errors_disk/full.om") == 0);
    EXPECT(ge::aclgrphSaveModel("errors_disk/full.om", model) == ge::GRAPH_FAILED);
    ::unlink("errors_disk/full.om");
  }
  ::rmdir("errors_disk");
}

void loadingErrors(const ge::ModelBufferData &model) {
  uint32_t id = 0;
  EXPECT(aclmdlLoadFromFile(nullptr, &id) != ACL_SUCCESS);
  EXPECT(aclmdlLoadFromFile("no_such_file.om", &id) != ACL_SUCCESS);
  EXPECT(aclmdlLoadFromMem(nullptr, 10, &id) != ACL_SUCCESS);
  EXPECT(aclmdlLoadFromMem(model.data.get(), model.length, nullptr) != ACL_SUCCESS);
  // Cut at many places, and edited at many places.
  std::vector<uint8_t> bytes(model.data.get(), model.data.get() + model.length);
  for (size_t size = 0; size < bytes.size(); size += std::max<size_t>(1, bytes.size() / 97))
    EXPECT(aclmdlLoadFromMem(bytes.data(), size, &id) != ACL_SUCCESS);
  size_t refused = 0, tried = 0;
  for (size_t at = 0; at < bytes.size(); at += 131) {
    bytes[at] ^= 0x5a;
    ++tried;
    const aclError error = aclmdlLoadFromMem(bytes.data(), bytes.size(), &id);
    if (error == ACL_SUCCESS)
      EXPECT(aclmdlUnload(id) == ACL_SUCCESS); // weights are checked on request
    else
      ++refused;
    bytes[at] ^= 0x5a;
  }
  EXPECT(refused > tried / 2);
  REQUIRE(aclmdlLoadFromMem(bytes.data(), bytes.size(), &id) == ACL_SUCCESS);
  std::vector<float> output;
  EXPECT(executeModel(id, std::vector<float>(3), output) != ACL_SUCCESS);
  aclmdlDesc *desc = aclmdlCreateDesc();
  EXPECT(aclmdlGetDesc(desc, id + 1000) != ACL_SUCCESS);
  EXPECT(aclmdlDestroyDesc(desc) == ACL_SUCCESS);
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
  EXPECT(aclmdlUnload(id) != ACL_SUCCESS);
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({{"", "x"}}) == ge::FAILED);
  EXPECT(errorHas("empty key"));
  EXPECT(ge::GEInitializeV2({{"ge.autoTuneMode", "GA"}}) == ge::FAILED);
  EXPECT(errorHas("E10060"));
  REQUIRE(ge::GEInitializeV2({{"ge.noSuchOption", "1"}}) == ge::SUCCESS);
  EXPECT(std::strstr(ge::GEGetWarningMsgV3().GetString(), "noSuchOption") != nullptr);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  sessionErrors();
  wrongGraph();
  const ge::ModelBufferData model = compileLayer();
  savingErrors(model);
  fullDisk(model);
  codeGenerationErrors();
  loadingErrors(model);
  (void)ge::GEGetErrorMsgV3();
  EXPECT(ge::GEGetErrorMsgV3().GetLength() == 0);
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("errors");
}
