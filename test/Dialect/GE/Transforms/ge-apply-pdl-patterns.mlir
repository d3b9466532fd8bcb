// RUN: split-file %s %t
// RUN: ge-opt %t/input.mlir -ge-apply-pdl-patterns=patterns=%t/double-negation.mlir | FileCheck %s
// RUN: not ge-opt %t/input.mlir -ge-apply-pdl-patterns 2>&1 | FileCheck %s --check-prefix=NOFILE
// RUN: not ge-opt %t/input.mlir -ge-apply-pdl-patterns=patterns=%t/missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
// RUN: not ge-opt %t/input.mlir -ge-apply-pdl-patterns=patterns=%t/none.mlir 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: not ge-opt %t/input.mlir -ge-apply-pdl-patterns=patterns=%t/native.mlir 2>&1 | FileCheck %s --check-prefix=NATIVE
// RUN: not ge-opt %t/input.mlir -ge-apply-pdl-patterns=patterns=%t/endless.mlir 2>&1 | FileCheck %s --check-prefix=ENDLESS

// NOFILE: error: 'patterns' names no file, expected one with pdl.pattern operations
// MISSING: error: could not open input file {{.*}}missing.mlir
// NONE: error: found no pdl.pattern operation in '{{.*}}none.mlir'
// NATIVE: error: 'pdl.apply_native_constraint' op calls a native function, which a file cannot bring along
// ENDLESS: error: the patterns of '{{.*}}endless.mlir' do not come to an end

//--- double-negation.mlir
pdl.pattern @double_negation : benefit(1) {
  %type = pdl.type
  %x = pdl.operand
  %0 = pdl.operation "ge.neg"(%x : !pdl.value) -> (%type : !pdl.type)
  %1 = pdl.result 0 of %0
  %2 = pdl.operation "ge.neg"(%1 : !pdl.value) -> (%type : !pdl.type)
  pdl.rewrite %2 {
    pdl.replace %2 with (%x : !pdl.value)
  }
}

//--- input.mlir
// CHECK-LABEL: func.func @double_negation
// CHECK-NOT:     ge.neg
// CHECK:         ge.relu %arg0
// CHECK-LABEL: func.func @negation
// CHECK:         ge.neg
func.func @double_negation(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = ge.neg %x : tensor<4xf32>
  %1 = ge.neg %0 : tensor<4xf32>
  %2 = ge.relu %1 : tensor<4xf32>
  return %2 : tensor<4xf32>
}

func.func @negation(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = ge.neg %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}

//--- none.mlir
module {
}

//--- native.mlir
pdl.pattern @native : benefit(1) {
  %type = pdl.type
  %x = pdl.operand
  pdl.apply_native_constraint "anything"(%x : !pdl.value)
  %0 = pdl.operation "ge.neg"(%x : !pdl.value) -> (%type : !pdl.type)
  pdl.rewrite %0 {
    pdl.replace %0 with (%x : !pdl.value)
  }
}

//--- endless.mlir
pdl.pattern @endless : benefit(1) {
  %type = pdl.type
  %x = pdl.operand
  %0 = pdl.operation "ge.neg"(%x : !pdl.value) -> (%type : !pdl.type)
  pdl.rewrite %0 {
    %1 = pdl.operation "ge.neg"(%x : !pdl.value) -> (%type : !pdl.type)
    pdl.replace %0 with %1
  }
}
