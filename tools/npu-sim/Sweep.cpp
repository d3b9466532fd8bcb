//===- Sweep.cpp - what a model costs on changed devices ------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// This program has no compiler in it: it runs ge-compile, which is installed beside
// it, once for each device.
//
//===----------------------------------------------------------------------===//

#include "Sweep.h"

#include "ModelRun.h"
#include "ge-mlir/Device/Description.h"

#include <cerrno>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <spawn.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace gemlir {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

static Error fail(const std::string &text) { return Error(ErrorCode::Unsupported, text); }

//===----------------------------------------------------------------------===//
// Figures of a device
//===----------------------------------------------------------------------===//

bool parseSweep(const std::string &text, std::vector<SweepParameter> &parameters) {
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(',', at), text.size());
    const std::string part = text.substr(at, end - at);
    const size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0)
      return false;
    SweepParameter parameter{part.substr(0, equals), {}};
    for (size_t from = equals + 1; from <= part.size();) {
      const size_t colon = std::min(part.find(':', from), part.size());
      parameter.values.push_back(part.substr(from, colon - from));
      if (parameter.values.back().empty())
        return false;
      from = colon + 1;
    }
    if (parameter.values.empty())
      return false;
    for (const SweepParameter &other : parameters)
      if (strcasecmp(other.name.c_str(), parameter.name.c_str()) == 0)
        return false;
    parameters.push_back(std::move(parameter));
    at = end + 1;
  }
  return true;
}

/// The number of a device that a name means, or null.
static Json *findFigure(Json &device, const std::string &name) {
  for (Json &space : device["spaces"])
    if (strcasecmp(space["name"].get<std::string>().c_str(), name.c_str()) == 0)
      return &space["bytes"];
  if (device.contains("ai_core"))
    for (Json &path : device["ai_core"]["paths"])
      if (strcasecmp((path["from"].get<std::string>() + "-" + path["to"].get<std::string>()).c_str(), name.c_str()) ==
          0)
        return &path["bytes_per_cycle"];
  for (Json *from : {device.contains("ai_core") ? &device["ai_core"] : &device, &device}) {
    Json *at = from;
    for (size_t begin = 0; at && begin <= name.size();) {
      const size_t end = std::min(name.find('.', begin), name.size());
      auto field = at->is_object() ? at->find(name.substr(begin, end - begin)) : at->end();
      at = at->is_object() && field != at->end() ? &*field : nullptr;
      begin = end + 1;
    }
    if (at && at->is_number())
      return at;
  }
  return nullptr;
}

Error setFigure(Json &device, const std::string &name, const std::string &value) {
  Json *figure = findFigure(device, name);
  if (!figure)
    return fail("the device has no figure '" + name +
                "', expected a memory (ub), a path (GM-L1) or a field that is a number (cube_cores)");
  char *rest = nullptr;
  double number = std::strtod(value.c_str(), &rest);
  if (*rest == 'K' || *rest == 'M')
    number *= *rest++ == 'K' ? 1024 : 1 << 20;
  if (rest == value.c_str() || *rest || !(number >= 0 && number < 1e15))
    return fail("'" + name + "': found '" + value + "', expected a number");
  if (!figure->is_number_integer())
    *figure = number;
  else if (number == std::floor(number))
    *figure = uint64_t(number);
  else
    return fail("'" + name + "': found '" + value + "', expected an integer");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

namespace {

/// A folder that goes with everything in it.
class TemporaryFolder {
public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "npu-sim-XXXXXX").string();
    if (const char *made = mkdtemp(pattern.data()))
      path = made;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path.empty())
      fs::remove_all(path, ignored);
  }
  std::string path;
};

/// A device to try, and what it costs.
struct Row {
  std::vector<std::string> values;
  Json device;
  std::string problem;
  ModelCost cost;
};

} // namespace

