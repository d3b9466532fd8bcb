//===- LibraryTest.cpp - what the runtime library may consist of
//---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include <cstring>
#include <elf.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace {

class Library {
public:
  Library() {
    std::ifstream file(GEMLIR_RUNTIME_LIBRARY, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  template <typename T>
  std::vector<T> getSection(unsigned type) {
    auto *header = at<Elf64_Ehdr>(0);
    auto *sections = at<Elf64_Shdr>(header->e_shoff);
    for (unsigned i = 0; i < header->e_shnum; ++i) {
      if (sections[i].sh_type != type)
        continue;
      strings = at<char>(sections[sections[i].sh_link].sh_offset);
      auto *begin = at<T>(sections[i].sh_offset);
      return {begin, begin + sections[i].sh_size / sizeof(T)};
    }
    return {};
  }
  template <typename T>
  const T *at(uint64_t offset) {
    return reinterpret_cast<const T *>(bytes.data() + offset);
  }
  std::vector<char> bytes;
  const char *strings = nullptr;
};

TEST(RuntimeLibrary, NeedsTheSystemOnly) {
  Library library;
  ASSERT_GT(library.bytes.size(), sizeof(Elf64_Ehdr));
  unsigned count = 0;
  for (const Elf64_Dyn &entry : library.getSection<Elf64_Dyn>(SHT_DYNAMIC)) {
    if (entry.d_tag != DT_NEEDED)
      continue;
    ++count;
    std::string name = library.strings + entry.d_un.d_val;
    bool isSystem = false;
    for (const char *allowed : {"libstdc++.so.", "libm.so.", "libgcc_s.so.", "libc.so.", "libpthread.so.", "libdl.so.",
                                "ld-linux", "libasan.so.", "libtsan.so."})
      isSystem |= name.compare(0, std::strlen(allowed), allowed) == 0;
    EXPECT_TRUE(isSystem) << name;
  }
  EXPECT_GT(count, 0u);
}

TEST(RuntimeLibrary, HasNoCompilerInside) {
  Library library;
  for (const Elf64_Sym &symbol : library.getSection<Elf64_Sym>(SHT_DYNSYM)) {
    std::string name = library.strings + symbol.st_name;
    for (const char *foreign : {"4llvm", "4mlir", "6google8protobuf"})
      EXPECT_EQ(name.find(foreign), std::string::npos) << name;
  }
}

#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !__has_feature(address_sanitizer) &&            \
    !__has_feature(thread_sanitizer)
TEST(RuntimeLibrary, IsSmall) { EXPECT_LT(Library().bytes.size(), size_t(3) << 20); }
#endif

} // namespace
