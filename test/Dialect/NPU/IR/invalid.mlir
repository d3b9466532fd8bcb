// RUN: ge-opt %s -split-input-file -verify-diagnostics

// KernelOp C1: arguments are whole buffers, then scalars.
// expected-error@+1 {{'npu.kernel' op expects argument 0 to be a memref of identity layout, or a trailing i64, but got 'memref<4xf32, strided<[2]>>'}}
npu.kernel @layout(%x: memref<4xf32, strided<[2]>>) {
  npu.return
}

// -----

// KernelOp C4: each dynamic dimension is a scalar.
// expected-error@+1 {{'npu.kernel' op expects 'npu.sizes' of argument 0 to name 1 scalars, but got 0}}
npu.kernel @unsized(%x: memref<?xf32>) {
  npu.return
}

// -----

// KernelOp C4: the scalar exists.
// expected-error@+1 {{'npu.kernel' op expects 'npu.sizes' of argument 0 to name scalars below 1, but got 1}}
npu.kernel @beyond(%x: memref<?xf32> {npu.sizes = array<i64: 1>}, %n: i64) {
  npu.return
}

// -----

// KernelOp C3: the number of tiles is given once.
// expected-error@+1 {{'npu.kernel' op expects 'tiles' to be -1 beside 'tile_count', but got 4}}
npu.kernel @twice(%n: i64) attributes {tiles = 4 : i64, num_outputs = 0 : i64, tile_count = affine_map<()[s0] -> (s0)>} {
  npu.return
}

// -----

// KernelOp C2: there are at least as many buffers as outputs.
// expected-error@+1 {{'npu.kernel' op expects 'num_outputs' to be at most the number of buffers, 1, but got 2}}
npu.kernel @outputs(%x: memref<8xf32>) attributes {num_outputs = 2 : i64} {
  npu.return
}

// -----

// KernelOp C3: a kernel has a tile.
// expected-error@+1 {{'npu.kernel' op expects 'tiles' to be positive, but got 0}}
npu.kernel @tiles(%x: memref<8xf32>) attributes {tiles = 0 : i64} {
  npu.return
}

// -----

// MoveOp C1: movement keeps shape and type.
func.func @move(%a: memref<8xf32>, %b: memref<4xf32>) {
  // expected-error@+1 {{'npu.move' op expects equal shapes and element types, but got 'memref<8xf32>' and 'memref<4xf32>'}}
  npu.move %a to %b : memref<8xf32>, memref<4xf32>
  return
}

// -----

// MmadOp C1: the operands share K.
func.func @k(%a: tensor<8x64xf32>, %b: tensor<1x32x16xf32>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects equal K of 'lhs' and 'rhs', but got 64 and 32}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x32x16xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x16xf32>
  return
}

// -----

// MmadOp C2: the panels cover all columns.
func.func @n(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %c: tensor<8x17xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects 'rhs' to have panels for 17 columns, but got 16}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) outs(%c : tensor<8x17xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x17xf32>
  return
}

// -----

// MmadOp C3: the operands share M.
func.func @m(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %c: tensor<9x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects equal M of 'lhs' and 'init', but got 8 and 9}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) outs(%c : tensor<9x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<9x16xf32>
  return
}

// -----

// MmadOp C4: an epilogue operand has one of three shapes.
func.func @epilogue(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %e: tensor<8xf32>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects epilogue operand 0 to hold one value per element, per column (16) or in all, but got 'tensor<8xf32>'}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) epilogue(%e : tensor<8xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32, %x: f32):
    npu.yield %acc : f32
  } -> tensor<8x16xf32>
  return
}

// -----

// MmadOp C5: the region has an argument for each epilogue operand.
func.func @region(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects the region to have 1 arguments, but got 2}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32, %x: f32):
    npu.yield %acc : f32
  } -> tensor<8x16xf32>
  return
}

// -----

