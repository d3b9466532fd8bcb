//===- Timeline.cpp - a picture of what an NPU's queues did ---------------===//
//
// Part of the ge-mlir project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lane for each queue. What is wide enough to be seen is a box with a name; what is
// not is put in columns of a few pixels, which say by the height of each colour what
// part of their cycles went where. So a picture has some thousand shapes, however
// many commands there are.
//
//===----------------------------------------------------------------------===//

#include "Timeline.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

namespace gemlir {

using engine::Queue;
using sim::Stall;

namespace {

constexpr double kLeft = 108, kPlot = 1380, kRight = 64, kWidth = kLeft + kPlot + kRight;
constexpr double kColumn = 3, kWide = 6, kLetter = 6.2;
constexpr double kLane = 18, kThinLane = 8, kGap = 3;

const char *const kKindNames[4] = {"cube core", "vector core", "core", "AICPU hart"};

/// Lanes from where commands come from to where results go.
constexpr Queue kLaneOrder[] = {Queue::S, Queue::MTE2, Queue::MTE1, Queue::M, Queue::FIX, Queue::V, Queue::MTE3};

/// By queue.
const char *const kQueueColours[engine::kQueues] = {"#7b8794", "#2f9e5f", "#e8710a", "#12a4b4",
                                                    "#1f6fd6", "#5a55c8", "#a142c4"};
struct StallStyle {
  const char *colour, *text;
};
/// By cause.
constexpr StallStyle kStalls[sim::kStalls] = {{"#ffffff", "empty"},
                                              {"#f3b4ab", "waits for a flag"},
                                              {"#e88fb4", "waits for other cores"},
                                              {"#f5dd8c", "waits for a result"},
                                              {"#c9b8ea", "queue full"},
                                              {"#d9dfe6", "barrier"},
                                              {"#eceff2", "launch"}};

/// A command (`cause` Empty) or a stall of a lane.
struct Item {
  uint64_t begin = 0, end = 0;
  Stall cause = Stall::Empty;
  std::string name;
  uint64_t work = 0;
};

std::string escape(const std::string &text) {
  std::string result;
  for (char c : text) {
    const char *name = c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : nullptr;
    if (name)
      result += name;
    else if (static_cast<unsigned char>(c) >= 32)
      result += c;
  }
  return result;
}

std::string shorten(const std::string &text, size_t most) {
  // Not within a character of several bytes.
  size_t end = std::min(text.size(), most);
  while (end < text.size() && end > 0 && (text[end] & 0xc0) == 0x80)
    --end;
  return end < text.size() ? text.substr(0, end) + "…" : text;
}

/// "1,234,567".
std::string group(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, ",");
  return text;
}

/// A coordinate: a tenth of a pixel is enough.
std::string px(double value) {
  char text[32];
  snprintf(text, sizeof(text), "%.1f", value);
  std::string result = text;
  if (result.size() > 2 && result.compare(result.size() - 2, 2, ".0") == 0)
    result.resize(result.size() - 2);
  return result;
}

class Picture {
public:
  Picture(const Timeline &timeline, const TimelineView &view) : line(timeline), view(view) {
    begin = view.begin;
    end = 1;
    for (const Timeline::Kernel &kernel : line.kernels)
      end = std::max(end, kernel.end);
    if (view.end)
      end = std::min(end, view.end);
    if (begin >= end)
      begin = 0;
  }
  std::string draw();

private:
  double x(uint64_t cycle) const { return kLeft + kPlot * double(cycle - begin) / double(end - begin); }
  void rect(double left, double top, double width, double height, const std::string &fill, const std::string &title,
            const char *more = "");
  void text(double left, double top, const std::string &what, const char *style);
  void drawHead();
  void drawLegend();
  void drawKernels();
  void drawAxis();
  void drawCores();
  void drawCore(unsigned core, bool whole);
  void drawLane(const std::vector<Item> &items, Queue queue, double height);
  void drawColumns(const std::vector<Item> &items, Queue queue, double height);
  void drawBorders(double top);
  void drawTable();
  std::vector<Item> takeItems(unsigned core, Queue queue) const;
  void sortItems();
  unsigned numberInKind(unsigned core) const;

