//===- Document.h - a message of ge.proto in memory -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_IMPORT_AIR_DOCUMENT_H
#define GEMLIR_LIB_IMPORT_AIR_DOCUMENT_H

#include "ge-mlir/Import/AIR/Schema.h"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gemlir::air {

struct Message;

/// The value of a field, or of one element of a repeated one.
struct Value {
  const FieldType *type;
  int64_t integer = 0; ///< Int, Bool, DataType, ListType
  float real = 0;
  std::string_view bytes; ///< Text, Bytes; somebody else's
  std::unique_ptr<Message> message;
};

/// A message with its fields in the order in which they came. Bytes are not
/// copied: they are those that were read, or that the writer gave.
struct Message {
  explicit Message(const MessageType &type) : type(&type) {}

  void addInt(uint32_t field, int64_t value) { add(field).integer = value; }
  void addFloat(uint32_t field, float value) { add(field).real = value; }
  void addBytes(uint32_t field, std::string_view value) { add(field).bytes = value; }
  Message &addMessage(uint32_t field);
  /// The value of a map's new entry.
  Message &addEntry(uint32_t field, std::string_view key);

  /// The last value of a field; null if it is not there.
  const Value *find(uint32_t field) const;
  int64_t getInt(uint32_t field, int64_t otherwise = 0) const;
  std::string getText(uint32_t field) const;
  const Message *getMessage(uint32_t field) const;
  /// All values of a field.
  std::vector<const Value *> all(uint32_t field) const;

  const MessageType *type;
  std::vector<Value> values;

private:
  Value &add(uint32_t field);
};

/// A model, and the texts that are in no other memory.
struct Document {
  Message root{kModelDef};
  std::deque<std::string> texts;

  std::string_view own(std::string text) { return texts.emplace_back(std::move(text)); }
};

/// The bytes must outlive the document. `error` says what was found where.
bool readBinary(const void *data, size_t size, Document &document, std::string &error);
std::vector<uint8_t> writeBinary(const Message &message);

bool readText(std::string_view text, Document &document, std::string &error);
std::string writeText(const Message &message);

} // namespace gemlir::air

#endif // GEMLIR_LIB_IMPORT_AIR_DOCUMENT_H
