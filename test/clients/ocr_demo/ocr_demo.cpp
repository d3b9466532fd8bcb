//===- ocr_demo.cpp - read the text of a picture --------------------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A client of the installed package only. Two networks are compiled from ONNX
// to OM files, loaded and run: one finds where text is, the other reads each
// place.
//
//===----------------------------------------------------------------------===//

#include "acl/acl.h"
#include "acl/acl_mdl.h"
#include "ge/ge_api_v2.h"
#include "ge/ge_ir_build.h"
#include "parser/onnx_parser.h"

#define STB_IMAGE_IMPLEMENTATION
#define STBI_ONLY_PNG
#include <stb/stb_image.h>
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

using Options = std::map<ge::AscendString, ge::AscendString>;
using Strings = std::vector<std::string>;

/// Ends the program with `what` and the libraries' own words unless `ok`.
static void require(bool ok, const std::string &what) {
  if (ok)
    return;
  const char *recent = aclGetRecentErrMsg();
  std::fprintf(stderr, "ocr_demo: %s\n%s%s\n", what.c_str(), ge::GEGetErrorMsgV3().GetString(), recent ? recent : "");
  std::exit(1);
}

/// Milliseconds that `action` takes.
template <typename Action>
static double measure(Action action) {
  auto start = std::chrono::steady_clock::now();
  action();
  std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  return time.count();
}

static void report(const std::string &stage, double milliseconds) {
  std::printf("%-24s %9.1f ms\n", stage.c_str(), milliseconds);
}

/// Compiles `onnx` for an input of `shape` and saves the model as `om`.
static void compile(ge::GeSession &session, uint32_t id, const std::string &onnx, const std::string &shape,
                    const std::string &om) {
  ge::Graph graph("main");
  Options options;
  options["input_shape"] = ("x:" + shape).c_str();
  require(ge::aclgrphParseONNX(onnx.c_str(), options, graph) == ge::GRAPH_SUCCESS, "cannot parse " + onnx);
  ge::ModelBufferData model;
  require(session.AddGraph(id, graph) == ge::SUCCESS && session.CompileGraph(id) == ge::SUCCESS &&
              session.GetCompiledModel(id, model) == ge::SUCCESS,
          "cannot compile " + onnx);
  require(ge::aclgrphSaveModel(om.c_str(), model) == ge::GRAPH_SUCCESS, "cannot save " + om);
}

/// An OM file with one input and one output, loaded.
class Network {
public:
  explicit Network(const std::string &om) : desc(aclmdlCreateDesc()) {
    require(aclmdlLoadFromFile(om.c_str(), &id) == ACL_SUCCESS, "cannot load " + om);
    require(aclmdlGetDesc(desc, id) == ACL_SUCCESS && aclmdlGetOutputDims(desc, 0, &shape) == ACL_SUCCESS,
            "no description of " + om);
    input.resize(aclmdlGetInputSizeByIndex(desc, 0) / sizeof(float));
    output.resize(aclmdlGetOutputSizeByIndex(desc, 0) / sizeof(float));
    inputs = dataset(input);
    outputs = dataset(output);
  }
  ~Network() {
    for (aclmdlDataset *set : {inputs, outputs}) {
      aclDestroyDataBuffer(aclmdlGetDatasetBuffer(set, 0));
      aclmdlDestroyDataset(set);
    }
    aclmdlDestroyDesc(desc);
    aclmdlUnload(id);
  }

  /// Runs on `input`, fills `output`, and returns the milliseconds.
  double run() {
    aclError error;
    double time = measure([&] { error = aclmdlExecute(id, inputs, outputs); });
    require(error == ACL_SUCCESS, "cannot run");
    return time;
  }