  const Timeline &line;
  const TimelineView &view;
  uint64_t begin = 0, end = 0;
  double y = 0;
  std::string out;
  /// By core and queue.
  std::map<std::pair<unsigned, Queue>, std::vector<Item>> lanes;
};

void Picture::rect(double left, double top, double width, double height, const std::string &fill,
                   const std::string &title, const char *more) {
  out += "<rect x=\"" + px(left) + "\" y=\"" + px(top) + "\" width=\"" + px(width) + "\" height=\"" + px(height) +
         "\" fill=\"" + fill + "\"" + more;
  out += title.empty() ? "/>\n" : "><title>" + escape(title) + "</title></rect>\n";
}

void Picture::text(double left, double top, const std::string &what, const char *style) {
  if (what.empty())
    return;
  out += "<text x=\"" + px(left) + "\" y=\"" + px(top) + "\" " + style + ">" + escape(what) + "</text>\n";
}

//===----------------------------------------------------------------------===//
// What lanes show
//===----------------------------------------------------------------------===//

/// Sorts what happened in the window into lanes. The control core's lane has its
/// waits; between them it executes.
void Picture::sortItems() {
  auto add = [&](unsigned core, Queue queue, Item item) {
    item.begin = std::max(item.begin, begin);
    item.end = std::min(item.end, end);
    if (item.begin < item.end)
      lanes[{core, queue}].push_back(std::move(item));
  };
  for (const sim::Event &e : line.all.events)
    add(e.core, e.queue, {e.start, e.end, Stall::Empty, e.name, e.work});
  std::map<unsigned, uint64_t> executedFrom;
  for (const sim::Wait &w : line.all.waits) {
    if (w.queue == Queue::S) {
      auto last = executedFrom.find(w.core);
      if (last != executedFrom.end() && w.cause != Stall::Launch && last->second < w.start)
        add(w.core, Queue::S, {last->second, w.start, Stall::Empty, "instructions", 0});
      executedFrom[w.core] = w.end;
    }
    std::string name = kStalls[unsigned(w.cause)].text;
    if (w.from != w.queue)
      name += std::string(w.cause == Stall::Flag ? " of " : ": ") + engine::kQueueNames[unsigned(w.from)];
    add(w.core, w.queue, {w.start, w.end, w.cause, std::move(name), 0});
  }
  for (auto &lane : lanes)
    std::stable_sort(lane.second.begin(), lane.second.end(),
                     [](const Item &a, const Item &b) { return a.begin < b.begin; });
}

unsigned Picture::numberInKind(unsigned core) const {
  unsigned number = 0;
  for (unsigned other = 0; other < core; ++other)
    number += line.all.cores[other].kind == line.all.cores[core].kind;
  return number;
}

/// Stacks what is narrow in columns: commands below, stalls above them.
void Picture::drawColumns(const std::vector<Item> &items, Queue queue, double height) {
  const double perColumn = double(end - begin) * kColumn / kPlot;
  const size_t count = size_t(std::ceil(kPlot / kColumn));
  std::vector<double> cycles[sim::kStalls];
  for (auto &cause : cycles)
    cause.assign(count, 0);
  for (const Item &item : items) {
    double from = double(item.begin - begin) / perColumn;
    const double to = double(item.end - begin) / perColumn;
    for (size_t column = size_t(from); column < count && from < to; ++column) {
      const double until = std::min(to, double(column + 1));
      cycles[unsigned(item.cause)][column] += until - from;
      from = until;
    }
  }
  std::vector<double> bottom(count, y + height);
  for (unsigned cause = 0; cause < sim::kStalls; ++cause) {
    std::string path;
    for (size_t column = 0; column < count; ++column) {
      const double part = height * std::min(1.0, cycles[cause][column]);
      if (part < 0.2)
        continue;
      bottom[column] -= part;
      path += "M" + px(kLeft + double(column) * kColumn) + " " + px(bottom[column]) + "h" + px(kColumn) + "v" +
              px(part) + "h-" + px(kColumn) + "z";
    }
    const char *colour = cause ? kStalls[cause].colour : kQueueColours[unsigned(queue)];
    if (!path.empty())
      out += std::string("<path fill=\"") + colour + "\" d=\"" + path + "\"/>\n";
  }
}

void Picture::drawLane(const std::vector<Item> &items, Queue queue, double height) {
  rect(kLeft, y, kPlot, height, "#ffffff", "", " stroke=\"#dde3ea\" stroke-width=\"0.5\"");
  std::vector<Item> narrow;
  uint64_t busy = 0;
  for (const Item &item : items) {
    busy += item.cause == Stall::Empty ? item.end - item.begin : 0;
    if (x(item.end) - x(item.begin) < kWide)
      narrow.push_back(item);
  }
  drawColumns(narrow, queue, height);
  for (const Item &item : items) {
    const double width = x(item.end) - x(item.begin);
    if (width < kWide)
      continue;
    const bool isCommand = item.cause == Stall::Empty;
    const std::string where = ", cycles " + group(item.begin) + " to " + group(item.end);
    rect(x(item.begin), y, width, height,
         isCommand ? kQueueColours[unsigned(queue)] : kStalls[unsigned(item.cause)].colour,
         item.name + where + (item.work ? ", work " + group(item.work) : ""),
         " stroke=\"#ffffff\" stroke-width=\"0.6\"");
    const std::string shown = isCommand                                 ? item.name
                              : item.name.substr(0, 10) == "waits for " ? item.name.substr(10)
                                                                        : item.name;
    if (height >= kLane && double(shown.size()) * kLetter + 6 < width)
      text(x(item.begin) + 4, y + height - 5.5, shown,
           isCommand ? "class=\"small\" fill=\"#ffffff\"" : "class=\"small\" fill=\"#5f3a35\"");
  }
  const double share = 100 * double(busy) / double(end - begin);
  const std::string shown = !busy          ? "0"
                            : share < 0.05 ? "<0.1"
                            : share < 9.95 ? px(share)
                                           : std::to_string(std::lround(share));
  const bool isThin = height < kLane;
  text(kLeft + kPlot + 6, y + height / 2 + (isThin ? 3 : 4), shown + " %",
       isThin ? "font-size=\"9\" fill=\"#52606d\"" : "class=\"small\" fill=\"#52606d\"");
}

//===----------------------------------------------------------------------===//
// The parts of the picture
//===----------------------------------------------------------------------===//

void Picture::drawHead() {
  y = 26;
  text(16, y, shorten(line.title, 120), "font-size=\"17\" font-weight=\"bold\" fill=\"#1f2933\"");
  y += 19;
  uint64_t last = 0;
  for (const Timeline::Kernel &kernel : line.kernels)
    last = std::max(last, kernel.end);
  std::string what = group(last) + " cycles, " + group(line.kernels.size()) +
                     (line.kernels.size() == 1 ? " launch, " : " launches, ") + group(line.all.events.size()) +
                     " commands";
  if (begin > 0 || end < last)
    what += "; shown are cycles " + group(begin) + " to " + group(end);
  text(16, y, what, "fill=\"#3e4c59\"");
}

void Picture::drawLegend() {
  y += 22;
  double left = 16;
  auto entry = [&](const char *colour, const std::string &name, bool framed) {
    rect(left, y - 10, 13, 12, colour, "", framed ? " stroke=\"#cbd2d9\" stroke-width=\"0.7\"" : "");
    text(left + 18, y, name, "class=\"small\" fill=\"#3e4c59\"");
    left += 18 + double(name.size()) * 5.8 + 16;
  };
  bool used[sim::kStalls] = {};
  bool queues[engine::kQueues] = {};
  for (const auto &lane : lanes)
    for (const Item &item : lane.second) {
      used[unsigned(item.cause)] |= item.cause != Stall::Empty;
      queues[unsigned(lane.first.second)] |= item.cause == Stall::Empty;
    }
  for (Queue queue : kLaneOrder)
    if (queues[unsigned(queue)])
      entry(kQueueColours[unsigned(queue)], engine::kQueueNames[unsigned(queue)], false);
  left += 14;
  entry("#ffffff", kStalls[0].text, true);
  for (unsigned cause = 1; cause < sim::kStalls; ++cause)
    if (used[cause])
      entry(kStalls[cause].colour, kStalls[cause].text, false);
  const uint64_t perColumn = std::max<uint64_t>(1, uint64_t(std::llround(double(end - begin) * kColumn / kPlot)));
  y += 17;
  text(16, y,
       "What is too narrow for a box is in columns of " + group(perColumn) + (perColumn == 1 ? " cycle" : " cycles") +
           ": the height of a colour is its part of them. At the right: the part of the time that a queue is busy.",
       "class=\"small\" fill=\"#7b8794\"");
}

void Picture::drawKernels() {
  y += 14;
  constexpr double kBand = 20;
  text(16, y + 14, "kernels", "class=\"small\" fill=\"#3e4c59\"");
  for (size_t i = 0; i < line.kernels.size(); ++i) {
    const Timeline::Kernel &kernel = line.kernels[i];
    const uint64_t from = std::max(kernel.begin, begin), to = std::min(kernel.end, end);
    if (from >= to)
      continue;
    const double width = x(to) - x(from);
    rect(x(from), y, width, kBand, i % 2 ? "#c3d3e8" : "#dfe8f4",
         std::to_string(i + 1) + " " + kernel.name + ": " + kernel.origin + ", " + kernel.unit + ", " +
             group(kernel.end - kernel.begin) + " cycles");
    const std::string number = std::to_string(i + 1), name = number + " " + kernel.name;
    const size_t letters = width > 10 ? size_t((width - 8) / kLetter) : 0;
    // A name with its end missing still says something; three letters do not.
    const std::string shown = name.size() <= letters         ? name
                              : letters >= number.size() + 8 ? shorten(name, letters - 1)
                              : letters >= number.size()     ? number
                                                             : "";
    if (!shown.empty())
      text(x(from) + 4, y + 14, shown, "class=\"small\" fill=\"#243b53\"");
  }
  y += kBand;
}

void Picture::drawAxis() {
  const double rough = double(end - begin) / 10, power = std::pow(10, std::floor(std::log10(std::max(rough, 1.0))));
  const double factor = rough / power;
  const uint64_t step = std::max<uint64_t>(1, uint64_t(power * (factor < 1.5   ? 1
                                                                : factor < 3.5 ? 2
                                                                : factor < 7.5 ? 5
                                                                               : 10)));
  y += 18;
  text(16, y, "cycles", "class=\"small\" fill=\"#3e4c59\"");
  for (uint64_t tick = (begin + step - 1) / step * step; tick <= end; tick += step) {
    out += "<line x1=\"" + px(x(tick)) + "\" x2=\"" + px(x(tick)) + "\" y1=\"" + px(y + 4) + "\" y2=\"" + px(y + 9) +
           "\" stroke=\"#9aa5b1\"/>\n";
    text(x(tick), y, group(tick), "class=\"small\" fill=\"#52606d\" text-anchor=\"middle\"");
  }
  y += 9;
  out += "<line x1=\"" + px(kLeft) + "\" x2=\"" + px(kLeft + kPlot) + "\" y1=\"" + px(y) + "\" y2=\"" + px(y) +
         "\" stroke=\"#9aa5b1\"/>\n";
}

void Picture::drawCore(unsigned core, bool whole) {
  const unsigned kind = line.all.cores[core].kind % 4;
  const std::string number = std::to_string(numberInKind(core));
  if (!whole) {
    // The engine that works most.
    const std::vector<Item> *most = nullptr;
    Queue queue = Queue::S;
    for (Queue candidate : {Queue::S, Queue::V, Queue::M}) {
      auto found = lanes.find({core, candidate});
      if (found == lanes.end() || (candidate == Queue::V && kind == 0))
        continue;
      most = &found->second;
      queue = candidate;
    }
    if (!most)
      return;
    y += 2;
    text(kLeft - 8, y + kThinLane - 1, "core " + number + ", " + engine::kQueueNames[unsigned(queue)],
         "font-size=\"9\" fill=\"#52606d\" text-anchor=\"end\"");
    drawLane(*most, queue, kThinLane);
    y += kThinLane;
    return;
  }
  bool headed = false;
  for (Queue queue : kLaneOrder) {
    auto found = lanes.find({core, queue});
    if (found == lanes.end())
      continue;
    if (!headed) {
      y += 20;
      text(16, y, kKindNames[kind] + (" " + number), "font-size=\"12\" font-weight=\"bold\" fill=\"#1f2933\"");
      y += 5;
      headed = true;
    }
    text(kLeft - 8, y + 13, engine::kQueueNames[unsigned(queue)],
         "class=\"small\" fill=\"#3e4c59\" text-anchor=\"end\"");
    drawLane(found->second, queue, kLane);
    y += kLane + kGap;
  }
}

void Picture::drawCores() {
  for (unsigned kind = 0; kind < 4; ++kind) {
    bool others = false;
    for (unsigned core = 0; core < line.all.cores.size(); ++core) {
      if (line.all.cores[core].kind != kind)
        continue;
      const bool whole = numberInKind(core) < view.cores;
      bool works = false;
      for (const auto &lane : lanes)
        works |= lane.first.first == core;
      if (!works)
        continue;
      if (!whole && !others) {
        y += 18;
        text(16, y, std::string("other ") + kKindNames[kind] + "s",
             "font-size=\"12\" font-weight=\"bold\" fill=\"#1f2933\"");
        y += 3;
        others = true;
      }
      drawCore(core, whole);
    }
  }
}

/// Lines through all lanes where kernels begin.
void Picture::drawBorders(double top) {
  double last = -100;
  for (const Timeline::Kernel &kernel : line.kernels) {
    if (kernel.begin <= begin || kernel.begin >= end || x(kernel.begin) - last < kWide)
      continue;
    last = x(kernel.begin);
    out += "<line x1=\"" + px(last) + "\" x2=\"" + px(last) + "\" y1=\"" + px(top) + "\" y2=\"" + px(y) +
           "\" stroke=\"#486581\" stroke-width=\"0.6\" stroke-dasharray=\"3 3\"/>\n";
  }
}

/// The kernels that take longest.
void Picture::drawTable() {
  constexpr size_t kMost = 24;
  std::vector<size_t> order;
  uint64_t total = 0;
  for (size_t i = 0; i < line.kernels.size(); ++i) {
    total += line.kernels[i].end - line.kernels[i].begin;
    order.push_back(i);
  }
  auto length = [&](size_t i) { return line.kernels[i].end - line.kernels[i].begin; };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return length(a) > length(b); });
  y += 26;
  const char *head = "class=\"small\" font-weight=\"bold\" fill=\"#1f2933\"";
  const char *right = "class=\"small\" fill=\"#3e4c59\" text-anchor=\"end\"",
             *plain = "class=\"small\" fill=\"#3e4c59\"";
  text(kLeft, y,
       order.size() > kMost ? "the " + std::to_string(kMost) + " longest of " + group(order.size()) + " launches"
                            : "launches",
       head);
  for (size_t i = 0; i < std::min(order.size(), kMost); ++i) {
    const Timeline::Kernel &kernel = line.kernels[order[i]];
    y += 16;
    char share[16];
    snprintf(share, sizeof(share), "%.1f %%", total ? 100 * double(length(order[i])) / double(total) : 0);
    text(kLeft - 8, y, std::to_string(order[i] + 1), right);
    text(kLeft + 80, y, group(length(order[i])), right);
    text(kLeft + 140, y, share, right);
    text(kLeft + 156, y, kernel.unit, plain);
    text(kLeft + 206, y, shorten(kernel.name, 60), plain);
    text(kLeft + 206 + 62 * kLetter, y, shorten(kernel.origin, 110), plain);
  }
}

