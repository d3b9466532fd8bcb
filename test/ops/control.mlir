// Branches, loops and variables agree with their definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

func.func @main(%c: tensor<i1> {test.values = dense<true> : tensor<i1>}, %d: tensor<i32> {test.values = dense<0> : tensor<i32>}, %f: tensor<1xf32> {test.values = dense<0.5> : tensor<1xf32>}, %x: tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>) {
  %0 = ge.if %c(%x) : (tensor<i1>, tensor<40x3xf32>) -> tensor<40x3xf32> then {
  ^bb0(%a: tensor<40x3xf32>):
    %n = ge.neg %a : tensor<40x3xf32>
    ge.yield %n : tensor<40x3xf32>
  } else {
  ^bb0(%a: tensor<40x3xf32>):
    ge.yield %a : tensor<40x3xf32>
  }
  %1 = ge.if %d(%x) : (tensor<i32>, tensor<40x3xf32>) -> tensor<40x3xf32> then {
  ^bb0(%a: tensor<40x3xf32>):
    %n = ge.neg %a : tensor<40x3xf32>
    ge.yield %n : tensor<40x3xf32>
  } else {
  ^bb0(%a: tensor<40x3xf32>):
    ge.yield %a : tensor<40x3xf32>
  }
  %2 = ge.if %f(%0, %1) : (tensor<1xf32>, tensor<40x3xf32>, tensor<40x3xf32>) -> tensor<40x3xf32> then {
  ^bb0(%a: tensor<40x3xf32>, %b: tensor<40x3xf32>):
    %n = ge.sub %a, %b : (tensor<40x3xf32>, tensor<40x3xf32>) -> tensor<40x3xf32>
    %m = ge.exp %n : tensor<40x3xf32>
    ge.yield %m : tensor<40x3xf32>
  } else {
  ^bb0(%a: tensor<40x3xf32>, %b: tensor<40x3xf32>):
    %z = ge.const dense<0.0> : tensor<40x3xf32>
    ge.yield %z : tensor<40x3xf32>
  }
  return %0, %1, %2 : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>
}

// -----
func.func @main(%i: tensor<i32> {test.values = dense<1> : tensor<i32>}, %j: tensor<i32> {test.values = dense<-7> : tensor<i32>}, %x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) {
  %0 = ge.case %i(%x) : (tensor<i32>, tensor<8xf32>) -> tensor<8xf32> branches {
  ^bb0(%a: tensor<8xf32>):
    ge.yield %a : tensor<8xf32>
  }, {
  ^bb0(%a: tensor<8xf32>):
    %n = ge.neg %a : tensor<8xf32>
    ge.yield %n : tensor<8xf32>
  }, {
  ^bb0(%a: tensor<8xf32>):
    %n = ge.exp %a : tensor<8xf32>
    ge.yield %n : tensor<8xf32>
  }
  %1 = ge.case %j(%x) : (tensor<i32>, tensor<8xf32>) -> tensor<8xf32> branches {
  ^bb0(%a: tensor<8xf32>):
    ge.yield %a : tensor<8xf32>
  }, {
  ^bb0(%a: tensor<8xf32>):
    %n = ge.neg %a : tensor<8xf32>
    ge.yield %n : tensor<8xf32>
  }, {
  ^bb0(%a: tensor<8xf32>):
    %n = ge.exp %a : tensor<8xf32>
    ge.yield %n : tensor<8xf32>
  }
  return %0, %1 : tensor<8xf32>, tensor<8xf32>
}

