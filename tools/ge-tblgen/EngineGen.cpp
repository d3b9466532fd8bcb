//===- EngineGen.cpp - decoder, encoder and reference of engine commands --===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EngineRecords.h"

#include "mlir/TableGen/GenInfo.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TableGen/Record.h"

using namespace llvm;
using namespace gemlir::tblgen;

namespace {

void writeEnum(StringRef name, StringRef base, ArrayRef<std::pair<std::string, int>> values, raw_ostream &os) {
  os << "enum class " << name << " : " << base << " {\n";
  for (auto &[value, number] : values)
    os << "  " << value << " = " << number << ",\n";
  os << "};\n";
}

/// Names and numbers of a class's records, with an array of the names.
void writeNumbered(const RecordKeeper &records, StringRef cls, StringRef enumName, StringRef number, raw_ostream &os) {
  std::vector<std::pair<std::string, int>> values;
  for (const Record *r : records.getAllDerivedDefinitions(cls))
    values.push_back({r->getValueAsString("name").str(), int(r->getValueAsInt(number))});
  llvm::sort(values, [](auto &a, auto &b) { return a.second < b.second; });
  for (auto &[name, n] : values)
    if (name == "PEER" || name == "STACK")
      name = name == "PEER" ? "Peer" : "Stack";
  os << "constexpr const char *k" << enumName << "Names[] = {";
  for (auto &[name, n] : values)
    os << "\"" << name << "\", ";
  os << "};\n";
  for (auto &[name, n] : values)
    if (enumName == "Type")
      name = StringRef(name).upper();
  writeEnum(enumName, "uint8_t", values, os);
}

void writeEnums(const RecordKeeper &records, ArrayRef<Command> commands, raw_ostream &os) {
  os << "#ifdef GEMLIR_ENGINE_ENUMS\n#undef GEMLIR_ENGINE_ENUMS\n";
  writeNumbered(records, "EngineQueue", "Queue", "number", os);
  writeNumbered(records, "EngineSpace", "Space", "tag", os);
  writeNumbered(records, "EngineType", "Type", "number", os);
  os << "constexpr uint64_t kTypeBytes[] = {";
  for (int code = 0; code < 8; ++code)
    for (const Record *r : records.getAllDerivedDefinitions("EngineType"))
      if (r->getValueAsInt("number") == code)
        os << r->getValueAsInt("bytes") << ", ";
  os << "};\nconstexpr uint32_t kSpaceAlignment[] = {";
  for (int tag = 0; tag < 10; ++tag)
    for (const Record *r : records.getAllDerivedDefinitions("EngineSpace"))
      if (r->getValueAsInt("tag") == tag)
        os << r->getValueAsInt("alignment") << ", ";
  os << "};\n";
  std::vector<std::pair<std::string, int>> ids = {{"None", 0}};
  SetVector<StringRef> rows;
  for (const Command &c : commands) {
    ids.push_back({c.id(), int(ids.size())});
    for (const Record *op : c.list("ops"))
      rows.insert(op->getValueAsString("timing"));
  }
  rows.insert("cast");
  writeEnum("CommandId", "uint8_t", ids, os);
  os << "constexpr unsigned kCommands = " << ids.size() << ";\n";
  os << "enum class VectorRow : uint8_t {";
  for (StringRef row : rows)
    os << " " << row << ",";
  os << " };\nconstexpr unsigned kVectorRows = " << rows.size() << ";\nconstexpr const char *kVectorRowNames[] = {";
  for (StringRef row : rows)
    os << "\"" << row << "\", ";
  os << "};\n#endif // GEMLIR_ENGINE_ENUMS\n\n";
}

std::string registerOf(const Field &field) {
  if (field.number == -3)
    return "raw.funct7()";
  return field.number < 0 ? "raw." + field.place.str() : "raw.parameters[" + itostr(field.number) + "]";
}

void writeCodec(const Command &c, raw_ostream &os) {
  os << "  " << c.id() << "() = default;\n  explicit " << c.id() << "(const RawCommand &raw) {\n";
  for (const Field &f : c.fields)
    os << "    " << f.name << " = bits(" << registerOf(f) << ", " << f.lsb << ", " << f.width << ");\n";
  os << "  }\n  /// The command for a word with x10 and x11 as its operands.\n  RawCommand encode() const {\n"
     << "    RawCommand raw;\n    raw.id = kId;\n    uint64_t funct7 = " << c.number("select") << ";\n";
  for (const Field &f : c.fields)
    os << "    " << (f.number == -3 ? "funct7" : registerOf(f)) << " |= bits(" << f.name << ", 0, " << f.width
       << ") << " << f.lsb << ";\n";
  os << "    raw.word = uint32_t(funct7 << 25 | 11 << 20 | 10 << 15 | " << c.number("funct3") << " << 12 | "
     << (c.record->getValueAsBit("hasResult") ? 10 << 7 : 0) << " | " << c.number("opcode")
     << ");\n    return raw;\n  }\n";
}

void writeStruct(const Command &c, raw_ostream &os) {
  os << "/// `" << c.text("mnemonic") << "`: " << c.text("summary") << ".\nstruct " << c.id() << " {\n"
     << "  static constexpr CommandId kId = CommandId::" << c.id() << ";\n";
  for (const Field &f : c.fields)
    os << "  uint64_t " << f.name << " = 0; ///< " << f.summary << "\n";
  writeCodec(c, os);
  os << "  /// What makes the command illegal on any device, or null.\n  const char *check() const {\n";
  for (const Record *check : c.list("checks"))
    os << "    if (!(" << check->getValueAsString("condition") << "))\n      return \""
       << check->getValueAsString("text") << "\";\n";
  if (!c.list("ops").empty())
    os << "    const OpInfo *member = findOp(getInfo(kId), op);\n    if (!member)\n"
       << "      return \"unknown member of the family\";\n"
       << "    if (!(member->types >> type & 1))\n      return \"bad element type\";\n";
  os << "    return nullptr;\n  }\n  template <typename Visitor> void accesses(Visitor &&visit) const {\n"
     << "    (void)visit;\n";
  for (const Record *access : c.list("accesses")) {
    StringRef when = access->getValueAsString("condition");
    os << "    " << (when.empty() ? "" : "if (" + when.str() + ")\n      ") << "visit(Access{\""
       << access->getValueAsString("name") << "\", " << access->getValueAsString("range") << ", "
       << (access->getValueAsBit("isWrite") ? "true" : "false") << "});\n";
  }
  os << "  }\n  /// Bytes, fractals or repeats.\n  uint64_t work() const { return " << c.text("work") << "; }\n};\n\n";
}

void writeIdentify(ArrayRef<Command> commands, raw_ostream &os) {
  os << "CommandId identify(uint32_t word) {\n  const uint32_t funct7 = word >> 25;\n  (void)funct7;\n"
     << "  switch ((word & 0x7f) << 3 | (word >> 12 & 7)) {\n";
  MapVector<int, std::vector<const Command *>> groups;
  for (const Command &c : commands)
    groups[c.number("opcode") << 3 | c.number("funct3")].push_back(&c);
  for (auto &[key, group] : groups) {
    os << "  case " << key << ":\n";
    for (const Command *c : group)
      if (c->number("selectMask"))
        os << "    if ((funct7 & " << c->number("selectMask") << ") == " << c->number("select")
           << ")\n      return CommandId::" << c->id() << ";\n";
      else
        os << "    return CommandId::" << c->id() << ";\n";
    os << "    return CommandId::None;\n";
  }
  os << "  default:\n    return CommandId::None;\n  }\n}\n\n";
}

/// The array of the names of a field's values, and its size.
std::string namesOf(StringRef cls) {
  const std::string names = "k" + cls.drop_front(strlen("Engine")).str() + "Names";
  return names + ", sizeof(" + names + ") / sizeof(*" + names + ")";
}

void writeTables(ArrayRef<Command> commands, raw_ostream &os) {
  for (const Command &c : commands) {
    os << "static const FieldInfo k" << c.id() << "Fields[] = {";
    for (const Field &f : c.fields)
      os << "{\"" << f.name << "\", " << f.number << ", " << f.lsb << ", " << f.width << ", "
         << (f.values.empty() ? "nullptr, 0" : namesOf(f.values)) << "}, ";
    os << "{}};\nstatic const OpInfo k" << c.id() << "Ops[] = {";
    for (const Record *op : c.list("ops")) {
      unsigned types = 0;
      for (const Record *type : op->getValueAsListOfDefs("types"))
        types |= 1u << type->getValueAsInt("number");
      os << "{\"" << op->getValueAsString("name") << "\", " << op->getValueAsInt("number") << ", " << types
         << ", VectorRow::" << op->getValueAsString("timing") << "}, ";
    }
    os << "{\"\", 0, 0, VectorRow::cast}};\n";
  }
  os << "static const CommandInfo kInfo[] = {\n  {\"\", Queue::S, 0, 0, 0, 0, nullptr, 0, nullptr, 0, false},\n";
  for (const Command &c : commands)
    os << "  {\"" << c.text("mnemonic") << "\", Queue::" << c.queue() << ", " << c.number("opcode") << ", "
       << c.number("funct3") << ", " << c.number("selectMask") << ", " << c.number("select") << ", k" << c.id()
       << "Fields, " << c.fields.size() << ", k" << c.id() << "Ops, " << c.list("ops").size() << ", "
       << (c.record->getValueAsBit("hasResult") ? "true" : "false") << "},\n";
  os << "};\n\n";
}

bool writeDecls(const RecordKeeper &records, raw_ostream &os) {
  std::vector<Command> commands = readCommands(records);
  os << "// Generated by ge-tblgen from EngineCommands.td.\n\n";
  writeEnums(records, commands, os);
  os << "#ifdef GEMLIR_ENGINE_COMMANDS\n#undef GEMLIR_ENGINE_COMMANDS\nconst CommandInfo &getInfo(CommandId id);\n\n";
  for (const Command &c : commands)
    writeStruct(c, os);
  os << "#endif // GEMLIR_ENGINE_COMMANDS\n\n#ifdef GEMLIR_ENGINE_VISIT\n#undef GEMLIR_ENGINE_VISIT\n"
     << "template <typename F> auto visit(const RawCommand &raw, F &&f) {\n  switch (raw.id) {\n  default:\n";
  for (const Command &c : commands)
    os << "  case CommandId::" << c.id() << ":\n    return f(" << c.id() << "(raw));\n";
  os << "  }\n}\n#endif // GEMLIR_ENGINE_VISIT\n";
  return false;
}

bool writeDefs(const RecordKeeper &records, raw_ostream &os) {
  std::vector<Command> commands = readCommands(records);
  os << "// Generated by ge-tblgen from EngineCommands.td.\n\n";
  writeTables(commands, os);
  writeIdentify(commands, os);
  return false;
}

/// The value of one register as a C expression over the fields' names.
std::string packed(const Command &c, int number, unsigned select) {
  std::string text = number == -3 ? utostr(select) : "0ull";
  for (const Field &f : c.fields)
    if (f.number == number)
      text += " | NP_BITS(" + f.name.str() + ", " + utostr(f.lsb) + ", " + utostr(f.width) + ")";
  return text;
}

void writeMacro(const Command &c, raw_ostream &os) {
  std::string name = "np_" + c.text("mnemonic").str();
  StringRef bare = c.text("mnemonic");
  bare.consume_front("np.");
  name = "np_" + bare.str();
  for (char &ch : name)
    ch = ch == '.' ? '_' : ch;
  std::vector<std::string> words;
  SetVector<int> parameters;
  for (const Field &f : c.fields)
    if (f.number < 0)
      words.push_back(f.name.str());
    else
      parameters.insert(f.number);
  os << "\n/* " << bare << ": " << c.text("summary") << " */\n#define " << name << "(" << join(words, ", ")
     << ") \\\n  " << (c.record->getValueAsBit("hasResult") ? "NP_GET(" : "NP_INSN(") << c.number("opcode") << ", "
     << c.number("funct3") << ", " << packed(c, -3, c.number("select")) << ", " << packed(c, -2, 0) << ", "
     << packed(c, -1, 0) << ")\n";
  for (int p : parameters) {
    std::vector<std::string> names;
    for (const Field &f : c.fields)
      if (f.number == p)
        names.push_back(f.name.str());
    os << "#define " << name << "_p" << p << "(" << join(names, ", ") << ") (" << packed(c, p, 0) << ")\n";
  }
  for (const Record *op : c.list("ops"))
    os << "#define NP_" << StringRef(name).drop_front(3).upper() << "_" << op->getValueAsString("name").upper() << " "
       << op->getValueAsInt("number") << "\n";
}

bool writeHeader(const RecordKeeper &records, raw_ostream &os) {
  os << "/* Commands of an AI Core for kernels in C. Generated by ge-tblgen from EngineCommands.td.\n"
     << "   A macro takes the fields of the word, of rs1 and of rs2; those with _pN give the value of a parameter\n"
     << "   register, for np_pset. Fields in funct7 are constants. */\n\n"
     << "#ifndef GE_MLIR_NPU_COMMANDS_H\n#define GE_MLIR_NPU_COMMANDS_H\n\n"
     << "#define NP_BITS(value, lsb, width) \\\n"
     << "  (((unsigned long)(value) & (~0ul >> (64 - (width)))) << (lsb))\n"
     << "#define NP_INSN(opcode, funct3, funct7, rs1, rs2) \\\n"
     << "  __asm__ volatile(\".insn r %0, %1, %2, x0, %3, %4\" \\\n"
     << "                   : : \"i\"(opcode), \"i\"(funct3), \"i\"(funct7), \"r\"(rs1), \"r\"(rs2) : \"memory\")\n"
     << "#define NP_GET(opcode, funct3, funct7, rs1, rs2) \\\n"
     << "  __extension__({ unsigned long np_result; \\\n"
     << "    __asm__ volatile(\".insn r %1, %2, %3, %0, %4, %5\" \\\n"
     << "                     : \"=r\"(np_result) : \"i\"(opcode), \"i\"(funct3), \"i\"(funct7), \"r\"(rs1), "
        "\"r\"(rs2)); \\\n"
     << "    np_result; })\n"
     << "#define NP_ADDRESS(space, offset) ((unsigned long)(space) << 60 | (unsigned long)(offset))\n\n";
  auto constants = [&](StringRef cls, StringRef prefix, StringRef number) {
    for (const Record *r : records.getAllDerivedDefinitions(cls))
      os << "#define NP_" << prefix << r->getValueAsString("name").upper() << " " << r->getValueAsInt(number) << "\n";
  };
  constants("EngineQueue", "QUEUE_", "number");
  constants("EngineSpace", "SPACE_", "tag");
  constants("EngineType", "TYPE_", "number");
  for (const Command &c : readCommands(records))
    writeMacro(c, os);
  os << "\n#endif /* GE_MLIR_NPU_COMMANDS_H */\n";
  return false;
}

void writeCommandDoc(const Command &c, raw_ostream &os) {
  os << "### `" << c.text("mnemonic") << "`\n\n"
     << c.text("summary") << ". Queue " << c.queue() << ", opcode 0x" << utohexstr(c.number("opcode"), true)
     << ", funct3 " << c.number("funct3");
  if (c.number("selectMask"))
    os << ", funct7 & 0x" << utohexstr(c.number("selectMask"), true) << " = 0x" << utohexstr(c.number("select"), true);
  os << ".\n\n";
  SmallVector<StringRef> lines;
  c.text("description").split(lines, '\n');
  for (StringRef line : lines)
    os << line.trim() << "\n";
  if (!c.fields.empty()) {
    os << "\n| field | place | bits | meaning |\n| --- | --- | --- | --- |\n";
    for (const Field &f : c.fields)
      os << "| `" << f.name << "` | " << f.place << " | " << f.lsb + f.width - 1 << ":" << f.lsb << " | " << f.summary
         << " |\n";
  }
  if (!c.list("ops").empty()) {
    os << "\n| `op` | code | types | timing row | meaning |\n| --- | --- | --- | --- | --- |\n";
    for (const Record *op : c.list("ops")) {
      std::string types;
      for (const Record *type : op->getValueAsListOfDefs("types"))
        types += (types.empty() ? "" : " ") + type->getValueAsString("name").str();
      os << "| " << op->getValueAsString("name") << " | " << op->getValueAsInt("number") << " | " << types << " | "
         << op->getValueAsString("timing") << " | " << op->getValueAsString("summary") << " |\n";
    }
  }
  for (const Record *a : c.list("accesses"))
    os << "\n- " << (a->getValueAsBit("isWrite") ? "writes" : "reads") << " `" << a->getValueAsString("range") << "`"
       << (a->getValueAsString("condition").empty() ? "" : " if `" + a->getValueAsString("condition").str() + "`");
  for (const Record *check : c.list("checks"))
    os << "\n- traps unless " << check->getValueAsString("text") << ": `" << check->getValueAsString("condition")
       << "`";
  os << "\n- time: " << c.text("timing") << (c.text("work") == "0" ? "" : "; work `" + c.text("work").str() + "`")
     << "\n\n";
}

bool writeDocs(const RecordKeeper &records, raw_ostream &os) {
  os << "<!-- Generated by ge-tblgen from EngineCommands.td. -->\n\n# Commands of an AI Core\n\n"
     << "Words of the control core, an RV64IMAFD processor with Zba and Zbb, that its engines' queues execute.\n\n";
  auto table = [&](StringRef title, StringRef cls, StringRef number) {
    os << "## " << title << "\n\n| name | number | what it is |\n| --- | --- | --- |\n";
    for (const Record *r : records.getAllDerivedDefinitions(cls))
      os << "| " << r->getValueAsString("name") << " | " << r->getValueAsInt(number) << " | "
         << r->getValueAsString("summary") << " |\n";
    os << "\n";
  };
  table("Queues", "EngineQueue", "number");
  table("Memories", "EngineSpace", "tag");
  os << "## Commands\n\n";
  for (const Command &c : readCommands(records))
    writeCommandDoc(c, os);
  return false;
}

} // namespace

static mlir::GenRegistration decls("gen-engine-decls", "generate the structures of engine commands", writeDecls);
static mlir::GenRegistration defs("gen-engine-defs", "generate the decoder of engine commands", writeDefs);
static mlir::GenRegistration header("gen-engine-header", "generate the C header of engine commands", writeHeader);
static mlir::GenRegistration docs("gen-engine-docs", "generate the reference of engine commands in Markdown",
                                  writeDocs);
