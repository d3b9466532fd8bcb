// RUN: ge-eval --all %s | FileCheck %s

// CHECK-LABEL: @branches
// CHECK-NEXT: dense<-3> : tensor<i32>
// CHECK-NEXT: dense<4> : tensor<i32>
func.func @branches() -> (tensor<i32>, tensor<i32>) {
  %c = ge.const dense<true> : tensor<i1>
  %i = ge.const dense<5> : tensor<i32>
  %x = ge.const dense<3> : tensor<i32>
  %0 = ge.if %c(%x) : (tensor<i1>, tensor<i32>) -> tensor<i32> then {
  ^bb0(%a: tensor<i32>):
    %n = ge.neg %a : tensor<i32>
    ge.yield %n : tensor<i32>
  } else {
  ^bb0(%a: tensor<i32>):
    ge.yield %a : tensor<i32>
  }
  %1 = ge.case %i(%x) : (tensor<i32>, tensor<i32>) -> tensor<i32> branches {
  ^bb0(%a: tensor<i32>):
    ge.yield %a : tensor<i32>
  }, {
  ^bb0(%a: tensor<i32>):
    %one = ge.const dense<1> : tensor<i32>
    %n = ge.add %a, %one : tensor<i32>
    ge.yield %n : tensor<i32>
  }
  return %0, %1 : tensor<i32>, tensor<i32>
}

// 3 doubled while below 20.
// CHECK-LABEL: @loop
// CHECK-NEXT: dense<24> : tensor<i32>
func.func @loop() -> tensor<i32> {
  %x = ge.const dense<3> : tensor<i32>
  %0 = ge.while(%x) : (tensor<i32>) -> tensor<i32> cond {
  ^bb0(%a: tensor<i32>):
    %limit = ge.const dense<20> : tensor<i32>
    %c = ge.less %a, %limit : (tensor<i32>, tensor<i32>) -> tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%a: tensor<i32>):
    %n = ge.add %a, %a : tensor<i32>
    ge.yield %n : tensor<i32>
  }
  return %0 : tensor<i32>
}