// -----
// Two values that change places in every step, one that stays, one that is replaced after its last use.
func.func @main(%n: tensor<i64> {test.values = dense<5> : tensor<i64>}, %x: tensor<6xf32>, %y: tensor<6xf32>, %z: tensor<6xf32>) -> (tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<i64>) {
  %zero = ge.const dense<0> : tensor<i64>
  %r:6 = ge.while(%zero, %n, %x, %y, %z, %x) : (tensor<i64>, tensor<i64>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) -> (tensor<i64>, tensor<i64>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>) cond {
  ^bb0(%i: tensor<i64>, %end: tensor<i64>, %a: tensor<6xf32>, %b: tensor<6xf32>, %s: tensor<6xf32>, %t: tensor<6xf32>):
    %c = ge.less %i, %end : (tensor<i64>, tensor<i64>) -> tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%i: tensor<i64>, %end: tensor<i64>, %a: tensor<6xf32>, %b: tensor<6xf32>, %s: tensor<6xf32>, %t: tensor<6xf32>):
    %one = ge.const dense<1> : tensor<i64>
    %f = ge.cast %i {dst_type = f32} : (tensor<i64>) -> tensor<f32>
    %u = ge.add %t, %s : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
    %v = ge.mul %u, %f : (tensor<6xf32>, tensor<f32>) -> tensor<6xf32>
    %next = ge.add %one, %i : (tensor<i64>, tensor<i64>) -> tensor<i64>
    ge.yield %next, %end, %b, %a, %s, %v : tensor<i64>, tensor<i64>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<6xf32>
  }
  return %r#2, %r#3, %r#5, %r#0 : tensor<6xf32>, tensor<6xf32>, tensor<6xf32>, tensor<i64>
}

// -----
// A recurrence over the rows of a tensor, backwards, and what it collects.
func.func @main(%xs: tensor<7x2xf32>, %s: tensor<2xf32>, %w: tensor<2x2xf32>) -> (tensor<2xf32>, tensor<7x2xf32>) {
  %zero = ge.const dense<0> : tensor<i64>
  %ys = ge.const dense<0.0> : tensor<7x2xf32>
  %r:5 = ge.while(%zero, %xs, %s, %ys, %w) : (tensor<i64>, tensor<7x2xf32>, tensor<2xf32>, tensor<7x2xf32>, tensor<2x2xf32>) -> (tensor<i64>, tensor<7x2xf32>, tensor<2xf32>, tensor<7x2xf32>, tensor<2x2xf32>) cond {
  ^bb0(%i: tensor<i64>, %x: tensor<7x2xf32>, %a: tensor<2xf32>, %y: tensor<7x2xf32>, %v: tensor<2x2xf32>):
    %n = ge.const dense<7> : tensor<i64>
    %c = ge.less %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%i: tensor<i64>, %x: tensor<7x2xf32>, %a: tensor<2xf32>, %y: tensor<7x2xf32>, %v: tensor<2x2xf32>):
    %one = ge.const dense<1> : tensor<i64>
    %six = ge.const dense<6> : tensor<i64>
    %axis = ge.const dense<0> : tensor<i64>
    %shape = ge.const dense<1> : tensor<1xi64>
    %matrix = ge.const dense<[1, 2]> : tensor<2xi64>
    %vector = ge.const dense<2> : tensor<1xi64>
    %k = ge.sub %six, %i : (tensor<i64>, tensor<i64>) -> tensor<i64>
    %row = ge.gather_v2 %x, %k, %axis : (tensor<7x2xf32>, tensor<i64>, tensor<i64>) -> tensor<2xf32>
    %a2 = ge.reshape %a, %matrix : (tensor<2xf32>, tensor<2xi64>) -> tensor<1x2xf32>
    %p = ge.mat_mul_v2 %a2, %v : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
    %q = ge.reshape %p, %vector : (tensor<1x2xf32>, tensor<1xi64>) -> tensor<2xf32>
    %sum = ge.add %q, %row : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %next_a = ge.tanh %sum : tensor<2xf32>
    %at = ge.reshape %k, %shape : (tensor<i64>, tensor<1xi64>) -> tensor<1xi64>
    %all = ge.tensor_scatter_update %y, %at, %next_a : (tensor<7x2xf32>, tensor<1xi64>, tensor<2xf32>) -> tensor<7x2xf32>
    %next = ge.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
    ge.yield %next, %x, %next_a, %all, %v : tensor<i64>, tensor<7x2xf32>, tensor<2xf32>, tensor<7x2xf32>, tensor<2x2xf32>
  }
  return %r#2, %r#3 : tensor<2xf32>, tensor<7x2xf32>
}

