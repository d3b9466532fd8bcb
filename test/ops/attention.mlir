// Attention agrees with its definition.
// RUN: gemlir-op-check %s | FileCheck %s
// CHECK: {{[0-9]+}} cases, 0 failures

// Heads outside, fewer queries than lanes, a mask for every query.
func.func @main(%q: tensor<2x3x7x8xf32>, %k: tensor<2x3x9x8xf32>, %v: tensor<2x3x9x5xf32>,
                %m: tensor<1x1x7x9xf32>) -> tensor<2x3x7x5xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v shift(%m) {num_heads = 3 : i64, input_layout = "BNSD", scale_value = 0.35 : f32}
      : (tensor<2x3x7x8xf32>, tensor<2x3x9x8xf32>, tensor<2x3x9x5xf32>, tensor<1x1x7x9xf32>) -> tensor<2x3x7x5xf32>
  return %y : tensor<2x3x7x5xf32>
}

// -----
// Heads inside, several tiles of queries with a shorter last one, several blocks of keys.
func.func @main(%q: tensor<1x77x4x32xf32>, %k: tensor<1x700x4x32xf32>, %v: tensor<1x700x4x32xf32>,
                %m: tensor<1x1x1x700xf32> {test.low = -20.0, test.high = 0.0}) -> tensor<1x77x4x32xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v shift(%m) {num_heads = 4 : i64, input_layout = "BSND", scale_value = 1.5 : f32}
      : (tensor<1x77x4x32xf32>, tensor<1x700x4x32xf32>, tensor<1x700x4x32xf32>, tensor<1x1x1x700xf32>) -> tensor<1x77x4x32xf32>
  return %y : tensor<1x77x4x32xf32>
}

// -----
// Heads side by side, shared by groups of queries' heads; a mask by head and query.
func.func @main(%q: tensor<2x33x48xf32>, %k: tensor<2x20x16xf32>, %v: tensor<2x20x16xf32>,
                %m: tensor<2x6x33x20xf32>) -> tensor<2x33x48xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v shift(%m) {num_heads = 6 : i64, num_key_value_heads = 2 : i64}
      : (tensor<2x33x48xf32>, tensor<2x20x16xf32>, tensor<2x20x16xf32>, tensor<2x6x33x20xf32>) -> tensor<2x33x48xf32>
  return %y : tensor<2x33x48xf32>
}

// -----
// One query: the heads of a group become the rows of a tile.
func.func @main(%q: tensor<1x1x8x32xf32>, %k: tensor<1x96x2x32xf32>, %v: tensor<1x96x2x32xf32>,
                %m: tensor<1x1x1x96xf32>) -> tensor<1x1x8x32xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v shift(%m)
      {num_heads = 8 : i64, num_key_value_heads = 2 : i64, input_layout = "BSND", scale_value = 0.17 : f32}
      : (tensor<1x1x8x32xf32>, tensor<1x96x2x32xf32>, tensor<1x96x2x32xf32>, tensor<1x1x1x96xf32>) -> tensor<1x1x8x32xf32>
  return %y : tensor<1x1x8x32xf32>
}

// -----
// Scores that a boolean mask excludes, in half precision.
func.func @main(%q: tensor<1x2x20x16xf16>, %k: tensor<1x2x20x16xf16>, %v: tensor<1x2x20x16xf16>,
                %m: tensor<1x1x20x20xi1>) -> tensor<1x2x20x16xf16> {
  %y = ge.prompt_flash_attention %q, %k, %v mask(%m) {num_heads = 2 : i64, input_layout = "BNSD", scale_value = 0.25 : f32}
      : (tensor<1x2x20x16xf16>, tensor<1x2x20x16xf16>, tensor<1x2x20x16xf16>, tensor<1x1x20x20xi1>) -> tensor<1x2x20x16xf16>
  return %y : tensor<1x2x20x16xf16>
}

// -----
// Any number of queries and keys: more queries than a tile has, more keys than a block.
func.func @main(%q: tensor<2x77x4x32xf32> {test.open = array<i64: 0, 1>}, %k: tensor<2x300x4x32xf32> {test.open = array<i64: 0, 1>},
                %v: tensor<2x300x4x24xf32> {test.open = array<i64: 0, 1>},
                %m: tensor<2x1x77x300xf32> {test.open = array<i64: 0, 2, 3>}) -> tensor<2x77x4x24xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v shift(%m) {num_heads = 4 : i64, input_layout = "BSND", scale_value = 1.5 : f32}
      : (tensor<2x77x4x32xf32>, tensor<2x300x4x32xf32>, tensor<2x300x4x24xf32>, tensor<2x1x77x300xf32>) -> tensor<2x77x4x24xf32>
  return %y : tensor<2x77x4x24xf32>
}

// -----
// Any number, which is few: one vector of queries, a mask that repeats.
func.func @main(%q: tensor<1x6x3x16xf32> {test.open = array<i64: 2>}, %k: tensor<1x2x5x16xf32> {test.open = array<i64: 2>},
                %v: tensor<1x2x5x16xf32> {test.open = array<i64: 2>},
                %m: tensor<1x6x1x1xf32> {test.open = array<i64: 1, 2, 3>}) -> tensor<1x6x3x16xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v shift(%m) {num_heads = 6 : i64, num_key_value_heads = 2 : i64, input_layout = "BNSD"}
      : (tensor<1x6x3x16xf32>, tensor<1x2x5x16xf32>, tensor<1x2x5x16xf32>, tensor<1x6x1x1xf32>) -> tensor<1x6x3x16xf32>
  return %y : tensor<1x6x3x16xf32>
}

// -----
// One query against any number of keys, heads side by side.
func.func @main(%q: tensor<3x1x48xf32> {test.open = array<i64: 0>}, %k: tensor<3x200x16xf32> {test.open = array<i64: 0, 1>},
                %v: tensor<3x200x16xf32> {test.open = array<i64: 0, 1>},
                %m: tensor<3x1x1x200xi1> {test.open = array<i64: 0, 3>}) -> tensor<3x1x48xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v mask(%m) {num_heads = 6 : i64, num_key_value_heads = 2 : i64}
      : (tensor<3x1x48xf32>, tensor<3x200x16xf32>, tensor<3x200x16xf32>, tensor<3x1x1x200xi1>) -> tensor<3x1x48xf32>
  return %y : tensor<3x1x48xf32>
}

// -----
// No keys: the sum of nothing.
func.func @main(%q: tensor<1x2x3x8xf32>, %k: tensor<1x2x0x8xf32> {test.open = array<i64: 2>},
                %v: tensor<1x2x0x8xf32> {test.open = array<i64: 2>}) -> tensor<1x2x3x8xf32> {
  %y = ge.prompt_flash_attention %q, %k, %v {num_heads = 2 : i64, input_layout = "BNSD"}
      : (tensor<1x2x3x8xf32>, tensor<1x2x0x8xf32>, tensor<1x2x0x8xf32>) -> tensor<1x2x3x8xf32>
  return %y : tensor<1x2x3x8xf32>
}
