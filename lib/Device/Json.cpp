//===- Json.cpp - device descriptions as JSON -----------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function visits the fields of each structure; reading and writing are two
// visitors, so the two cannot disagree.
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Device/Description.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <set>

namespace gemlir {
namespace device {

using Json = nlohmann::ordered_json;

template <typename Visitor>
static void visitFields(TileShape &tile, Visitor &v) {
  v("rows", tile.rows);
  v("columns", tile.columns);
}

template <typename Visitor>
static void visitFields(MemorySpace &space, Visitor &v) {
  v("name", space.name);
  v("bytes", space.bytes);
  v("alignment", space.alignment);
  v("bytes_per_cycle", space.bytesPerCycle);
  v("shared", space.shared);
}

template <typename Visitor>
static void visitFields(DataPath &path, Visitor &v) {
  v("from", path.from);
  v("to", path.to);
  v("setup", path.setup);
  v("bytes_per_cycle", path.bytesPerCycle);
  v("latency", path.latency);
  v("latency_bytes_per_cycle", path.latencyBytesPerCycle);
}

template <typename Visitor>
static void visitFields(CubeRate &rate, Visitor &v) {
  v("type", rate.type);
  v("cycles_per_fractal", rate.cyclesPerFractal);
}

template <typename Visitor>
static void visitFields(VectorRate &rate, Visitor &v) {
  v("row", rate.row);
  v("head", rate.head);
  v("slope16", rate.slope16);
  v("slope32", rate.slope32);
  v("tail", rate.tail);
}

template <typename Visitor>
static void visitFields(AICPU &cpu, Visitor &v) {
  v("harts", cpu.harts);
  v("gigahertz", cpu.gigahertz);
  v("features", cpu.features);
  v("instruction_cycles", cpu.instructionCycles);
  v("float_cycles", cpu.floatCycles);
  v("divide_cycles", cpu.divideCycles);
  v("cache_bytes", cpu.cacheBytes);
  v("miss_cycles", cpu.missCycles);
}

template <typename Visitor>
static void visitFields(AICore &core, Visitor &v) {
  v("cube_cores", core.cubeCores);
  v("vector_cores", core.vectorCores);
  v("coupled", core.coupled);
  v("left_order", core.leftOrder);
  v("flags", core.flags);
  v("cross_flags", core.crossFlags);
  v("queue_depth", core.queueDepth);
  v("handoff_cycles", core.handoffCycles);
  v("cross_flag_cycles", core.crossFlagCycles);
  v("launch_cycles", core.launchCycles);
  v("dispatch_cycles", core.dispatchCycles);
  v("load_cycles", core.loadCycles);
  v("miss_cycles", core.missCycles);
  v("cube_setup", core.cubeSetup);
  v("cube_tail", core.cubeTail);
  v("cube_rates", core.cubeRates);
  v("vector_rates", core.vectorRates);
  v("bank_groups", core.bankGroups);
  v("bank_reads", core.bankReads);
  v("paths", core.paths);
  v("cache_bytes", core.cacheBytes);
  v("cache_line", core.cacheLine);
  v("cache_miss_cycles", core.cacheMissCycles);
  v("cache_read_bytes_per_cycle", core.cacheReadBytesPerCycle);
  v("cache_write_bytes_per_cycle", core.cacheWriteBytesPerCycle);
  v("memory_bytes_per_cycle", core.memoryBytesPerCycle);
  v("aicpu", core.aicpu);
  v("sources", core.sources);
}

template <typename T>
static constexpr bool isStructure =
    std::is_same_v<T, TileShape> || std::is_same_v<T, MemorySpace> || std::is_same_v<T, DataPath> ||
    std::is_same_v<T, CubeRate> || std::is_same_v<T, VectorRate> || std::is_same_v<T, AICPU> ||
    std::is_same_v<T, AICore>;

template <typename Visitor>
static void visitFields(Description &d, Visitor &v) {
  v("name", d.name);
  v("kind", d.kind);
  v("level", d.level);
  v("triple", d.triple);
  v("cpu", d.cpu);
  v("features", d.features);
  v("vector_bits", d.vectorBits);
  v("vector_registers", d.vectorRegisters);
  v("fma_ports", d.fmaPorts);
  v("gigahertz", d.gigahertz);
  v("cores", d.cores);
  v("l1_bytes", d.l1Bytes);
  v("l2_bytes", d.l2Bytes);
  v("l3_bytes", d.l3Bytes);
  v("cache_line", d.cacheLine);
  v("channel_block", d.channelBlock);
  v("mmad_tiles", d.mmadTiles);
  v("k_block", d.kBlock);
  v("tile_work", d.tileWork);
  v("spaces", d.spaces);
  v("ai_core", d.aiCore);
}

/// Whether an element of a list is that of a name; other lists have no names.
template <typename T>
static bool isNamed(const Json &, const T &) {
  return false;
}
static bool hasText(const Json &json, const char *key, const std::string &text) {
  auto it = json.is_object() ? json.find(key) : json.end();
  return json.is_object() && it != json.end() && it->is_string() && it->get_ref<const std::string &>() == text;
}
static bool isNamed(const Json &json, const MemorySpace &space) { return hasText(json, "name", space.name); }
static bool isNamed(const Json &json, const DataPath &path) {
  return hasText(json, "from", path.from) && hasText(json, "to", path.to);
}
static bool isNamed(const Json &json, const CubeRate &rate) { return hasText(json, "type", rate.type); }
static bool isNamed(const Json &json, const VectorRate &rate) { return hasText(json, "row", rate.row); }

template <typename T>
static constexpr bool isListOfNames = std::is_same_v<T, MemorySpace> || std::is_same_v<T, DataPath> ||
                                      std::is_same_v<T, CubeRate> || std::is_same_v<T, VectorRate>;

namespace {

struct Writer {
  Json json = Json::object();