// -----
// A condition on data, and a decision in each step.
func.func @main(%x: tensor<2x3xf32> {test.low = 0.1 : f64, test.high = 0.2 : f64}) -> (tensor<2x3xf32>, tensor<i32>) {
  %zero = ge.const dense<0> : tensor<i32>
  %r:2 = ge.while(%x, %zero) : (tensor<2x3xf32>, tensor<i32>) -> (tensor<2x3xf32>, tensor<i32>) cond {
  ^bb0(%a: tensor<2x3xf32>, %k: tensor<i32>):
    %axes = ge.const dense<[0, 1]> : tensor<2xi64>
    %limit = ge.const dense<50.0> : tensor<f32>
    %sum = ge.reduce_sum %a, %axes : (tensor<2x3xf32>, tensor<2xi64>) -> tensor<f32>
    %c = ge.less %sum, %limit : (tensor<f32>, tensor<f32>) -> tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%a: tensor<2x3xf32>, %k: tensor<i32>):
    %one = ge.const dense<1> : tensor<i32>
    %two = ge.const dense<2> : tensor<i32>
    %odd = ge.mod %k, %two : (tensor<i32>, tensor<i32>) -> tensor<i32>
    %b = ge.if %odd(%a) : (tensor<i32>, tensor<2x3xf32>) -> tensor<2x3xf32> then {
    ^bb0(%v: tensor<2x3xf32>):
      %d = ge.add %v, %v : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      ge.yield %d : tensor<2x3xf32>
    } else {
    ^bb0(%v: tensor<2x3xf32>):
      %h = ge.const dense<0.5> : tensor<f32>
      %d = ge.add %v, %h : (tensor<2x3xf32>, tensor<f32>) -> tensor<2x3xf32>
      ge.yield %d : tensor<2x3xf32>
    }
    %next = ge.add %k, %one : (tensor<i32>, tensor<i32>) -> tensor<i32>
    ge.yield %b, %next : tensor<2x3xf32>, tensor<i32>
  }
  return %r#0, %r#1 : tensor<2x3xf32>, tensor<i32>
}

// -----
// A loop in a loop; the inner one counts as far as the outer one is.
func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = ge.const dense<0> : tensor<i64>
  %r:2 = ge.while(%zero, %x) : (tensor<i64>, tensor<4xf32>) -> (tensor<i64>, tensor<4xf32>) cond {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>):
    %n = ge.const dense<6> : tensor<i64>
    %c = ge.less %i, %n : (tensor<i64>, tensor<i64>) -> tensor<i1>
    ge.yield %c : tensor<i1>
  } body {
  ^bb0(%i: tensor<i64>, %a: tensor<4xf32>):
    %one = ge.const dense<1> : tensor<i64>
    %start = ge.const dense<0> : tensor<i64>
    %s:3 = ge.while(%start, %i, %a) : (tensor<i64>, tensor<i64>, tensor<4xf32>) -> (tensor<i64>, tensor<i64>, tensor<4xf32>) cond {
    ^bb0(%j: tensor<i64>, %end: tensor<i64>, %b: tensor<4xf32>):
      %c = ge.less %j, %end : (tensor<i64>, tensor<i64>) -> tensor<i1>
      ge.yield %c : tensor<i1>
    } body {
    ^bb0(%j: tensor<i64>, %end: tensor<i64>, %b: tensor<4xf32>):
      %step = ge.const dense<1> : tensor<i64>
      %h = ge.const dense<0.75> : tensor<f32>
      %g = ge.cast %j {dst_type = f32} : (tensor<i64>) -> tensor<f32>
      %m = ge.mul %b, %h : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
      %d = ge.add %m, %g : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
      %next = ge.add %j, %step : (tensor<i64>, tensor<i64>) -> tensor<i64>
      ge.yield %next, %end, %d : tensor<i64>, tensor<i64>, tensor<4xf32>
    }
    %next = ge.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
    ge.yield %next, %s#2 : tensor<i64>, tensor<4xf32>
  }
  return %r#1 : tensor<4xf32>
}

