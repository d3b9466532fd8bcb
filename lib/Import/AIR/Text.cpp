//===- Text.cpp - messages of ge.proto as text -*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// Protobuf's text format. Fields that the schema does not have are skipped.
//
//===----------------------------------------------------------------------===//

#include "Document.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

using namespace gemlir;
using namespace gemlir::air;

namespace {

constexpr unsigned kMaxDepth = 64;

class TextReader {
public:
  TextReader(std::string_view text, Document &document) : text(text), document(document) {}

  bool run() { return readFields(&document.root, '\0', 0); }
  std::string error;

private:
  bool fail(const std::string &what) {
    if (!error.empty())
      return false;
    size_t line = 1;
    for (size_t i = 0; i < at && i < text.size(); ++i)
      line += text[i] == '\n';
    error = "line " + std::to_string(line) + ": " + what;
    return false;
  }
  char peek() {
    while (at < text.size() && (std::isspace(static_cast<unsigned char>(text[at])) || text[at] == '#')) {
      if (text[at] == '#')
        at = std::min(text.find('\n', at), text.size());
      else
        ++at;
    }
    return at < text.size() ? text[at] : '\0';
  }
  bool take(char wanted) {
    if (peek() != wanted)
      return false;
    ++at;
    return true;
  }
  std::string_view readWord() {
    (void)peek();
    const size_t begin = at;
    while (at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) || text[at] == '_' ||
                                text[at] == '.' || text[at] == '-' || text[at] == '+'))
      ++at;
    return text.substr(begin, at - begin);
  }

  bool readFields(Message *message, char close, unsigned depth);
  bool readValue(Message *message, const FieldType *field, unsigned depth);
  bool readScalar(Message *message, const FieldType *field);
  bool readString(std::string &value);
  bool readEscape(std::string &value);

  std::string_view text;
  size_t at = 0;
  Document &document;
};

bool TextReader::readFields(Message *message, char close, unsigned depth) {
  if (depth > kMaxDepth)
    return fail("messages are nested more than " + std::to_string(kMaxDepth) + " deep");
  while (true) {
    const char next = peek();
    if (next == close || (next == '\0' && at >= text.size())) {
      if (next != close)
        return fail(std::string("the text ends, expected '") + close + "'");
      at += close != '\0';
      return true;
    }
    const std::string_view name = readWord();
    if (name.empty())
      return fail(std::string("found '") + next + "', expected the name of a field");
    const FieldType *field = message ? message->type->find(name) : nullptr;
    const bool colon = take(':');
    if (peek() != '{' && peek() != '<' && !colon)
      return fail("found no ':' after '" + std::string(name) + "'");
    if (take('[')) {
      while (!take(']'))
        if (!readValue(message, field, depth) || (!take(',') && peek() != ']'))
          return fail("found no ',' or ']' in a list of '" + std::string(name) + "'");
    } else if (!readValue(message, field, depth)) {
      return false;
    }
    if (!take(','))
      (void)take(';');
  }
}

bool TextReader::readValue(Message *message, const FieldType *field, unsigned depth) {
  const char open = peek();
  if (open != '{' && open != '<')
    return readScalar(message, field);
  ++at;
  if (field && field->kind != Kind::Message)
    return fail(std::string("found a message for '") + field->name + "', expected a value");
  Message *inner = field ? &message->addMessage(field->number) : nullptr;
  return readFields(inner, open == '{' ? '}' : '>', depth + 1);
}

bool TextReader::readScalar(Message *message, const FieldType *field) {
  const char first = peek();
  if (first == '"' || first == '\'') {
    std::string value;
    if (!readString(value))
      return false;
    if (!field)
      return true;
    if (field->kind != Kind::Text && field->kind != Kind::Bytes)
      return fail(std::string("found a string for '") + field->name + "'");
    message->addBytes(field->number, document.own(std::move(value)));
    return true;
  }
  const std::string word(readWord());
  if (word.empty())
    return fail("found no value");
  if (!field)
    return true;
  const char *begin = word.c_str();
  char *end = nullptr;
  switch (field->kind) {
  case Kind::Float: message->addFloat(field->number, std::strtof(begin, &end)); break;
  case Kind::Bool:
    if (word == "true" || word == "false") {
      message->addInt(field->number, word == "true");
      return true;
    }
    [[fallthrough]];
  case Kind::Int: {
    errno = 0;
    message->addInt(field->number,
                    *begin == '-' ? std::strtoll(begin, &end, 0) : static_cast<int64_t>(std::strtoull(begin, &end, 0)));
    if (errno)
      return fail("found the number " + word + ", which is out of range");
    break;
  }
  case Kind::DataType:
  case Kind::ListType: {
    const int64_t number =
        std::isdigit(static_cast<unsigned char>(*begin)) ? std::strtoll(begin, &end, 10) : findEnum(field->kind, word);
    if (number < 0)
      return fail("found '" + word + "' for '" + field->name + "', which is not one of its values");
    message->addInt(field->number, number);
    return true;
  }
  default:
    return fail("found " + word + " for '" + field->name + "', expected " +
                (field->kind == Kind::Message ? "a message" : "a string"));
  }
  return !*end || fail("found '" + word + "' for '" + field->name + "', expected a number");
}

