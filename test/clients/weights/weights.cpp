//===- weights.cpp - weights in files of their own ----===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../common/Client.h"

#include <fstream>
#include <iterator>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace client;

namespace {

bool exists(const std::string &path) { return ::access(path.c_str(), F_OK) == 0; }

void removeFolder(const std::string &folder) {
  for (const std::string &name : list(folder))
    ::unlink((folder + "/" + name).c_str());
  ::rmdir(folder.c_str());
}

std::vector<char> read(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return std::vector<char>((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

void write(const std::string &path, const std::vector<char> &bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::string temporaryFolder(const std::string &base, const ge::GeSession &session) {
  return base + "/tmp_weight_" + std::to_string(::getpid()) + "_" + std::to_string(session.GetSessionId());
}

/// y = relu((x * w1 + b) * w2), with weights in which every byte counts.
ge::Graph makeTwoLayers(const char *name, int firstSeed, int secondSeed) {
  const ge::TensorDesc input(ge::Shape(std::vector<int64_t>{kBatch, kIn}), ge::FORMAT_ND, ge::DT_FLOAT);
  ge::op::Data x("x");
  x.update_input_desc_x(input);
  x.update_output_desc_y(input);
  ge::op::Const w1("w1"), b("b"), w2("w2");
  w1.set_attr_value(makeTensor({kIn, kIn}, pattern(kIn * kIn, firstSeed)));
  b.set_attr_value(makeTensor({kIn}, pattern(kIn, 1)));
  w2.set_attr_value(makeTensor({kIn, kIn}, pattern(kIn * kIn, secondSeed)));
  ge::op::MatMulV2 first("first"), second("second");
  first.set_input_x1(x).set_input_x2(w1);
  ge::op::Add sum("sum");
  sum.set_input_x1(first).set_input_x2(b);
  second.set_input_x1(sum).set_input_x2(w2);
  ge::op::Relu y("y");
  y.set_input_x(second);
  ge::Graph graph(name);
  graph.SetInputs(std::vector<ge::Operator>{x}).SetOutputs(std::vector<ge::Operator>{y});
  return graph;
}

std::vector<float> reference(const std::vector<float> &x, int firstSeed, int secondSeed) {
  const std::vector<float> w1 = pattern(kIn * kIn, firstSeed), b = pattern(kIn, 1), w2 = pattern(kIn * kIn, secondSeed);
  std::vector<float> h(kBatch * kIn), y(kBatch * kIn);
  for (int i = 0; i < kBatch; ++i) {
    for (int j = 0; j < kIn; ++j) {
      double sum = b[j];
      for (int k = 0; k < kIn; ++k)
        sum += double(x[i * kIn + k]) * w1[k * kIn + j];
      h[i * kIn + j] = float(sum);
    }
    for (int j = 0; j < kIn; ++j) {
      double sum = 0;
      for (int k = 0; k < kIn; ++k)
        sum += double(h[i * kIn + k]) * w2[k * kIn + j];
      y[i * kIn + j] = float(sum > 0 ? sum : 0);
    }
  }
  return y;
}

ge::ModelBufferData compile(ge::GeSession &session, uint32_t id, const ge::Graph &graph,
                            const Options &options = Options()) {
  REQUIRE(session.AddGraph(id, graph, options) == ge::SUCCESS);
  REQUIRE(session.CompileGraph(id) == ge::SUCCESS);
  ge::ModelBufferData model;
  REQUIRE(session.GetCompiledModel(id, model) == ge::SUCCESS);
  return model;
}

/// Runs a loaded model and unloads it.
void check(uint32_t id, int firstSeed, int secondSeed) {
  const std::vector<float> x = pattern(kBatch * kIn, 4);
  std::vector<float> y;
  EXPECT(executeModel(id, x, y) == ACL_SUCCESS);
  EXPECT(close(y.data(), reference(x, firstSeed, secondSeed)));
  EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
}

bool recentHas(const char *part) {
  const char *text = aclGetRecentErrMsg();
  if (text == nullptr || std::strstr(text, part) == nullptr)
    std::fprintf(stderr, "message '%s' lacks '%s'\n", text ? text : "", part);
  return text != nullptr && std::strstr(text, part) != nullptr;
}

/// The default: files that go with the session, and models that do not need them.
void temporaryFiles(const char *mode, bool withWorkPath) {
  ::mkdir("weights_work", 0755);
  if (withWorkPath)
    ::setenv("ASCEND_WORK_PATH", "weights_work", 1);
  else
    ::unsetenv("ASCEND_WORK_PATH");
  ge::ModelBufferData model;
  std::string folder;
  uint32_t id = 0;
  {
    ge::GeSession session(Options{{"ge.externalWeight", mode}});
    folder = temporaryFolder(withWorkPath ? "weights_work" : ".", session);
    EXPECT(!exists(folder));
    // w1 and w2 are equal, so they are one file.
    model = compile(session, 1, makeTwoLayers("layers", 3, 3));
    const std::vector<std::string> files = list(folder);
    EXPECT(files.size() == (*mode == '1' ? 2u : 1u));
    for (const std::string &file : files)
      EXPECT(*mode == '1' ? file.size() == 7 + 64 && file.compare(0, 7, "weight_") == 0
                          : file == "layers_weight_combined");
    ge::CompiledGraphSummaryPtr summary = session.GetCompiledGraphSummary(1);
    REQUIRE(summary != nullptr);
    std::vector<ge::ExternalWeightDescPtr> weights;
    EXPECT(summary->GetExternalWeightPaths(weights) == ge::SUCCESS);
    EXPECT(weights.size() == 2);
    for (const ge::ExternalWeightDescPtr &weight : weights) {
      EXPECT(exists(weight->GetLocation().GetString()));
      // Packed for the device, a weight may be larger than it was.
      EXPECT(weight->GetSize() >= kIn * sizeof(float));
      EXPECT(weight->GetOffset() + weight->GetSize() <= read(weight->GetLocation().GetString()).size());
      EXPECT(weight->GetOffset() % 512 == 0);
    }
    REQUIRE(aclmdlLoadFromMem(model.data.get(), model.length, &id) == ACL_SUCCESS);
    check(id, 3, 3);
    REQUIRE(aclmdlLoadFromMem(model.data.get(), model.length, &id) == ACL_SUCCESS);
    REQUIRE(ge::aclgrphSaveModel("weights_out/saved", model) == ge::GRAPH_SUCCESS);
  }
  EXPECT(!exists(folder));
  check(id, 3, 3); // what was loaded stays
  EXPECT(aclmdlLoadFromMem(model.data.get(), model.length, &id) != ACL_SUCCESS);
  EXPECT(recentHas("in a file of their own: cannot read"));
  EXPECT(ge::aclgrphSaveModel("weights_out/late", model) == ge::GRAPH_FAILED);
  EXPECT(errorHas("E13001") && !exists("weights_out/late.om"));
  REQUIRE(aclmdlLoadFromFile("weights_out/saved.om", &id) == ACL_SUCCESS);
  check(id, 3, 3);
  EXPECT(exists("weights_out/weight") == (*mode == '2'));
  ::unlink("weights_out/saved.om");
  removeFolder("weights_out/weight");
  ::rmdir("weights_work");
  ::unsetenv("ASCEND_WORK_PATH");
}

/// A folder of the user's stays, whatever $ASCEND_WORK_PATH says, and two graphs
/// share equal weights in it.
void keptFiles() {
  ::setenv("ASCEND_WORK_PATH", "weights_nowhere", 1);
  ge::ModelBufferData first, second;
  {
    ge::GeSession session(Options{{"ge.externalWeight", "1"}, {"ge.externalWeightDir", "weights_kept/deep"}});
    first = compile(session, 1, makeTwoLayers("one", 3, 4));
    second = compile(session, 2, makeTwoLayers("two", 4, 5));
  }
  ::unsetenv("ASCEND_WORK_PATH");
  EXPECT(!exists("weights_nowhere"));
  EXPECT(list("weights_kept/deep").size() == 4); // three products, one bias
  uint32_t id = 0;
  REQUIRE(aclmdlLoadFromMem(first.data.get(), first.length, &id) == ACL_SUCCESS);
  check(id, 3, 4);
  REQUIRE(ge::aclgrphSaveModel("weights_out/first", first) == ge::GRAPH_SUCCESS);
  REQUIRE(ge::aclgrphSaveModel("weights_out/second.om", second) == ge::GRAPH_SUCCESS);
  EXPECT(list("weights_out/weight").size() == 4);
  removeFolder("weights_kept/deep");
  ::rmdir("weights_kept");
  REQUIRE(aclmdlLoadFromFile("weights_out/first.om", &id) == ACL_SUCCESS);
  check(id, 3, 4);
  // The files may be elsewhere, or in memory.
  ::rename("weights_out/weight", "weights_elsewhere");
  EXPECT(aclmdlLoadFromFile("weights_out/second.om", &id) != ACL_SUCCESS);
  EXPECT(recentHas("weights_out/weight/weight_"));
  aclmdlConfigHandle *config = aclmdlCreateConfigHandle();
  const size_t type = ACL_MDL_LOAD_FROM_FILE;
  const char *path = "weights_out/second.om", *folder = "weights_elsewhere";
  EXPECT(aclmdlSetConfigOpt(config, ACL_MDL_LOAD_TYPE_SIZET, &type, sizeof(type)) == ACL_SUCCESS);
  EXPECT(aclmdlSetConfigOpt(config, ACL_MDL_PATH_PTR, &path, sizeof(path)) == ACL_SUCCESS);
  EXPECT(aclmdlSetConfigOpt(config, ACL_MDL_WEIGHT_PATH_PTR, &folder, sizeof(folder)) == ACL_SUCCESS);
  REQUIRE(aclmdlLoadWithConfig(config, &id) == ACL_SUCCESS);
  check(id, 4, 5);
  folder = "weights_nowhere";
  EXPECT(aclmdlSetConfigOpt(config, ACL_MDL_WEIGHT_PATH_PTR, &folder, sizeof(folder)) == ACL_SUCCESS);
  std::vector<std::vector<char>> contents;
  for (const std::string &name : list("weights_elsewhere")) {
    contents.push_back(read("weights_elsewhere/" + name));
    EXPECT(aclmdlSetExternalWeightAddress(config, name.c_str(), contents.back().data(), contents.back().size()) ==
           ACL_SUCCESS);
  }
  REQUIRE(aclmdlLoadWithConfig(config, &id) == ACL_SUCCESS);
  check(id, 4, 5);
  EXPECT(aclmdlDestroyConfigHandle(config) == ACL_SUCCESS);
  ::rename("weights_elsewhere", "weights_out/weight");
}

/// Two saved models whose graphs have one name keep their own files.
void sameNames() {
  ge::GeSession session(Options{{"ge.externalWeight", "2"}});
  const ge::ModelBufferData a = compile(session, 1, makeTwoLayers("same", 6, 7));
  const ge::ModelBufferData b = compile(session, 2, makeTwoLayers("same", 8, 9));
  REQUIRE(ge::aclgrphSaveModel("weights_out/a", a) == ge::GRAPH_SUCCESS);
  REQUIRE(ge::aclgrphSaveModel("weights_out/b", b) == ge::GRAPH_SUCCESS);
  uint32_t id = 0;
  REQUIRE(aclmdlLoadFromFile("weights_out/a.om", &id) == ACL_SUCCESS);
  check(id, 6, 7);
  REQUIRE(aclmdlLoadFromFile("weights_out/b.om", &id) == ACL_SUCCESS);
  check(id, 8, 9);
}

/// What is not the file that the model was saved with is refused.
void damagedFiles() {
  uint32_t id = 0;
  const std::string folder = "weights_out/weight/";
  std::vector<std::string> large;
  for (const std::string &name : list(folder))
    if (name.size() == 7 + 64 && name.compare(0, 7, "weight_") == 0 &&
        read(folder + name).size() >= kIn * kIn * sizeof(float))
      large.push_back(name);
  REQUIRE(large.size() == 3);
  size_t used = 0;
  for (const std::string &name : large) {
    const std::vector<char> good = read(folder + name);
    std::vector<char> bad = good;
    bad.pop_back();
    write(folder + name, bad);
    const bool isUsed = aclmdlLoadFromFile("weights_out/first.om", &id) != ACL_SUCCESS;
    if (isUsed) {
      ++used;
      EXPECT(recentHas((std::to_string(bad.size()) + " bytes, expected " + std::to_string(good.size())).c_str()));
      bad.insert(bad.end(), 2, 0);
      write(folder + name, bad);
      EXPECT(aclmdlLoadFromFile("weights_out/first.om", &id) != ACL_SUCCESS);
      // Another weight of the same size.
      write(folder + name, read(folder + large[name == large[0]]));
      EXPECT(aclmdlLoadFromFile("weights_out/first.om", &id) != ACL_SUCCESS);
      EXPECT(recentHas("does not have the hash"));
      ::unlink((folder + name).c_str());
      EXPECT(aclmdlLoadFromFile("weights_out/first.om", &id) != ACL_SUCCESS);
      EXPECT(recentHas(name.c_str()));
    } else {
      EXPECT(aclmdlUnload(id) == ACL_SUCCESS);
    }
    write(folder + name, good);
  }
  EXPECT(used == 2);
  REQUIRE(aclmdlLoadFromFile("weights_out/first.om", &id) == ACL_SUCCESS);
  check(id, 3, 4);
}

/// A session runs a graph on weights in files, and says what it cannot write.
void runAndFail() {
  std::vector<float> x = pattern(kBatch * kIn, 4);
  ge::GeSession session(Options{{"ge.externalWeight", "1"}});
  REQUIRE(session.AddGraph(1, makeTwoLayers("run", 2, 3)) == ge::SUCCESS);
  std::vector<gert::Tensor> inputs, outputs;
  inputs.emplace_back(gert::StorageShape({kBatch, kIn}, {kBatch, kIn}),
                      gert::StorageFormat(ge::FORMAT_ND, ge::FORMAT_ND, {}), gert::kOnHost, ge::DT_FLOAT, x.data());
  REQUIRE(session.RunGraph(1, inputs, outputs) == ge::SUCCESS);
  EXPECT(close(outputs[0].GetData<float>(), reference(x, 2, 3)));
  write("weights_file", {'x'});
  REQUIRE(session.AddGraph(2, makeTwoLayers("blocked", 2, 3), {{"ge.externalWeightDir", "weights_file/folder"}}) ==
          ge::SUCCESS);
  EXPECT(session.CompileGraph(2) == ge::FAILED);
  EXPECT(errorHas("E13003"));
  ::unlink("weights_file");
}

} // namespace

int main() {
  REQUIRE(ge::GEInitializeV2({}) == ge::SUCCESS);
  REQUIRE(aclrtSetDevice(0) == ACL_SUCCESS);
  removeFolder("weights_out/weight");
  removeFolder("weights_out");
  ::mkdir("weights_out", 0755);
  for (bool withWorkPath : {false, true}) {
    temporaryFiles("1", withWorkPath);
    temporaryFiles("2", withWorkPath);
  }
  keptFiles();
  sameNames();
  damagedFiles();
  runAndFail();
  EXPECT(ge::GEFinalizeV2() == ge::SUCCESS);
  return finish("weights");
}