  template <typename T>
  void operator()(const char *key, T &value) {
    json[key] = write(value);
  }
  template <typename T>
  void operator()(const char *key, std::optional<T> &value) {
    if (value)
      json[key] = write(*value);
  }

  template <typename T>
  static std::enable_if_t<std::is_arithmetic_v<T> || std::is_same_v<T, std::string>, Json> write(T &value) {
    return value;
  }
  static Json write(Kind &kind) { return kind == Kind::Host ? "Host" : "AICore"; }
  template <typename T>
  static std::enable_if_t<isStructure<T>, Json> write(T &value) {
    Writer writer;
    visitFields(value, writer);
    return writer.json;
  }
  template <typename T>
  static Json write(std::vector<T> &values) {
    Json array = Json::array();
    for (T &value : values)
      array.push_back(write(value));
    return array;
  }
};

/// Reads fields of one object. The first error wins. Where not all are required, those
/// that are absent keep their values, in objects within it and named elements of lists too.
struct Reader {
  const Json &json;
  std::string path;
  bool requireAll;
  std::string &error;
  std::set<std::string> known = {};

  void operator()(const char *key, Kind &kind) {
    std::string text;
    if (!find(key) || !read(*find(key), path + key, text))
      return;
    if (text == "Host")
      kind = Kind::Host;
    else if (text == "AICore")
      kind = Kind::AICore;
    else
      fail(path + key, "found \"" + text + "\", expected \"Host\" or \"AICore\"");
  }

  template <typename T>
  void operator()(const char *key, T &value) {
    if (const Json *found = find(key))
      read(*found, path + key, value);
  }

  template <typename T>
  void operator()(const char *key, std::optional<T> &value) {
    known.insert(key);
    auto it = json.find(key);
    if (it == json.end())
      return;
    const bool isNew = !value;
    if (isNew)
      value.emplace();
    Reader{json, path, requireAll || isNew, error}.read(*it, path + key, *value);
  }

