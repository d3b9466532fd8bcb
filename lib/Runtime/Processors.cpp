//===- Processors.cpp - how many processors we may use --------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Runtime/Model.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <sstream>

namespace gemlir::runtime {

namespace {

unsigned countAffinity() {
  // The kernel wants a set at least as large as its own; grow until it fits.
  for (int processors = 1024; processors <= 1 << 20; processors *= 4) {
    cpu_set_t *set = CPU_ALLOC(processors);
    if (!set)
      break;
    size_t size = CPU_ALLOC_SIZE(processors);
    int count = 0;
    if (sched_getaffinity(0, size, set) == 0)
      count = CPU_COUNT_S(size, set);
    CPU_FREE(set);
    if (count > 0)
      return count;
  }
  return 1;
}

/// The processors that "quota period" pays for; 0 if there is no limit.
unsigned toProcessors(double quota, double period) {
  if (quota <= 0 || period <= 0)
    return 0;
  return std::max(1u, unsigned(std::min(1e6, (quota + period - 1) / period)));
}

unsigned readQuotaV2(const std::string &folder) {
  std::ifstream file(folder + "/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max")
    return 0;
  return toProcessors(std::strtod(quota.c_str(), nullptr), period);
}

unsigned readQuotaV1(const std::string &folder) {
  std::ifstream quotaFile(folder + "/cpu.cfs_quota_us");
  std::ifstream periodFile(folder + "/cpu.cfs_period_us");
  double quota = 0, period = 0;
  if (!(quotaFile >> quota) || !(periodFile >> period))
    return 0;
  return toProcessors(quota, period);
}

/// The tightest limit from the process's group up to the root. In a container
/// the path may not exist below the mount; then the mount itself counts.
unsigned readQuota() {
  unsigned result = 0;
  auto take = [&](unsigned limit) {
    if (limit)
      result = result ? std::min(result, limit) : limit;
  };
  std::ifstream groups("/proc/self/cgroup");
  std::string line;
  while (std::getline(groups, line)) {
    size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      continue;
    std::string controllers = line.substr(first + 1, second - first - 1);
    std::string path = line.substr(second + 1);
    bool isV2 = controllers.empty();
    bool hasCpu = false;
    std::istringstream list(controllers);
    for (std::string name; std::getline(list, name, ',');)
      hasCpu |= name == "cpu";
    if (!isV2 && !hasCpu)
      continue;
    std::string mount = isV2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/" + controllers;
    while (true) {
      take(isV2 ? readQuotaV2(mount + path) : readQuotaV1(mount + path));
      size_t slash = path.rfind('/');
      if (path.empty() || slash == std::string::npos)
        break;
      path.resize(slash);
    }
  }
  return result;
}

} // namespace

static unsigned getQuota() {
  static const unsigned quota = readQuota();
  return quota;
}

unsigned getAvailableThreads() {
  unsigned result = countAffinity();
  return getQuota() ? std::min(result, getQuota()) : result;
}

bool hasProcessorQuota() { return getQuota() && getQuota() <= countAffinity(); }

} // namespace gemlir::runtime