// -----
// Variables keep what was assigned; a read before an assignment keeps what it saw.
ge.variable @sum : tensor<3xf32> = dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
ge.variable @rows : tensor<4x3xf32>
func.func @main(%x: tensor<3xf32>) -> (tensor<3xf32>, tensor<3xf32>, tensor<4x3xf32>) attributes {test.runs = 4 : i64} {
  %old = ge.read_variable @sum : tensor<3xf32>
  %new = ge.add %old, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  ge.assign %new, @sum : tensor<3xf32>
  %after = ge.read_variable @sum : tensor<3xf32>
  %rows = ge.read_variable @rows : tensor<4x3xf32>
  %at = ge.const dense<2> : tensor<1xi64>
  %all = ge.tensor_scatter_update %rows, %at, %after : (tensor<4x3xf32>, tensor<1xi64>, tensor<3xf32>) -> tensor<4x3xf32>
  ge.assign %all, @rows : tensor<4x3xf32>
  return %old, %after, %all : tensor<3xf32>, tensor<3xf32>, tensor<4x3xf32>
}

// -----
// As many elements as are positive go through a branch and a loop.
func.func @main(%x: tensor<30xf32>, %c: tensor<i1> {test.values = dense<true> : tensor<i1>}, %n: tensor<i64> {test.values = dense<3> : tensor<i64>}) -> (tensor<?xf32>, tensor<?xf32>) {
  %zero = ge.const dense<0> : tensor<i64>
  %low = ge.const dense<0.0> : tensor<f32>
  %m = ge.greater %x, %low : (tensor<30xf32>, tensor<f32>) -> tensor<30xi1>
  %p = ge.non_zero %m : (tensor<30xi1>) -> tensor<1x?xi64>
  %q = ge.squeeze %p {axis = array<i64: 0>} : (tensor<1x?xi64>) -> tensor<?xi64>
  %y = ge.gather_v2 %x, %q, %zero : (tensor<30xf32>, tensor<?xi64>, tensor<i64>) -> tensor<?xf32>
  %b = ge.if %c(%y) : (tensor<i1>, tensor<?xf32>) -> tensor<?xf32> then {
  ^bb0(%a: tensor<?xf32>):
    %e = ge.exp %a : tensor<?xf32>
    %f = ge.add %e, %a : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    ge.yield %f : tensor<?xf32>
  } else {
  ^bb0(%a: tensor<?xf32>):
    ge.yield %a : tensor<?xf32>
  }
  %r:4 = ge.while(%zero, %n, %b, %y) : (tensor<i64>, tensor<i64>, tensor<?xf32>, tensor<?xf32>) -> (tensor<i64>, tensor<i64>, tensor<?xf32>, tensor<?xf32>) cond {
  ^bb0(%i: tensor<i64>, %e: tensor<i64>, %a: tensor<?xf32>, %k: tensor<?xf32>):
    %g = ge.less %i, %e : (tensor<i64>, tensor<i64>) -> tensor<i1>
    ge.yield %g : tensor<i1>
  } body {
  ^bb0(%i: tensor<i64>, %e: tensor<i64>, %a: tensor<?xf32>, %k: tensor<?xf32>):
    %one = ge.const dense<1> : tensor<i64>
    %j = ge.add %i, %one : (tensor<i64>, tensor<i64>) -> tensor<i64>
    %h = ge.const dense<0.5> : tensor<f32>
    %s = ge.mul %a, %h : (tensor<?xf32>, tensor<f32>) -> tensor<?xf32>
    %t = ge.add %s, %k : (tensor<?xf32>, tensor<?xf32>) -> tensor<?xf32>
    ge.yield %j, %e, %t, %k : tensor<i64>, tensor<i64>, tensor<?xf32>, tensor<?xf32>
  }
  return %b, %r#2 : tensor<?xf32>, tensor<?xf32>
}