  std::vector<float> input, output;
  aclmdlIODims shape; ///< of the output

private:
  static aclmdlDataset *dataset(std::vector<float> &data) {
    aclmdlDataset *set = aclmdlCreateDataset();
    aclmdlAddDatasetBuffer(set, aclCreateDataBuffer(data.data(), data.size() * sizeof(float)));
    return set;
  }
  uint32_t id = 0;
  aclmdlDesc *desc;
  aclmdlDataset *inputs, *outputs;
};

struct Picture {
  int width, height;
  unsigned char *rgb;
};
struct Box {
  int left, top, right, bottom;
};

/// How a network wants its pixels: (value / 255 - mean) / deviation. Both were
/// trained on blue, green, red.
struct Scale {
  float mean[3], deviation[3];
};

/// Writes the part `box` of `picture`, resized to `width` by `height`, as three
/// planes with rows of `stride`.
static void writePlanes(const Picture &picture, Box box, int width, int height, int stride, const Scale &scale,
                        std::vector<float> &tensor) {
  std::vector<unsigned char> part(size_t(width) * height * 3);
  stbir_resize_uint8(picture.rgb + (box.top * picture.width + box.left) * 3, box.right - box.left, box.bottom - box.top,
                     picture.width * 3, part.data(), width, height, 0, 3);
  std::fill(tensor.begin(), tensor.end(), 0.0f);
  for (int i = 0; i < width * height; ++i)
    for (int c = 0; c < 3; ++c)
      tensor[tensor.size() / 3 * c + i / width * stride + i % width] =
          (part[i * 3 + 2 - c] / 255.0f - scale.mean[c]) / scale.deviation[c];
}

/// Boxes around the connected regions of `map` (rows of `stride`) above a
/// threshold, grown by as much as the detector was trained to shrink text.
static std::vector<Box> findBoxes(std::vector<float> map, int stride, int width, int height) {
  const float threshold = 0.3f, meanThreshold = 0.6f, unclip = 1.6f;
  std::vector<Box> boxes;
  for (int start = 0; start < stride * height; ++start) {
    Box box = {width, height, 0, 0};
    std::vector<int> region;
    double sum = 0;
    auto visit = [&](int x, int y) {
      if (x < 0 || x >= width || y < 0 || y >= height || map[y * stride + x] <= threshold)
        return;
      box = {std::min(box.left, x), std::min(box.top, y), std::max(box.right, x + 1), std::max(box.bottom, y + 1)};
      region.push_back(y * stride + x);
      sum += map[region.back()];
      map[region.back()] = 0;
    };
    visit(start % stride, start / stride);
    for (size_t next = 0; next < region.size(); ++next)
      for (int step : {-1, 1, -stride, stride})
        visit(region[next] % stride + step % stride, region[next] / stride + step / stride);
    if (region.size() < 16 || sum / region.size() < meanThreshold)
      continue;
    int w = box.right - box.left, h = box.bottom - box.top, grow = int(w * h * unclip / (2 * (w + h)) + 0.5f);
    boxes.push_back({std::max(0, box.left - grow), std::max(0, box.top - grow), std::min(width, box.right + grow),
                     std::min(height, box.bottom + grow)});
  }
  return boxes;
}

