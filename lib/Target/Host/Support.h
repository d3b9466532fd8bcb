//===- Support.h - what kernels of the host may call -----------*- C++ -*-===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef GEMLIR_LIB_TARGET_HOST_SUPPORT_H
#define GEMLIR_LIB_TARGET_HOST_SUPPORT_H

namespace gemlir {
namespace host {

/// Loops over words where LLVM asks for copies and fills of run-time size; small
/// ones of known size it expands itself.
static const char *const supportText = R"(
define hidden ptr @memcpy(ptr returned noalias writeonly %to, ptr noalias readonly %from, i64 %n) #0 {
entry:
  %words = and i64 %n, -8
  %any = icmp ne i64 %words, 0
  br i1 %any, label %word, label %tail
word:
  %i = phi i64 [ 0, %entry ], [ %i.next, %word ]
  %p = getelementptr i8, ptr %from, i64 %i
  %v = load i64, ptr %p, align 1
  %q = getelementptr i8, ptr %to, i64 %i
  store i64 %v, ptr %q, align 1
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
  %any = icmp ne i64 %n, 0
  br i1 %any, label %choose, label %end
choose:
  br i1 %back, label %down, label %up
up:
  %i = phi i64 [ 0, %choose ], [ %i.next, %up ]
  %p = getelementptr i8, ptr %from, i64 %i
  %v = load i8, ptr %p
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %v, ptr %q
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %up, label %end
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
  %any = icmp ne i64 %n, 0
  br i1 %any, label %loop, label %end
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %q = getelementptr i8, ptr %to, i64 %i
  store i8 %byte, ptr %q
  %i.next = add nuw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %loop, label %end
end:
  ret ptr %to
}

attributes #0 = { nounwind "no-builtins" }
)";

} // namespace host
} // namespace gemlir

#endif // GEMLIR_LIB_TARGET_HOST_SUPPORT_H