// Im2ColOp C1: one row for each output position.
func.func @rows(%x: tensor<1x3x8x8xf32>) {
  // expected-error@+1 {{'npu.im2col' op expects 36 rows, but got 64}}
  %a = npu.im2col %x {channels = 3 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 6, 6>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : tensor<1x3x8x8xf32> -> !npu.matrix<64x27xf32>
  return
}

// -----

// Im2ColOp C2: one column for each tap of each channel.
func.func @columns(%x: tensor<1x3x8x8xf32>) {
  // expected-error@+1 {{'npu.im2col' op expects 27 columns, but got 9}}
  %a = npu.im2col %x {channels = 3 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 6, 6>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : tensor<1x3x8x8xf32> -> !npu.matrix<36x9xf32>
  return
}

// -----

// DepthwiseOp C2: the output's size follows from the image's.
func.func @depthwise(%x: tensor<1x1x8x8x16xf32>, %w: tensor<1x3x3x16xf32>, %y: tensor<1x1x8x8x16xf32>) {
  // expected-error@+1 {{'npu.depthwise' op expects dimension 2 of 'init' to be 6, but got 8}}
  npu.depthwise ins(%x, %w : tensor<1x1x8x8x16xf32>, tensor<1x3x3x16xf32>) outs(%y : tensor<1x1x8x8x16xf32>) attributes {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<1x1x8x8x16xf32>
  return
}

// -----

// PackPanelsOp: a filter has four dimensions.
func.func @pack(%w: tensor<64x32xf32>) {
  // expected-error@+2 {{'npu.pack_panels' op failed to infer returned types}}
  // expected-error@+1 {{'npu.pack_panels' op expects a static tensor of rank 4, but got 'tensor<64x32xf32>'}}
  %p = npu.pack_panels %w conv_nchw {n0 = 16 : i64} : tensor<64x32xf32> -> tensor<2x64x16xf32>
  return
}

// -----

// LaunchOp C1: the callee exists.
npu.program @main(%x: memref<8xf32>) {
  // expected-error@+1 {{'npu.launch' op expects 'k' to name an npu.kernel}}
  npu.launch @k(%x) : (memref<8xf32>) -> ()
  npu.return
}

// -----

// LaunchOp C2: operands are the kernel's arguments.
npu.kernel @k(%x: memref<8xf32>) {
  npu.return
}
npu.program @main(%x: memref<4xf32>) {
  // expected-error@+1 {{'npu.launch' op expects argument 0 to be 'memref<8xf32>', but got 'memref<4xf32>'}}
  npu.launch @k(%x) : (memref<4xf32>) -> ()
  npu.return
}

// -----

// CopyOp C1: buffers of a copy are equally large.
npu.program @main(%x: memref<8xf32>, %y: memref<4xf32>) {
  // expected-error@+1 {{'npu.copy' op expects buffers of equal size, but got 'memref<8xf32>' and 'memref<4xf32>'}}
  npu.copy %x to %y : memref<8xf32>, memref<4xf32>
  npu.return
}

// -----

func.func @attention_dimensions(%q: tensor<4x7x8xf32>, %o: tensor<4x7x8xf32>) {
  // expected-error@+1 {{'npu.attention' op expects operands of four dimensions, of f32, f16 or bf16 elements alike, and a mask of f32, but got 'tensor<4x7x8xf32>'}}
  npu.attention ins(%q, %q, %q : tensor<4x7x8xf32>, tensor<4x7x8xf32>, tensor<4x7x8xf32>) outs(%o : tensor<4x7x8xf32>) {scale = 1.0 : f32}
  return
}

// -----

func.func @attention_heads(%q: tensor<1x4x7x8xf32>, %k: tensor<1x3x9x8xf32>, %o: tensor<1x4x7x8xf32>) {
  // expected-error@+1 {{'npu.attention' op expects equal batches, and a multiple of the heads of 'key' and 'value' in 'query'}}
  npu.attention ins(%q, %k, %k : tensor<1x4x7x8xf32>, tensor<1x3x9x8xf32>, tensor<1x3x9x8xf32>) outs(%o : tensor<1x4x7x8xf32>) {scale = 1.0 : f32}
  return
}

// -----

func.func @attention_open_heads(%q: tensor<1x?x7x8xf32>, %o: tensor<1x?x7x8xf32>) {
  // expected-error@+1 {{'npu.attention' op expects the numbers of heads and of their columns to be known, but got 'tensor<1x?x7x8xf32>'}}
  npu.attention ins(%q, %q, %q : tensor<1x?x7x8xf32>, tensor<1x?x7x8xf32>, tensor<1x?x7x8xf32>) outs(%o : tensor<1x?x7x8xf32>) {scale = 1.0 : f32}
  return
}

// -----

func.func @attention_columns(%q: tensor<1x4x7x8xf32>, %k: tensor<1x4x9x6xf32>, %o: tensor<1x4x7x6xf32>) {
  // expected-error@+1 {{'npu.attention' op expects 'key' to have the columns of 'query' and the rows of 'value'}}
  npu.attention ins(%q, %k, %k : tensor<1x4x7x8xf32>, tensor<1x4x9x6xf32>, tensor<1x4x9x6xf32>) outs(%o : tensor<1x4x7x6xf32>) {scale = 1.0 : f32}
  return
}

// -----

func.func @attention_result(%q: tensor<1x4x7x8xf32>, %k: tensor<1x4x9x8xf32>, %o: tensor<1x4x9x8xf32>) {
  // expected-error@+1 {{'npu.attention' op expects 'init' to have the rows of 'query' and the columns of 'value', but got 'tensor<1x4x9x8xf32>'}}
  npu.attention ins(%q, %k, %k : tensor<1x4x7x8xf32>, tensor<1x4x9x8xf32>, tensor<1x4x9x8xf32>) outs(%o : tensor<1x4x9x8xf32>) {scale = 1.0 : f32}
  return
}

// -----

func.func @attention_mask(%q: tensor<1x4x7x8xf32>, %k: tensor<1x4x9x8xf32>, %m: tensor<1x1x7x9xf32>, %o: tensor<1x4x7x8xf32>) {
  // expected-error@+1 {{'npu.attention' op expects 'mask' to be [B, N, S, M] or 1 in place of a size, but got 'tensor<1x1x7x9xf32>'}}
  npu.attention ins(%q, %k, %k : tensor<1x4x7x8xf32>, tensor<1x4x9x8xf32>, tensor<1x4x9x8xf32>) mask(%m : tensor<1x1x7x9xf32>) outs(%o : tensor<1x4x7x8xf32>) {scale = 1.0 : f32}
  return
}

// -----

// IfOp C1: both branches give the results.
func.func @branches(%c: i1, %x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{'npu.if' op expects region 1 to end in npu.next with the types of the results}}
  %0 = npu.if %c -> (tensor<8xf32>) {
    npu.next %x : tensor<8xf32>
  } else {
    npu.next
  }
  return %0 : tensor<8xf32>
}

// -----

// IfOp C2: there is a size for each dynamic dimension.
func.func @branch_sizes(%c: i1, %n: index, %x: tensor<?x?xf32>) -> tensor<?x?xf32> {
  // expected-error@+1 {{'npu.if' op expects 2 sizes, but got 1}}
  %0 = npu.if %c sizes(%n) -> (tensor<?x?xf32>) {
    npu.next %x : tensor<?x?xf32>
  } else {
    npu.next %x : tensor<?x?xf32>
  }
  return %0 : tensor<?x?xf32>
}

// -----

// ForOp C1: the body gets the counter first.
func.func @counter(%n: index, %x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{'npu.for' op expects a body with an index and the types of the initial values as arguments}}
  %0 = npu.for %n init(%x : tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  }
  return %0 : tensor<8xf32>
}

// -----

// ForOp C2: results are what the loop passes on.
func.func @passed(%n: index, %x: tensor<8xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'npu.for' op expects results of the types of the initial values}}
  %0 = npu.for %n init(%x : tensor<8xf32>) -> tensor<4xf32> {
  ^bb0(%i: index, %a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// WhileOp C1: both regions see the loop's values.
func.func @seen(%c: i1, %x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{'npu.while' op expects region 0 to have the types of the initial values as arguments}}
  %0 = npu.while init(%x : tensor<8xf32>) -> tensor<8xf32> {
    npu.condition %c
  } do {
  ^bb0(%a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  }
  return %0 : tensor<8xf32>
}

// -----

// WhileOp C2: results are what the loop passes on.
func.func @while_results(%c: i1, %x: tensor<8xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'npu.while' op expects results of the types of the initial values}}
  %0 = npu.while init(%x : tensor<8xf32>) -> tensor<4xf32> {
  ^bb0(%a: tensor<8xf32>):
    npu.condition %c
  } do {
  ^bb0(%a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// WhileOp C3: the first region decides.
func.func @while_condition(%c: i1, %x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{'npu.while' op expects region 0 to end in npu.condition}}
  %0 = npu.while init(%x : tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  } do {
  ^bb0(%a: tensor<8xf32>):
    npu.next %a : tensor<8xf32>
  }
  return %0 : tensor<8xf32>
}

// -----

// KernelOp C3: the number of tiles is a function of the scalars.
// expected-error@+1 {{'npu.kernel' op expects 'tile_count' to have one result and 1 symbols}}
npu.kernel @count(%n: i64) attributes {tiles = -1 : i64, num_outputs = 0 : i64, tile_count = affine_map<()[s0, s1] -> (s0 + s1)>} {
  npu.return
}

// -----

// MmadOp C2: columns come in panels.
func.func @panels(%a: tensor<8x64xf32>, %b: tensor<64x16xf32>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects 'rhs' to hold panels [N1, K, n0], but got 'tensor<64x16xf32>'}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<64x16xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x16xf32>
  return
}

// -----

// MmadOp C3: a result is a matrix or stored by channels.
func.func @storage(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %c: tensor<1x8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects 'init' to be [M, N] or NC1HWC0 storage, but got 'tensor<1x8x16xf32>'}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) outs(%c : tensor<1x8x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<1x8x16xf32>
  return
}