static std::string readFile(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

/// Runs a program with its output in `log`; returns its exit code, or -1.
static int runProgram(const std::vector<std::string> &command, const std::string &log) {
  std::vector<char *> arguments;
  for (const std::string &argument : command)
    arguments.push_back(const_cast<char *>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  pid_t child = 0;
  const int problem = posix_spawn(&child, command[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  if (problem)
    return -1;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// Fills the row's cost or problem; `base` begins the names of its files.
static void measure(Row &row, const SweepOptions &options, const std::string &compiler, const std::string &base) {
  device::Description device;
  const std::string text = row.device.dump(2);
  if (!device::fromJson(text, device, row.problem))
    return;
  const std::string file = base + ".json", model = base + ".om", log = base + ".log";
  if (Error error = model::writeFileAtomically({{reinterpret_cast<const uint8_t *>(text.data()), text.size()}}, file)) {
    row.problem = error.text();
    return;
  }
  std::vector<std::string> command = {compiler, options.model, "-o", model, "--device=" + file};
  command.insert(command.end(), options.compileOptions.begin(), options.compileOptions.end());
  if (runProgram(command, log) != 0) {
    row.problem = readFile(log);
    row.problem = row.problem.substr(0, row.problem.find('\n'));
    if (row.problem.empty())
      row.problem = "ge-compile failed";
    return;
  }
  unlink(log.c_str());
  if (Error error = measureModel(model, row.cost))
    row.problem = error.text();
}

/// All combinations of the values, the device as it is first.
static Error makeRows(const SweepOptions &options, const device::Description &device, std::vector<Row> &rows) {
  constexpr size_t kMostRows = 1000;
  size_t count = 1;
  for (const SweepParameter &parameter : options.parameters) {
    count *= parameter.values.size();
    if (count > kMostRows)
      return fail("found more than " + std::to_string(kMostRows) + " devices to try");
  }
  const Json base = Json::parse(device::toJson(device));
  rows.push_back({std::vector<std::string>(options.parameters.size(), "-"), base, "", {}});
  for (size_t i = 0; i < count; ++i) {
    Row row{{}, base, "", {}};
    size_t rest = i, all = count;
    for (const SweepParameter &parameter : options.parameters) {
      all /= parameter.values.size();
      row.values.push_back(parameter.values[rest / all]);
      rest %= all;
      if (Error error = setFigure(row.device, parameter.name, row.values.back()))
        return error;
    }
    row.device["name"] = device.name + "-" + std::to_string(i + 1);
    rows.push_back(std::move(row));
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

static void printRow(const SweepOptions &options, const Row &row, const Row &base) {
  for (size_t i = 0; i < row.values.size(); ++i)
    std::printf("%-*s ", int(std::max<size_t>(8, options.parameters[i].name.size())), row.values[i].c_str());
  if (!row.problem.empty()) {
    std::printf("%s\n", row.problem.c_str());
    return;
  }
  const ModelCost &c = row.cost;
  std::printf("%12" PRIu64 " ", c.cycles);
  if (base.problem.empty() && base.cost.cycles)
    std::printf("%+7.1f%% ", 100 * (double(c.cycles) / double(base.cost.cycles) - 1));
  else
    std::printf("%8s ", ".");
  std::printf("%6.1f %6.1f %10.2f %10.2f %9" PRIu64 "\n", 100 * c.cubeUse, 100 * c.vectorUse, double(c.bytesRead) / 1e6,
              double(c.bytesWritten) / 1e6, c.aicpuLaunches);
  std::fflush(stdout);
}

static Json toJson(const SweepOptions &options, const Row &row) {
  Json json = {{"values", Json::object()}};
  for (size_t i = 0; i < row.values.size(); ++i)
    if (row.values[i] != "-")
      json["values"][options.parameters[i].name] = row.values[i];
  if (!row.problem.empty())
    json["problem"] = row.problem;
  else
    json.update({{"cycles", row.cost.cycles},
                 {"cube_use", row.cost.cubeUse},
                 {"vector_use", row.cost.vectorUse},
                 {"bytes_read", row.cost.bytesRead},
                 {"bytes_written", row.cost.bytesWritten},
                 {"aicpu_launches", row.cost.aicpuLaunches}});
  return json;
}

Error sweep(const SweepOptions &options) {
  std::error_code unknown;
  const fs::path self = fs::read_symlink("/proc/self/exe", unknown);
  const std::string compiler = (self.parent_path() / "ge-compile").string();
  if (access(compiler.c_str(), X_OK) != 0)
    return fail("'" + compiler + "' is not there, expected the compiler beside this program");
  device::Description device;
  std::string problem;
  if (!device::lookup(options.device, device, problem))
    return fail(problem);
  std::vector<Row> rows;
  if (Error error = makeRows(options, device, rows))
    return error;
  TemporaryFolder folder;
  if (folder.path.empty())
    return fail(std::string("cannot create a temporary folder: ") + std::strerror(errno));
  if (!options.keep.empty() && !fs::create_directories(options.keep, unknown) && !fs::is_directory(options.keep))
    return fail("cannot create the folder '" + options.keep + "': " + unknown.message());
  for (const SweepParameter &parameter : options.parameters)
    std::printf("%-8s ", parameter.name.c_str());
  std::printf("%12s %8s %6s %6s %10s %10s %9s\n", "cycles", "change", "cube%", "vec%", "read MB", "written MB",
              "on AICPU");
  Json table = Json::array();
  for (size_t i = 0; i < rows.size(); ++i) {
    Row &row = rows[i];
    measure(row, options, compiler,
            options.keep.empty() ? folder.path + "/model" : options.keep + "/" + std::to_string(i));
    printRow(options, row, rows.front());
    table.push_back(toJson(options, row));
  }
  if (options.json.empty())
    return Error::success();
  const std::string text =
      Json{{"model", options.model}, {"device", options.device}, {"rows", std::move(table)}}.dump(2) + "\n";
  return model::writeFileAtomically({{reinterpret_cast<const uint8_t *>(text.data()), text.size()}}, options.json);
}

} // namespace gemlir