  const Json *find(const char *key) {
    known.insert(key);
    auto it = json.find(key);
    if (it != json.end())
      return &*it;
    if (requireAll)
      fail(path + key, "field is missing");
    return nullptr;
  }

  void rejectUnknown() {
    for (auto it = json.begin(); it != json.end(); ++it)
      if (!known.count(it.key()))
        fail(path + it.key(), "unknown field");
  }

  bool fail(const std::string &where, const std::string &what) {
    if (error.empty())
      error = where + ": " + what;
    return false;
  }
  bool failType(const std::string &where, const Json &found, const char *expected) {
    return fail(where, std::string("found ") + found.type_name() + ", expected " + expected);
  }

  bool read(const Json &found, const std::string &where, std::string &value) {
    if (!found.is_string())
      return failType(where, found, "string");
    value = found.get<std::string>();
    return true;
  }
  bool read(const Json &found, const std::string &where, bool &value) {
    if (!found.is_boolean())
      return failType(where, found, "boolean");
    value = found.get<bool>();
    return true;
  }
  bool read(const Json &found, const std::string &where, double &value) {
    if (!found.is_number())
      return failType(where, found, "number");
    // No figure of a device comes near it, and no product of some is too large for a count of cycles.
    constexpr double kLargest = 1e6;
    value = found.get<double>();
    if (!(value >= 0 && value <= kLargest))
      return fail(where, "found " + found.dump() + ", expected a number from 0 to 1000000");
    return true;
  }
  template <typename T>
  std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, bool> read(const Json &found,
                                                                                 const std::string &where, T &value) {
    if (!found.is_number_integer())
      return failType(where, found, "integer");
    const uint64_t limit = static_cast<uint64_t>(std::numeric_limits<T>::max());
    bool negative = !found.is_number_unsigned() && found.get<int64_t>() < 0;
    if (negative || found.get<uint64_t>() > limit)
      return fail(where, "found " + found.dump() + ", expected an integer from 0 to " + std::to_string(limit));
    value = static_cast<T>(found.get<uint64_t>());
    return true;
  }
  template <typename T>
  std::enable_if_t<isStructure<T>, bool> read(const Json &found, const std::string &where, T &value) {
    if (!found.is_object())
      return failType(where, found, "object");
    Reader reader{found, where + ".", requireAll, error};
    visitFields(value, reader);
    reader.rejectUnknown();
    return error.empty();
  }
  template <typename T>
  bool read(const Json &found, const std::string &where, std::vector<T> &values) {
    if (!found.is_array())
      return failType(where, found, "array");
    std::vector<T> result;
    if (isListOfNames<T> && !requireAll)
      result = values;
    std::set<size_t> seen;
    for (size_t i = 0; i < found.size(); ++i) {
      const std::string place = where + "[" + std::to_string(i) + "]";
      auto known = std::find_if(result.begin(), result.end(), [&](const T &old) { return isNamed(found[i], old); });
      const bool isNew = known == result.end();
      if (!seen.insert(size_t(known - result.begin())).second)
        return fail(place, "found a second element of this name");
      T value = isNew ? T{} : *known;
      if (!Reader{json, path, isNew, error}.read(found[i], place, value))
        return false;
      if (isNew)
        result.push_back(std::move(value));
      else
        *known = std::move(value);
    }
    values = std::move(result);
    return true;
  }
};

} // namespace

/// First-level caches, of which each core has one, and the simulator a table of its lines.
static constexpr uint64_t kMostFirstLevel = uint64_t(4) << 20;

/// Invariants of the cores that the simulator relies on.
static bool checkCores(const AICore &core, std::string &error) {
  auto fail = [&](const std::string &text) {
    error = "ai_core." + text;
    return false;
  };
  if (core.cubeCores < 1 || core.cubeCores > 256 || core.vectorCores > 512)
    return fail("cube_cores: found " + std::to_string(core.cubeCores) + " and " + std::to_string(core.vectorCores) +
                " vector cores, expected 1 to 256 and at most 512");
  if (core.coupled ? core.vectorCores != 0 : core.vectorCores % core.cubeCores != 0)
    return fail("vector_cores: found " + std::to_string(core.vectorCores) +
                ", expected 0 for coupled cores, else a multiple of cube_cores");
  if (core.leftOrder != "zZ" && core.leftOrder != "zN")
    return fail("left_order: found \"" + core.leftOrder + "\", expected \"zZ\" or \"zN\"");
  if (core.flags < 1 || core.flags > 16 || core.crossFlags > 16)
    return fail("flags: found " + std::to_string(core.flags) + ", expected 1 to 16");
  if (core.queueDepth < 1 || core.queueDepth > 1024)
    return fail("queue_depth: found " + std::to_string(core.queueDepth) + ", expected 1 to 1024");
  if (core.cacheLine < 32 || core.cacheLine > 65536 || core.cacheBytes < 64 * core.cacheLine ||
      core.cacheBytes / core.cacheLine > uint64_t(1) << 24)
    return fail("cache_bytes: found " + std::to_string(core.cacheBytes) + ", expected 64 to 16777216 lines");
  for (double rate : {core.cacheReadBytesPerCycle, core.cacheWriteBytesPerCycle, core.memoryBytesPerCycle})
    if (rate < 1)
      return fail("memory_bytes_per_cycle: found a rate under 1, expected bytes per cycle");
  const AICPU &cpu = core.aicpu;
  if (cpu.harts < 1 || cpu.harts > 64)
    return fail("aicpu.harts: found " + std::to_string(cpu.harts) + ", expected 1 to 64");
  if (cpu.gigahertz < 0.001 || cpu.instructionCycles < 0.001)
    return fail("aicpu: found a clock or instructions of no time, expected positive numbers");
  if (cpu.cacheBytes < 64 || cpu.cacheBytes > kMostFirstLevel)
    return fail("aicpu.cache_bytes: found " + std::to_string(cpu.cacheBytes) + ", expected 64 bytes to 4 MiB");
  for (const DataPath &path : core.paths)
    if (path.bytesPerCycle < 1 || path.latencyBytesPerCycle < 1)
      return fail("paths: found a rate under 1 from " + path.from + " to " + path.to + ", expected bytes per cycle");
  return true;
}

/// A description comes with a model that nobody may trust: what the simulator keeps
/// of the device fits any machine.
static bool checkMemories(const Description &d, std::string &error) {
  constexpr uint64_t kMostLocal = uint64_t(1) << 30;
  uint64_t local = 0;
  for (const MemorySpace &space : d.spaces) {
    if (space.name == "GM")
      continue;
    if (space.bytes > (uint64_t(1) << 24)) {
      error = "spaces: found " + std::to_string(space.bytes) + " bytes of " + space.name + ", expected at most 16 MiB";
      return false;
    }
    local += space.bytes * (d.aiCore->cubeCores + d.aiCore->vectorCores);
    if (local > kMostLocal) {
      error = "spaces: found more than 1 GiB of local memory in all cores";
      return false;
    }
  }
  if (d.l1Bytes <= kMostFirstLevel)
    return true;
  error = "l1_bytes: found " + std::to_string(d.l1Bytes) + ", expected at most 4 MiB";
  return false;
}

/// Invariants that passes rely on.
static bool check(const Description &d, std::string &error) {
  auto fail = [&](const std::string &text) {
    error = text;
    return false;
  };
  if (d.name.empty() || std::any_of(d.name.begin(), d.name.end(), [](unsigned char c) { return c < 32 || c == 127; }))
    return fail("name: expected a name of printable characters");
  if (d.mmadTiles.empty())
    return fail("mmad_tiles: expected at least one tile");
  for (size_t i = 0; i < d.mmadTiles.size(); ++i) {
    const TileShape &tile = d.mmadTiles[i];
    std::string where = "mmad_tiles[" + std::to_string(i) + "]";
    if (tile.rows < 1 || tile.rows > 64)
      return fail(where + ".rows: found " + std::to_string(tile.rows) + ", expected 1 to 64");
    if (tile.columns < 1 || tile.columns > 512)
      return fail(where + ".columns: found " + std::to_string(tile.columns) + ", expected 1 to 512");
    if (d.kind == Kind::Host && d.vectorBits >= 32 && tile.columns % (d.vectorBits / 32))
      return fail(where + ".columns: found " + std::to_string(tile.columns) + ", expected a multiple of " +
                  std::to_string(d.vectorBits / 32) + ", the lanes of a vector");
  }
  if (d.kind == Kind::Host && d.vectorBits != 128 && d.vectorBits != 256 && d.vectorBits != 512)
    return fail("vector_bits: found " + std::to_string(d.vectorBits) + ", expected 128, 256 or 512");
  if (d.kind == Kind::AICore && !d.aiCore)
    return fail("ai_core: field is missing");
  if (d.kind == Kind::AICore && d.vectorBits && d.vectorBits != 128 && d.vectorBits != 256 && d.vectorBits != 512)
    return fail("vector_bits: found " + std::to_string(d.vectorBits) + ", expected 0, 128, 256 or 512");
  if (d.kind == Kind::AICore && d.gigahertz < 0.001)
    return fail("gigahertz: found a clock under 0.001, expected the cube's");
  if (d.aiCore) {
    if (!checkCores(*d.aiCore, error) || !checkMemories(d, error))
      return false;
  }
  if (d.channelBlock < 1)
    return fail("channel_block: found 0, expected a positive integer");
  if (d.kBlock < 1)
    return fail("k_block: found 0, expected a positive integer");
  if (d.cores < 1)
    return fail("cores: found 0, expected a positive integer");
  return true;
}

/// Parses text. An error says where in the text it is, or which field is there twice.
static bool parse(const std::string &text, Json &json, std::string &error) {
  std::vector<std::set<std::string>> open;
  auto look = [&](int, Json::parse_event_t event, Json &parsed) {
    if (event == Json::parse_event_t::object_start)
      open.emplace_back();
    else if (event == Json::parse_event_t::object_end)
      open.pop_back();
    else if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second &&
             error.empty())
      error = parsed.get<std::string>() + ": found the field twice in an object";
    return true;
  };
  try {
    json = Json::parse(text, look, /*allow_exceptions=*/true, /*ignore_comments=*/true);
  } catch (const Json::exception &problem) {
    // The library's text begins with its name of the error, in brackets.
    const std::string found = problem.what();
    error = "not valid JSON: " + found.substr(std::min(found.find("] ") + 2, found.size()));
  }
  return error.empty();
}

bool fromJson(const std::string &text, Description &result, std::string &error) {
  error.clear();
  Json json;
  if (!parse(text, json, error))
    return false;
  if (!json.is_object()) {
    error = std::string("found ") + json.type_name() + ", expected object";
    return false;
  }
  Description d;
  Reader reader{json, "", /*requireAll=*/true, error};
  reader.known.insert("base");
  auto base = json.find("base");
  if (base != json.end()) {
    std::string level;
    if (!reader.read(*base, "base", level))
      return false;
    if (level.size() > 5 && level.compare(level.size() - 5, 5, ".json") == 0) {
      error = "base: found \"" + level + "\", expected a built-in device";
      return false;
    }
    if (!lookup(level, d, error)) {
      error = "base: " + error;
      return false;
    }
    reader.requireAll = false;
  }
  visitFields(d, reader);
  reader.rejectUnknown();
  if (!error.empty() || !check(d, error))
    return false;
  result = std::move(d);
  return true;
}

std::string toJson(const Description &description) {
  Description copy = description;
  Writer writer;
  visitFields(copy, writer);
  return writer.json.dump(2) + "\n";
}

} // namespace device
} // namespace gemlir
