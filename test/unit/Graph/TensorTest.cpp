//===- TensorTest.cpp - shapes, tensors and strings -----------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "graph/tensor.h"
#include "ge_common/ge_common_api_error_codes.h"

#include <gtest/gtest.h>

using namespace ge;

TEST(AscendString, SharesAndCompares) {
  AscendString empty, a("abc"), b("abd"), part("abcdef", 3);
  EXPECT_STREQ(empty.GetString(), "");
  EXPECT_EQ(empty.GetLength(), 0u);
  EXPECT_TRUE(a < b && b > a && a <= part && a >= part && a == part && a != b);
  EXPECT_TRUE(a == "abc" && a != "ab");
  EXPECT_EQ(AscendString("xabc").Find(a), 1u);
  EXPECT_EQ(a.Find(b), static_cast<size_t>(-1));
  EXPECT_EQ(std::hash<AscendString>()(a), part.Hash());
}

TEST(Types, SizesOfElements) {
  EXPECT_EQ(GetSizeByDataType(DT_FLOAT), 4);
  EXPECT_EQ(GetSizeByDataType(DT_INT4), 1004);
  EXPECT_EQ(GetSizeByDataType(DT_STRING), -1);
  EXPECT_EQ(GetSizeInBytes(3, DT_INT4), 2);
  EXPECT_EQ(GetSizeInBytes(7, DT_DOUBLE), 56);
  EXPECT_EQ(GetSizeInBytes(-1, DT_FLOAT), -1);
  EXPECT_EQ(GetSizeInBytes(INT64_MAX, DT_FLOAT), -1);
}

TEST(Types, PackedFormats) {
  const int32_t format = GetFormatFromSubAndC0(FORMAT_FRACTAL_Z, 32, 5);
  EXPECT_EQ(GetPrimaryFormat(format), FORMAT_FRACTAL_Z);
  EXPECT_EQ(GetSubFormat(format), 32);
  EXPECT_EQ(GetC0Value(format), 16);
  EXPECT_FALSE(HasC0Format(FORMAT_NCHW));
}

TEST(Shape, CountsElements) {
  EXPECT_EQ(Shape().GetShapeSize(), 0);
  EXPECT_EQ(Shape({2, 3}).GetShapeSize(), 6);
  EXPECT_EQ(Shape({2, -1}).GetShapeSize(), -1);
  EXPECT_EQ(Shape({2, 0}).GetShapeSize(), 0);
  EXPECT_EQ(Shape({INT64_MAX, 2}).GetShapeSize(), 0);
  EXPECT_EQ(Shape(UNKNOWN_RANK).GetDimNum(), 0u);
  Shape shape({4});
  EXPECT_EQ(shape.SetDim(1, 5), GRAPH_FAILED);
  Shape copy = shape;
  EXPECT_EQ(copy.SetDim(0, 9), GRAPH_SUCCESS);
  EXPECT_EQ(shape.GetDim(0), 4);
}

TEST(Shape, MovedFromIsUsable) {
  Shape shape({4});
  Shape taken = std::move(shape);
  EXPECT_EQ(taken.GetDimNum(), 1u);
  EXPECT_EQ(shape.GetDimNum(), 0u);
  TensorDesc desc(taken), other = std::move(desc);
  desc.SetDataType(DT_INT8);
  EXPECT_EQ(desc.GetDataType(), DT_INT8);
  EXPECT_EQ(other.GetShape().GetDim(0), 4);
}

TEST(TensorDesc, IsAValue) {
  TensorDesc desc(Shape({1, 2}), FORMAT_NCHW, DT_FLOAT16);
  TensorDesc copy = desc;
  copy.SetName("copy");
  copy.SetDataType(DT_INT8);
  EXPECT_EQ(desc.GetDataType(), DT_FLOAT16);
  EXPECT_EQ(desc.GetName(), "");
  EXPECT_EQ(desc.GetOriginShape().GetDimNum(), 0u);
  EXPECT_EQ(TensorDesc().GetFormat(), FORMAT_ND);
  EXPECT_EQ(TensorDesc().GetDataType(), DT_FLOAT);
}

TEST(Tensor, CopiesShareAndClonesDoNot) {
  const std::vector<uint8_t> bytes(8, 7);
  Tensor tensor(TensorDesc(Shape({2}), FORMAT_ND, DT_FLOAT), bytes);
  Tensor shared = tensor, own = tensor.Clone();
  shared.GetData()[0] = 1;
  EXPECT_EQ(tensor.GetData()[0], 1);
  EXPECT_EQ(own.GetData()[0], 7);
  EXPECT_EQ(tensor.IsValid(), GRAPH_SUCCESS);
  EXPECT_EQ(tensor.SetShapeDim(0, 3), GRAPH_SUCCESS);
  EXPECT_EQ(tensor.IsValid(), GRAPH_FAILED);
}

TEST(Tensor, AdoptsMemoryUntilTheLastUserGoes) {
  uint8_t memory[4] = {1, 2, 3, 4};
  int deleted = 0;
  {
    Tensor copy;
    {
      Tensor tensor(TensorDesc(Shape({1})));
      EXPECT_EQ(tensor.SetData(memory, 4, [&](uint8_t *) { ++deleted; }), GRAPH_SUCCESS);
      EXPECT_EQ(tensor.GetData(), memory);
      copy = tensor;
    }
    EXPECT_EQ(deleted, 0);
    auto data = copy.ResetData();
    EXPECT_EQ(copy.GetSize(), 0u);
    EXPECT_EQ(data.get(), memory);
  }
  EXPECT_EQ(deleted, 1);
}

TEST(StatusFactory, KnowsEveryCodeAndNewOnes) {
  EXPECT_EQ(GE_GRAPH_GRAPH_NOT_EXIST, 1343242242u);
  EXPECT_EQ(UNSUPPORTED, 1343225956u);
  EXPECT_EQ(GET_ERRORNO_STR(GE_GRAPH_GRAPH_NOT_EXIST), "graph does not exist");
  EXPECT_EQ(GET_ERRORNO_STR(12345u), "Unknown");
  const ErrorNoRegisterar registered(12345u, "mine");
  EXPECT_EQ(GET_ERRORNO_STR(12345u), "mine");
}
