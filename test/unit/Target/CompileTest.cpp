//===- CompileTest.cpp - shared objects and errors of compilation ---------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelRunner.h"

#include <thread>

using namespace gemlir;

namespace {

const char *const copyKernel = R"(
  npu.kernel @copy(%x: memref<4096xf32>, %y: memref<4096xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
    memref.copy %x, %y : memref<4096xf32> to memref<4096xf32>
    npu.return
  }
  npu.kernel @twice(%x: memref<4096xf32>, %y: memref<4096xf32>) attributes {num_outputs = 1 : i64, tiles = 1 : i64} {
    linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
        ins(%x : memref<4096xf32>) outs(%y : memref<4096xf32>) {
    ^bb0(%a: f32, %o: f32):
      %r = arith.addf %a, %a : f32
      linalg.yield %r : f32
    }
    npu.return
  })";

TEST(CompileTest, GivesTheSameBytesEachTime) {
  KernelRunner first, second;
  ASSERT_TRUE(first.compile(copyKernel)) << first.errors;
  ASSERT_TRUE(second.compile(copyKernel)) << second.errors;
  EXPECT_EQ(first.elf, second.elf);
}

TEST(CompileTest, ImportsNothing) {
  KernelRunner runner;
  ASSERT_TRUE(runner.compile(copyKernel)) << runner.errors;
  // The copy may have become a call of memcpy, which must be the object's own.
  std::vector<float> x(4096, 3), y(4096), z(4096);
  runner.run("copy", {x.data(), y.data()});
  runner.run("twice", {y.data(), z.data()});
  EXPECT_EQ(x, y);
  EXPECT_EQ(z[4095], 6);
  std::string bytes(runner.elf.begin(), runner.elf.end());
  EXPECT_EQ(bytes.find("/tmp"), std::string::npos);
}

TEST(CompileTest, ReportsAFatalErrorOfCodeGeneration) {
  KernelRunner runner;
  host::CodegenOptions options;
  options.inject = host::Inject::CodegenFatal;
  EXPECT_FALSE(runner.compile(copyKernel, options));
  EXPECT_NE(runner.errors.find("code generation of kernel 'copy' failed: injected fatal error"), std::string::npos)
      << runner.errors;
  // The process goes on as if nothing had been.
  KernelRunner again;
  EXPECT_TRUE(again.compile(copyKernel)) << again.errors;
}

TEST(CompileTest, ReportsACrashOfCodeGeneration) {
  KernelRunner runner;
  host::CodegenOptions options;
  options.inject = host::Inject::CodegenCrash;
  EXPECT_FALSE(runner.compile(copyKernel, options));
  EXPECT_NE(runner.errors.find("code generation of kernel 'twice' failed: crashed"), std::string::npos)
      << runner.errors;
  KernelRunner again;
  EXPECT_TRUE(again.compile(copyKernel)) << again.errors;
}

TEST(CompileTest, ReportsWhatTheLinkerMisses) {
  KernelRunner runner;
  host::CodegenOptions options;
  options.inject = host::Inject::LinkFailure;
  EXPECT_FALSE(runner.compile(copyKernel, options));
  EXPECT_NE(runner.errors.find("undefined symbol: injected_undefined_symbol"), std::string::npos) << runner.errors;
  KernelRunner again;
  EXPECT_TRUE(again.compile(copyKernel)) << again.errors;
}

TEST(CompileTest, CompilesInSeveralThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([] {
      KernelRunner runner;
      EXPECT_TRUE(runner.compile(copyKernel)) << runner.errors;
    });
  for (std::thread &thread : threads)
    thread.join();
}

TEST(CompileTest, EmitsForOtherProcessors) {
  for (const char *name : {"x86-64-v3", "x86-64-v4", "aarch64"}) {
    KernelRunner runner;
    std::string error, text;
    ASSERT_TRUE(device::lookup(name, runner.description, error)) << error;
    auto module = mlir::parseSourceString<mlir::ModuleOp>(copyKernel, &runner.context);
    llvm::raw_string_ostream os(text);
    ASSERT_TRUE(mlir::succeeded(host::emitAssembly(*module, runner.description, {}, os)));
    EXPECT_NE(text.find("twice"), std::string::npos);
    llvm::SmallVector<char> elf;
    EXPECT_TRUE(mlir::succeeded(host::compileKernels(*module, runner.description, {}, elf)));
    EXPECT_GT(elf.size(), 64u);
  }
}

TEST(CompileTest, ParsesInjections) {
  host::Inject inject;
  EXPECT_TRUE(host::parseInject("link", inject));
  EXPECT_EQ(inject, host::Inject::LinkFailure);
  EXPECT_TRUE(host::parseInject("", inject));
  EXPECT_EQ(inject, host::Inject::None);
  EXPECT_FALSE(host::parseInject("other", inject));
}

} // namespace
