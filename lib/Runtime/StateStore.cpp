//===- StateStore.cpp - memory of states ------------------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "StateStore.h"

#include <algorithm>
#include <cstring>

namespace gemlir::runtime {

namespace {

Error wrongSize(const std::string &name, size_t found, int64_t expected) {
  return Error(ErrorCode::InvalidArgument,
               "state '" + name + "': found " + std::to_string(found) + " bytes, expected " + std::to_string(expected));
}

} // namespace

void StateStore::Impl::Entry::reset() {
  if (initial.empty())
    std::memset(memory.get(), 0, size);
  else
    std::memcpy(memory.get(), initial.data(), size);
}

Error StateStore::Impl::add(const std::string &name, int64_t size, const uint8_t *initial, void *&memory) {
  std::lock_guard<std::mutex> lock(mutex);
  auto found = entries.find(name);
  if (found != entries.end()) {
    memory = found->second.memory.get();
    if (found->second.size != size)
      return wrongSize(name, found->second.size, size);
    return Error::success();
  }
  Entry entry;
  entry.memory.reset(allocateAligned(size));
  entry.size = size;
  if (!entry.memory)
    return Error(ErrorCode::OutOfMemory, "no memory for state '" + name + "' of " + std::to_string(size) + " bytes");
  if (initial)
    entry.initial.assign(initial, initial + size);
  entry.reset();
  memory = entry.memory.get();
  entries.emplace(name, std::move(entry));
  return Error::success();
}

Error StateStore::Impl::find(const std::string &name, size_t size, void *&memory) const {
  auto found = entries.find(name);
  if (found == entries.end())
    return Error(ErrorCode::InvalidArgument, "there is no state '" + name + "'");
  if (size != size_t(found->second.size))
    return wrongSize(name, size, found->second.size);
  memory = found->second.memory.get();
  return Error::success();
}

StateStore::StateStore() : impl(std::make_unique<Impl>()) {}
StateStore::~StateStore() = default;

std::vector<std::string> StateStore::names() const {
  std::lock_guard<std::mutex> lock(impl->mutex);
  std::vector<std::string> result;
  for (const auto &entry : impl->entries)
    result.push_back(entry.first);
  return result;
}

int64_t StateStore::size(const std::string &name) const {
  std::lock_guard<std::mutex> lock(impl->mutex);
  auto found = impl->entries.find(name);
  return found == impl->entries.end() ? -1 : found->second.size;
}

Error StateStore::read(const std::string &name, void *data, size_t size) const {
  std::lock_guard<std::mutex> lock(impl->mutex);
  void *memory;
  if (Error error = impl->find(name, size, memory))
    return error;
  std::memcpy(data, memory, size);
  return Error::success();
}

Error StateStore::write(const std::string &name, const void *data, size_t size) {
  std::lock_guard<std::mutex> lock(impl->mutex);
  void *memory;
  if (Error error = impl->find(name, size, memory))
    return error;
  std::memcpy(memory, data, size);
  return Error::success();
}

void StateStore::reset() {
  std::lock_guard<std::mutex> lock(impl->mutex);
  for (auto &entry : impl->entries)
    entry.second.reset();
}

} // namespace gemlir::runtime