/// The recogniser's alphabet, one character a line, from the metadata entry
/// "character" of its ONNX file; the entry's length is a base-128 number.
static Strings readAlphabet(const std::string &onnx) {
  std::ifstream stream(onnx, std::ios::binary);
  std::string file((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  const std::string key = "\n\tcharacter\x12";
  size_t at = file.rfind(key), size = 0;
  require(at != std::string::npos, "no alphabet in " + onnx);
  at += key.size();
  for (int shift = 0; at < file.size() && shift < 28; shift += 7) {
    size |= size_t(file[at] & 127) << shift;
    if (!(file[at++] & 128))
      break;
  }
  Strings alphabet = {""}; // class 0 is "nothing"
  for (size_t end = std::min(file.size(), at + size); at < end;) {
    size_t stop = std::min(file.find('\n', at), end);
    alphabet.push_back(file.substr(at, stop - at));
    at = stop + 1;
  }
  alphabet.push_back(" ");
  return alphabet;
}

/// The best character of each step, repetitions and "nothing" left out.
static std::string decode(const Network &recogniser, const Strings &alphabet) {
  std::string text;
  size_t last = 0, steps = recogniser.shape.dims[1], classes = recogniser.shape.dims[2];
  for (size_t step = 0; step < steps; ++step) {
    const float *row = &recogniser.output[step * classes];
    size_t best = std::max_element(row, row + classes) - row;
    if (best != last && best < alphabet.size())
      text += alphabet[best];
    last = best;
  }
  return text;
}

int main(int argc, char **argv) {
  require(argc == 5 || argc == 6, "usage: ocr_demo DETECTOR.onnx RECOGNISER.onnx PICTURE.png DIR "
                                  "[DEVICE]");
  const std::string detectorOM = argv[4] + std::string("/detector.om"),
                    recogniserOM = argv[4] + std::string("/recogniser.om");
  const int lineWidth = 480, lineHeight = 48;
  Picture picture;
  picture.rgb = stbi_load(argv[3], &picture.width, &picture.height, nullptr, 3);
  require(picture.rgb, std::string("cannot read ") + argv[3]);
  // The detector halves its input five times.
  const int width = (picture.width + 31) / 32 * 32;
  const int height = (picture.height + 31) / 32 * 32;
  const std::string shape = "1,3," + std::to_string(height) + "," + std::to_string(width);
  Options options;
  options["ge.socVersion"] = argc == 6 ? argv[5] : "Host";
  require(ge::GEInitializeV2(options) == ge::SUCCESS, "cannot initialise");
  require(aclInit(nullptr) == ACL_SUCCESS && aclrtSetDevice(0) == ACL_SUCCESS, "no device");
  {
    ge::GeSession session((Options()));
    report("compile detector", measure([&] { compile(session, 0, argv[1], shape, detectorOM); }));
    report("compile recogniser", measure([&] { compile(session, 1, argv[2], "1,3,48,480", recogniserOM); }));
  }
  {
    Network detector(detectorOM), recogniser(recogniserOM);
    Strings alphabet = readAlphabet(argv[2]);
    const Scale detectorScale = {{.485f, .456f, .406f}, {.229f, .224f, .225f}};
    const Scale recogniserScale = {{.5f, .5f, .5f}, {.5f, .5f, .5f}};
    writePlanes(picture, {0, 0, picture.width, picture.height}, picture.width, picture.height, width, detectorScale,
                detector.input);
    report("find text", detector.run());
    std::vector<Box> boxes = findBoxes(detector.output, width, picture.width, picture.height);
    // Rows of text from the top, each from the left; boxes come by their tops.
    std::map<std::pair<int, int>, std::string> texts;
    int rowMiddle = 0;
    double time = 0;
    for (Box box : boxes) {
      if (box.top >= rowMiddle)
        rowMiddle = (box.top + box.bottom) / 2;
      int columns = std::min(lineWidth, lineHeight * (box.right - box.left) / (box.bottom - box.top));
      writePlanes(picture, box, columns, lineHeight, lineWidth, recogniserScale, recogniser.input);
      time += recogniser.run();
      texts[{rowMiddle, box.left}] = decode(recogniser, alphabet);
    }
    report("read " + std::to_string(boxes.size()) + " places", time);
    std::printf("models: %s %s\n", detectorOM.c_str(), recogniserOM.c_str());
    rowMiddle = 0;
    for (const auto &text : texts) {
      std::printf(text.first.first == rowMiddle ? "   %s" : "\n%s", text.second.c_str());
      rowMiddle = text.first.first;
    }
    std::printf("\n");
  }
  stbi_image_free(picture.rgb);
  aclFinalize();
  return ge::GEFinalizeV2() == ge::SUCCESS ? 0 : 1;
}