/// Strings that follow each other are one.
bool TextReader::readString(std::string &value) {
  while (peek() == '"' || peek() == '\'') {
    const char quote = text[at++];
    while (true) {
      if (at >= text.size() || text[at] == '\n')
        return fail("a string does not end");
      const char next = text[at++];
      if (next == quote)
        break;
      if (next != '\\')
        value += next;
      else if (!readEscape(value))
        return false;
    }
  }
  return true;
}

bool TextReader::readEscape(std::string &value) {
  if (at >= text.size())
    return fail("a string does not end");
  const char next = text[at++];
  auto digit = [&](int base) {
    const int number = at < text.size() ? std::isdigit(static_cast<unsigned char>(text[at])) ? text[at] - '0'
                                          : std::isxdigit(static_cast<unsigned char>(text[at]))
                                              ? std::tolower(text[at]) - 'a' + 10
                                              : 99
                                        : 99;
    return number < base ? number : -1;
  };
  auto number = [&](int base, int most, int start) {
    int result = start;
    for (int value; most > 0 && (value = digit(base)) >= 0; --most, ++at)
      result = result * base + value;
    value += static_cast<char>(result);
    return true;
  };
  if (next >= '0' && next <= '7')
    return number(8, 2, next - '0');
  switch (next) {
  case 'n': value += '\n'; return true;
  case 'r': value += '\r'; return true;
  case 't': value += '\t'; return true;
  case 'a': value += '\a'; return true;
  case 'b': value += '\b'; return true;
  case 'f': value += '\f'; return true;
  case 'v': value += '\v'; return true;
  case 'x':
  case 'X': return number(16, 2, 0);
  default:
    value += next; // a quote or a backslash
    return true;
  }
}

void quote(std::string_view bytes, std::string &out) {
  out += '"';
  for (unsigned char byte : bytes) {
    if (byte == '"' || byte == '\\') {
      out += '\\';
      out += static_cast<char>(byte);
    } else if (byte == '\n') {
      out += "\\n";
    } else if (byte >= 32 && byte < 127) {
      out += static_cast<char>(byte);
    } else {
      const char octal[] = {'\\', char('0' + (byte >> 6)), char('0' + (byte >> 3 & 7)), char('0' + (byte & 7))};
      out.append(octal, 4);
    }
  }
  out += '"';
}

void writeScalar(const Value &value, std::string &out) {
  switch (value.type->kind) {
  case Kind::Text:
  case Kind::Bytes: return quote(value.bytes, out);
  case Kind::Bool: out += value.integer ? "true" : "false"; return;
  case Kind::Float: {
    if (std::isnan(value.real) || std::isinf(value.real)) {
      out += std::isnan(value.real) ? "nan" : value.real < 0 ? "-inf" : "inf";
      return;
    }
    char text[32];
    auto end = std::to_chars(text, text + sizeof(text), value.real).ptr;
    out.append(text, end);
    return;
  }
  case Kind::DataType:
  case Kind::ListType:
    if (std::string_view name = getEnumName(value.type->kind, value.integer); !name.empty()) {
      out += name;
      return;
    }
    [[fallthrough]];
  default: out += std::to_string(value.integer);
  }
}

void writeFields(const Message &message, unsigned indent, std::string &out) {
  for (const Value &value : message.values) {
    out.append(indent, ' ');
    out += value.type->name;
    if (value.type->kind == Kind::Message) {
      out += " {\n";
      writeFields(*value.message, indent + 2, out);
      out.append(indent, ' ');
      out += "}\n";
    } else {
      out += ": ";
      writeScalar(value, out);
      out += '\n';
    }
  }
}

} // namespace

bool gemlir::air::readText(std::string_view text, Document &document, std::string &error) {
  TextReader reader(text, document);
  if (reader.run())
    return true;
  error = reader.error;
  return false;
}

std::string gemlir::air::writeText(const Message &message) {
  std::string out;
  writeFields(message, 0, out);
  return out;
}