// -----

// MmadOp C5: an argument of the region has its operand's element type.
func.func @region_type(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %e: tensor<16xf32>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects argument 1 of the region to be 'f32', but got 'f16'}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) epilogue(%e : tensor<16xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32, %x: f16):
    npu.yield %acc : f32
  } -> tensor<8x16xf32>
  return
}

// -----

// MmadOp C5: the region gives an element of the result.
func.func @region_yield(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %e: tensor<16xf16>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects the region to yield 'f32'}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) epilogue(%e : tensor<16xf16>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32, %x: f16):
    npu.yield %x : f16
  } -> tensor<8x16xf32>
  return
}

// -----

// MmadOp: the result is what 'init' becomes.
func.func @result(%a: tensor<8x64xf32>, %b: tensor<1x64x16xf32>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects the result to have the type of 'init', 'tensor<8x16xf32>', but got 'tensor<8x17xf32>'}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<1x64x16xf32>) outs(%c : tensor<8x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x17xf32>
  return
}

// -----

// Im2ColOp: an image has four or five dimensions.
func.func @image(%x: tensor<3x8x8xf32>) {
  // expected-error@+1 {{'npu.im2col' op expects an image in NCHW or NC1HWC0, but got 'tensor<3x8x8xf32>'}}
  %a = npu.im2col %x {channels = 3 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 6, 6>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : tensor<3x8x8xf32> -> !npu.matrix<36x27xf32>
  return
}

// -----

// Im2ColOp: both axes of the image have their figures.
func.func @axes(%x: tensor<1x3x8x8xf32>) {
  // expected-error@+1 {{'npu.im2col' op expects two elements in 'kernel', 'output', 'strides' and 'dilations', and four in 'pads'}}
  %a = npu.im2col %x {channels = 3 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 3, 3>, output = array<i64: 6, 6>, pads = array<i64: 0, 0>, strides = array<i64: 1, 1>} : tensor<1x3x8x8xf32> -> !npu.matrix<36x27xf32>
  return
}

// -----

// MatrixType: a matrix has two dimensions.
// expected-error@+1 {{expected rows and columns, but got 3 dimensions}}
func.func private @matrix(!npu.matrix<2x36x27xf32>)

// -----

// DepthwiseOp: storage is by blocks of channels.
func.func @depthwise_storage(%x: tensor<1x16x8x8xf32>, %w: tensor<1x3x3x16xf32>, %y: tensor<1x16x6x6xf32>) {
  // expected-error@+1 {{'npu.depthwise' op expects NC1HWC0 'image' and 'init' and a [C1, KH, KW, C0] 'filter'}}
  npu.depthwise ins(%x, %w : tensor<1x16x8x8xf32>, tensor<1x3x3x16xf32>) outs(%y : tensor<1x16x6x6xf32>) attributes {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<1x16x6x6xf32>
  return
}

// -----

// DepthwiseOp C1: each channel has its filter.
func.func @depthwise_channels(%x: tensor<1x2x8x8x16xf32>, %w: tensor<1x3x3x16xf32>, %y: tensor<1x2x6x6x16xf32>) {
  // expected-error@+1 {{'npu.depthwise' op expects 'image', 'filter' and 'init' to agree in batch, C1 and C0}}
  npu.depthwise ins(%x, %w : tensor<1x2x8x8x16xf32>, tensor<1x3x3x16xf32>) outs(%y : tensor<1x2x6x6x16xf32>) attributes {dilations = array<i64: 1, 1>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<1x2x6x6x16xf32>
  return
}

// -----

// ProgramOp: arguments are buffers.
// expected-error@+1 {{'npu.program' op expects argument 0 to be a memref, but got 'i64'}}
npu.program @scalar(%n: i64) {
  npu.return
}

// -----

// ProgramOp: outputs are arguments.
// expected-error@+1 {{'npu.program' op expects 'num_outputs' to be at most the number of arguments, 1, but got 2}}
npu.program @outputs(%x: memref<8xf32>) attributes {num_outputs = 2 : i64} {
  npu.return
}

// -----

// LaunchOp C2: each argument of the kernel is given.
npu.kernel @k(%x: memref<8xf32>, %y: memref<8xf32>) {
  npu.return
}
npu.program @main(%x: memref<8xf32>) {
  // expected-error@+1 {{'npu.launch' op expects 2 operands and results, but got 1}}
  npu.launch @k(%x) : (memref<8xf32>) -> ()
  npu.return
}

// -----

// CallOp: the callee is a program.
npu.program @main(%x: memref<8xf32>) {
  // expected-error@+1 {{'npu.call' op expects 'body' to name an npu.program}}
  npu.call @body(%x) : memref<8xf32>
  npu.return
}

// -----

// CallOp: operands are the program's arguments.
npu.program @body(%x: memref<8xf32>) {
  npu.return
}
npu.program @main(%x: memref<4xf32>) {
  // expected-error@+1 {{'npu.call' op expects operands of the program's argument types}}
  npu.call @body(%x) : memref<4xf32>
  npu.return
}

// -----

// CopyOp C2: a size that is not known is given.
npu.program @main(%x: memref<?xf32>, %y: memref<8xf32>) {
  // expected-error@+1 {{'npu.copy' op expects a size beside buffers of dynamic shape}}
  npu.copy %x to %y : memref<?xf32>, memref<8xf32>
  npu.return
}

// -----

// SetDimsOp C1: each dynamic dimension gets a size.
npu.program @main(%x: memref<?x?xf32>) {
  %n = arith.constant 4 : i64
  // expected-error@+1 {{'npu.set_dims' op expects 2 sizes, but got 1}}
  npu.set_dims %x[%n] : memref<?x?xf32>
  npu.return
}

// -----

npu.kernel @section(%x: memref<8xf32>) attributes {num_outputs = 0 : i64} {
  // expected-error@+1 {{'npu.section' op expects the core 'cube' or 'vector', but got 'scalar'}}
  npu.section "scalar" {
    npu.signal 0 behind "S"
  }
  npu.return
}

// -----

npu.kernel @transposed(%x: memref<8xf32>) attributes {num_outputs = 0 : i64} {
  %a = npu.local : memref<4x16x16xf16, 2>
  %b = npu.local : memref<16x64xf16, 3>
  // expected-error@+1 {{'npu.feed' op expects only a right operand to be transposed, but got 'memref<16x64xf16, 3>'}}
  npu.feed %a to %b {transposed} : memref<4x16x16xf16, 2>, memref<16x64xf16, 3>
  npu.return
}

// -----

// MmadOp C6: a matrix has an order of columns.
func.func @order(%a: tensor<8x64xf32>, %b: tensor<64x16xf32>, %c: tensor<8x16xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects the order 'nk', or 'kn' beside a left operand in memory, but got #npu<panel_order conv_nchw>}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<64x16xf32>) outs(%c : tensor<8x16xf32>) attributes {order = #npu<panel_order conv_nchw>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x16xf32>
  return
}

// -----

// MmadOp C1 of a matrix by columns.
func.func @depth(%a: tensor<8x64xf32>, %b: tensor<64x16xf32>, %c: tensor<8x64xf32>) {
  // expected-error@+1 {{'npu.mmad' op expects equal K of 'lhs' and 'rhs', but got 64 and 16}}
  npu.mmad ins(%a, %b : tensor<8x64xf32>, tensor<64x16xf32>) outs(%c : tensor<8x64xf32>) attributes {order = #npu<panel_order nk>} {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<8x64xf32>
  return
}

// -----

// Im2ColOp C3: groups are whole blocks.
func.func @groups(%x: tensor<1x2x8x8x16xf32>) {
  // expected-error@+1 {{'npu.im2col' op expects groups of whole blocks of channels, but got 4 groups of 8 channels in 'tensor<1x2x8x8x16xf32>'}}
  %a = npu.im2col %x {channels = 8 : i64, groups = 4 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 1>, output = array<i64: 8, 8>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : tensor<1x2x8x8x16xf32> -> !npu.matrix<64x8xf32>
  return
}

// -----

// MmadOp C7: a panel belongs to one group.
func.func @panels(%x: tensor<1x2x8x8x16xf32>, %b: tensor<1x16x16xf32>, %c: tensor<64x16xf32>) {
  %a = npu.im2col %x {channels = 16 : i64, groups = 2 : i64, dilations = array<i64: 1, 1>, kernel = array<i64: 1, 1>, output = array<i64: 8, 8>, pads = array<i64: 0, 0, 0, 0>, strides = array<i64: 1, 1>} : tensor<1x2x8x8x16xf32> -> !npu.matrix<64x16xf32>
  // expected-error@+1 {{'npu.mmad' op expects whole panels for the columns of 2 groups, but got 16 columns}}
  npu.mmad ins(%a, %b : !npu.matrix<64x16xf32>, tensor<1x16x16xf32>) outs(%c : tensor<64x16xf32>) {
  ^bb0(%acc: f32):
    npu.yield %acc : f32
  } -> tensor<64x16xf32>
  return
}