std::string Picture::draw() {
  sortItems();
  drawHead();
  drawLegend();
  drawKernels();
  drawAxis();
  const double top = y;
  drawCores();
  drawBorders(top);
  drawTable();
  y += 18;
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + px(kWidth) + "\" height=\"" + px(y) +
         "\" viewBox=\"0 0 " + px(kWidth) + " " + px(y) +
         "\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"12\">\n" +
         "<style>.small { font-size: 11px; }</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fafbfc\"/>\n" + out +
         "</svg>\n";
}

} // namespace

void Timeline::reserve(const sim::Result &result) {
  unsigned here[4] = {};
  for (const sim::CoreStatistics &core : result.cores)
    ++here[core.kind % 4];
  for (unsigned kind = 0; kind < 4; ++kind)
    counts[kind] = std::max(counts[kind], here[kind]);
}

void Timeline::add(const sim::Result &result, const std::string &name, const std::string &origin,
                   const std::string &unit) {
  if (all.cores.empty())
    for (unsigned kind = 0; kind < 4; ++kind)
      for (unsigned i = 0; i < counts[kind]; ++i)
        all.cores.emplace_back().kind = kind;
  const uint64_t start = kernels.empty() ? 0 : kernels.back().end;
  kernels.push_back({name, origin, unit, start, start + result.cycles});
  // Where each of the launch's cores is among all.
  unsigned next[4] = {0, counts[0], counts[0] + counts[1], counts[0] + counts[1] + counts[2]};
  std::vector<unsigned> places;
  for (const sim::CoreStatistics &core : result.cores)
    places.push_back(next[core.kind % 4]++);
  for (sim::Event event : result.events) {
    event.core = places[event.core];
    event.start += start, event.end += start, event.done += start;
    all.events.push_back(event);
  }
  for (sim::Wait wait : result.waits) {
    wait.core = places[wait.core];
    wait.start += start, wait.end += start;
    all.waits.push_back(wait);
  }
}

bool parseWindow(const std::string &text, TimelineView &view) {
  char *rest = nullptr;
  view.begin = strtoull(text.c_str(), &rest, 10);
  if (text.empty() || *rest != ':')
    return false;
  const char *second = rest + 1;
  view.end = strtoull(second, &rest, 10);
  return rest != second && !*rest && view.begin < view.end;
}

bool isPage(const std::string &path) { return path.size() < 4 || path.compare(path.size() - 4, 4, ".svg") != 0; }

std::string drawTimeline(const Timeline &timeline, const TimelineView &view, bool asPage) {
  const std::string svg = Picture(timeline, view).draw();
  if (!asPage)
    return svg;
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + escape(timeline.title) +
         "</title>\n<style>body { margin: 0; background: #fafbfc; } svg { display: block; margin: 0 auto; max-width: "
         "100%; "
         "height: auto; }</style></head>\n<body>\n" +
         svg + "</body>\n</html>\n";
}

} // namespace gemlir
