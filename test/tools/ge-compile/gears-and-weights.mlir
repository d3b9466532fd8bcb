// A program for each gear, on weights that are there once.
// RUN: ge-compile %s --input_shape="x:-1,4" --dynamic_batch_size="1,3" -o %t.om
// RUN: ge-translate --om-to-text %t.om | FileCheck %s --check-prefix=GEARS
// RUN: ge-compile %s --dynamic_dims="1;3" -o %t.dims.om
// RUN: ge-translate --om-to-text %t.dims.om | FileCheck %s --check-prefix=GEARS
// GEARS: partition WEIGHTS_DATA at {{[0-9]+}}, [[SIZE:[0-9]+]] bytes
// GEARS: item "ge_mlir.program"
// GEARS: item "ge_mlir.program.1"
// GEARS: item "ge_mlir.gears"
// GEARS: gear 1
// GEARS: gear 3

// RUN: not ge-compile %s --dynamic_batch_size="1,3" --dynamic_dims="1;3" -o %t.om 2>&1 | FileCheck %s --check-prefix=TWICE
// TWICE: error: option '--dynamic_dims': a model has one kind of gears [E10009]
// RUN: not ge-compile %s --dynamic_batch_size="2" -o %t.om 2>&1 | FileCheck %s --check-prefix=FEW
// FEW: error: option '--dynamic_batch_size': the gears '2' are 1, expected at least 2 [E10035]
// RUN: not ge-compile %s --dynamic_image_size="1,2;3,4" -o %t.om 2>&1 | FileCheck %s --check-prefix=FIT
// FIT: error: [E10045] {{.*}}input 'x' has 1 open dimensions, expected 2 with gears of the image's size

// Weights in files beside the model; the model does not name the place.
// RUN: rm -rf %t.folder && mkdir %t.folder
// RUN: ge-compile %s --input_shape="x:2,4" --external_weight=2 -o %t.folder/model.om
// RUN: ls %t.folder/weight | FileCheck %s --check-prefix=FILES
// RUN: ge-translate --om-to-text %t.folder/model.om | FileCheck %s --check-prefix=OUTSIDE
// RUN: not grep -a folder %t.folder/model.om
// FILES: layer_weight_combined
// OUTSIDE-NOT: WEIGHTS_DATA
// OUTSIDE: weights 0 + {{[0-9]+}} in "layer_weight_combined" from byte 0
// OUTSIDE: item "ge_mlir.external_weights"

module @layer {
  func.func @main(%x: tensor<?x4xf32> {ge.name = "x"}) -> (tensor<?x3xf32> {ge.name = "y"}) {
    %w = ge.const dense<[[0.5, 1.0, 2.0], [1.5, 0.25, 4.0], [3.0, -1.0, -2.0], [0.0, 5.0, 6.0]]> : tensor<4x3xf32>
    %p = ge.mat_mul_v2 %x, %w : (tensor<?x4xf32>, tensor<4x3xf32>) -> tensor<?x3xf32>
    return %p : tensor<?x3xf32>
  }
}
