//===- MemoryFunctions.cpp - copies and fills that LLVM calls -------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ge-mlir/Target/LLVM/Codegen.h"

using namespace gemlir;

/// memcpy goes forward and may be given what overlaps, so memmove calls it where the
/// target lies below the source.
static constexpr llvm::StringLiteral functions = R"(
define hidden ptr @memcpy(ptr returned %to, ptr %from, i64 %n) #0 {
entry:
  %t = ptrtoint ptr %to to i64
  %f = ptrtoint ptr %from to i64
  %both = or i64 %t, %f
  %low = and i64 %both, UNALIGNED
  %aligned = icmp eq i64 %low, 0
  %rounded = and i64 %n, -8
  %words = select i1 %aligned, i64 %rounded, i64 0
  %any = icmp ne i64 %words, 0
  br i1 %any, label %word, label %tail
word:
  %i = phi i64 [ 0, %entry ], [ %i.next, %word ]
  %p = getelementptr i8, ptr %from, i64 %i
  %v = load i64, ptr %p, align ALIGNMENT
  %q = getelementptr i8, ptr %to, i64 %i
  store i64 %v, ptr %q, align ALIGNMENT
  %i.next = add nuw i64 %i, 8
  %more = icmp ult i64 %i.next, %words
  br i1 %more, label %word, label %tail
tail:
  %rest = icmp ult i64 %words, %n
  br i1 %rest, label %byte, label %end
byte:
  %j = phi i64 [ %words, %tail ], [ %j.next, %byte ]
  %p1 = getelementptr i8, ptr %from, i64 %j
  %v1 = load i8, ptr %p1
  %q1 = getelementptr i8, ptr %to, i64 %j
  store i8 %v1, ptr %q1
  %j.next = add nuw i64 %j, 1
  %more1 = icmp ult i64 %j.next, %n
  br i1 %more1, label %byte, label %end
end:
  ret ptr %to
}

define hidden ptr @memmove(ptr returned %to, ptr %from, i64 %n) #0 {
entry:
  %t = ptrtoint ptr %to to i64
  %f = ptrtoint ptr %from to i64
  %distance = sub i64 %t, %f
  %back = icmp ult i64 %distance, %n
  br i1 %back, label %choose, label %up
up:
  %copied = call ptr @memcpy(ptr %to, ptr %from, i64 %n)
  ret ptr %to
choose:
  %any = icmp ne i64 %n, 0
  br i1 %any, label %down, label %end
down:
  %j = phi i64 [ %n, %choose ], [ %j.next, %down ]
  %j.next = add i64 %j, -1
  %p1 = getelementptr i8, ptr %from, i64 %j.next
  %v1 = load i8, ptr %p1
  %q1 = getelementptr i8, ptr %to, i64 %j.next
  store i8 %v1, ptr %q1
  %more1 = icmp ne i64 %j.next, 0
  br i1 %more1, label %down, label %end
end:
  ret ptr %to
}

define hidden ptr @memset(ptr returned writeonly %to, i32 %value, i64 %n) #0 {
entry:
  %byte = trunc i32 %value to i8
  %wide = zext i8 %byte to i64
  %fill = mul i64 %wide, 72340172838076673
  %t = ptrtoint ptr %to to i64
  %low = and i64 %t, UNALIGNED
  %aligned = icmp eq i64 %low, 0
  %rounded = and i64 %n, -8
  %words = select i1 %aligned, i64 %rounded, i64 0
  %any = icmp ne i64 %words, 0
  br i1 %any, label %word, label %tail
word:
  %i = phi i64 [ 0, %entry ], [ %i.next, %word ]
  %q = getelementptr i8, ptr %to, i64 %i
  store i64 %fill, ptr %q, align ALIGNMENT
  %i.next = add nuw i64 %i, 8
  %more = icmp ult i64 %i.next, %words
  br i1 %more, label %word, label %tail
tail:
  %rest = icmp ult i64 %words, %n
  br i1 %rest, label %loop, label %end
loop:
  %j = phi i64 [ %words, %tail ], [ %j.next, %loop ]
  %q1 = getelementptr i8, ptr %to, i64 %j
  store i8 %byte, ptr %q1
  %j.next = add nuw i64 %j, 1
  %more1 = icmp ult i64 %j.next, %n
  br i1 %more1, label %loop, label %end
end:
  ret ptr %to
}

attributes #0 = { nounwind "no-builtins" }
)";

static void replaceAll(std::string &text, llvm::StringRef from, const std::string &to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string target::getMemoryFunctions(unsigned alignment) {
  std::string text = functions.str();
  replaceAll(text, "UNALIGNED", std::to_string(alignment - 1));
  replaceAll(text, "ALIGNMENT", std::to_string(alignment));
  return text;
}
