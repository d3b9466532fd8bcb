//===- Document.cpp - messages of ge.proto in wire format -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Document.h"

#include "ge-mlir/Support/Wire.h"

#include <unordered_map>

using namespace gemlir;
using namespace gemlir::air;

namespace {

/// Attributes hold graphs and functions, which hold attributes.
constexpr unsigned kMaxDepth = 64;

class BinaryReader {
public:
  BinaryReader(ReadError &error) : error(error) {}

  bool read(Span span, Message &message, unsigned depth) {
    WireReader in(span, error);
    if (depth > kMaxDepth)
      return error.setAt(span.begin, "messages are nested more than " + std::to_string(kMaxDepth) + " deep");
    while (in.next()) {
      const FieldType *field = message.type->find(in.field());
      if (!(field ? readField(in, *field, message, depth) : in.skip()))
        return false;
    }
    return error.empty();
  }

private:
  bool readField(WireReader &in, const FieldType &field, Message &message, unsigned depth) {
    Span bytes;
    switch (field.kind) {
    case Kind::Message: return in.readBytes(bytes) && read(bytes, message.addMessage(field.number), depth + 1);
    case Kind::Text:
    case Kind::Bytes:
      if (!in.readBytes(bytes))
        return false;
      message.addBytes(field.number, bytes.text());
      return true;
    case Kind::Float: {
      std::vector<float> values;
      if (!in.readFloats(values))
        return false;
      for (float value : values)
        message.addFloat(field.number, value);
      return true;
    }
    default: {
      std::vector<int64_t> values;
      if (!in.readInts(values))
        return false;
      for (int64_t value : values)
        message.addInt(field.number, value);
      return true;
    }
    }
  }

  ReadError &error;
};

/// Lengths stand before what they count, so sizes are found first.
class BinaryWriter {
public:
  void write(const Message &message) {
    (void)getSize(message);
    writeFields(message);
  }
  WireWriter out;

private:
  static size_t getHeader(const FieldType &field, size_t length) {
    return WireWriter::getVarintSize(uint64_t(field.number) << 3) + WireWriter::getVarintSize(length);
  }
  /// Repeated numbers that follow each other are one packed field.
  static size_t findRun(const Message &message, size_t begin) {
    const FieldType &field = *message.values[begin].type;
    size_t end = begin + 1;
    if (field.repeated && field.kind != Kind::Message && field.kind != Kind::Text && field.kind != Kind::Bytes)
      while (end < message.values.size() && message.values[end].type == &field)
        ++end;
    return end;
  }
  static size_t getPackedSize(const Message &message, size_t begin, size_t end) {
    if (message.values[begin].type->kind == Kind::Float)
      return (end - begin) * sizeof(float);
    size_t size = 0;
    for (size_t i = begin; i < end; ++i)
      size += WireWriter::getVarintSize(uint64_t(message.values[i].integer));
    return size;
  }

  size_t getSize(const Message &message) {
    size_t size = 0;
    for (size_t i = 0; i < message.values.size();) {
      const Value &value = message.values[i];
      const FieldType &field = *value.type;
      const size_t end = findRun(message, i);
      if (field.kind == Kind::Message) {
        const size_t inner = getSize(*value.message);
        size += getHeader(field, inner) + inner;
      } else if (field.kind == Kind::Text || field.kind == Kind::Bytes) {
        size += getHeader(field, value.bytes.size()) + value.bytes.size();
      } else if (field.repeated) {
        const size_t inner = getPackedSize(message, i, end);
        size += getHeader(field, inner) + inner;
      } else {
        size += WireWriter::getVarintSize(uint64_t(field.number) << 3) +
                (field.kind == Kind::Float ? sizeof(float) : WireWriter::getVarintSize(uint64_t(value.integer)));
      }
      i = end;
    }
    sizes[&message] = size;
    return size;
  }

  void writeFields(const Message &message) {
    for (size_t i = 0; i < message.values.size();) {
      const Value &value = message.values[i];
      const FieldType &field = *value.type;
      const size_t end = findRun(message, i);
      if (field.kind == Kind::Message) {
        out.addLength(field.number, sizes.at(value.message.get()));
        writeFields(*value.message);
      } else if (field.kind == Kind::Text || field.kind == Kind::Bytes) {
        out.addBytes(field.number, value.bytes);
      } else if (field.kind == Kind::Float && field.repeated) {
        std::string packed;
        for (size_t k = i; k < end; ++k)
          packed.append(reinterpret_cast<const char *>(&message.values[k].real), sizeof(float));
        out.addBytes(field.number, packed);
      } else if (field.repeated) {
        std::vector<int64_t> packed;
        for (size_t k = i; k < end; ++k)
          packed.push_back(message.values[k].integer);
        out.addPacked(field.number, packed.data(), packed.size());
      } else if (field.kind == Kind::Float) {
        out.addFloat(field.number, value.real);
      } else {
        out.addInt(field.number, value.integer);
      }
      i = end;
    }
  }

  std::unordered_map<const Message *, size_t> sizes;
};

} // namespace

Value &Message::add(uint32_t field) {
  Value &value = values.emplace_back();
  value.type = type->find(field);
  return value;
}

Message &Message::addMessage(uint32_t field) {
  Value &value = add(field);
  value.message = std::make_unique<Message>(*value.type->message);
  return *value.message;
}

Message &Message::addEntry(uint32_t field, std::string_view key) {
  Message &made = addMessage(field);
  made.addBytes(entry::key, key);
  return made.addMessage(entry::value);
}

const Value *Message::find(uint32_t field) const {
  for (auto value = values.rbegin(); value != values.rend(); ++value)
    if (value->type->number == field)
      return &*value;
  return nullptr;
}

int64_t Message::getInt(uint32_t field, int64_t otherwise) const {
  const Value *value = find(field);
  return value ? value->integer : otherwise;
}

std::string Message::getText(uint32_t field) const {
  const Value *value = find(field);
  return value ? std::string(value->bytes) : std::string();
}

const Message *Message::getMessage(uint32_t field) const {
  const Value *value = find(field);
  return value ? value->message.get() : nullptr;
}

std::vector<const Value *> Message::all(uint32_t field) const {
  std::vector<const Value *> result;
  for (const Value &value : values)
    if (value.type->number == field)
      result.push_back(&value);
  return result;
}

bool gemlir::air::readBinary(const void *data, size_t size, Document &document, std::string &error) {
  ReadError failure;
  if (BinaryReader(failure).read({static_cast<const uint8_t *>(data), 0, size}, document.root, 0))
    return true;
  error = failure.text;
  return false;
}

std::vector<uint8_t> gemlir::air::writeBinary(const Message &message) {
  BinaryWriter writer;
  writer.write(message);
  return writer.out.take();
}
