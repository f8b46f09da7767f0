// The kernels on every SIMD target of this processor, beside what its memory gives: CPU time a call and the
// bytes of pixels or samples read a second.
//
// "cold" goes round more 1080p frames than a decoder's pool holds, so that neither a frame nor the one before
// it is in the second-level cache; "hot" stays with one picture of 960×540 and its reference. Answers are
// compared with the scalar reference before anything is timed; a wrong one ends the program with status 1.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "features/kernels/cpu.h"
#include "features/kernels/plane.h"
#include "features/kernels/samples.h"

namespace monolens::kernels {
namespace {

constexpr std::size_t kColdFrames = 48;
constexpr std::size_t kHotFrames = 2;
constexpr std::size_t kSamples = 48'000;
constexpr std::size_t kHistory = 11;

// Frames as a decoder makes them: rows padded to 128 pixels more than the picture, contents of video levels.
template <class Pixel>
class Frames {
 public:
  Frames(std::size_t count, int width, int height) : width_(width), height_(height) {
    std::mt19937 engine(1);
    for (std::size_t i = 0; i < count; ++i) {
      std::vector<Pixel>& frame = frames_.emplace_back(static_cast<std::size_t>((width + kPadding) * height));
      for (Pixel& pixel : frame)
        pixel = static_cast<Pixel>((40 + engine() % 180) * (sizeof(Pixel) == 2 ? 4 : 1));
    }
  }

  std::size_t count() const { return frames_.size(); }
  PlaneView<Pixel> operator[](std::size_t i) const {
    return {frames_[i % count()].data(), (width_ + kPadding) * static_cast<int>(sizeof(Pixel)), width_,
            height_};
  }
  std::size_t bytes() const { return static_cast<std::size_t>(width_ * height_) * sizeof(Pixel); }

 private:
  static constexpr int kPadding = 128;
  int width_;
  int height_;
  std::vector<std::vector<Pixel>> frames_;
};

template <class Pixel>
constexpr PlaneLimits kLimits = sizeof(Pixel) == 2 ? PlaneLimits{104, 64, 940} : PlaneLimits{26, 16, 235};

[[noreturn]] void wrong(const char* kernel) {
  fmt::print(stderr, "{} on {} differs from its reference\n", kernel, cpu_target());
  std::exit(1);
}

void force(const std::string& target) {
  if (!force_cpu_target(target)) std::exit(1);
}

void report(benchmark::State& state, std::size_t bytes) {
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}

// How fast this core reads frames if it does nothing with them: one load a cache line.
template <class Pixel>
void read_memory(benchmark::State& state, const Frames<Pixel>& frames) {
  constexpr std::size_t kLine = 64 / sizeof(Pixel);
  std::size_t i = 0;
  for (auto _ : state) {
    const PlaneView<Pixel> frame = frames[i++];
    const auto end =
        static_cast<std::size_t>(frame.stride) / sizeof(Pixel) * static_cast<std::size_t>(frame.height);
    unsigned a = 0;
    unsigned b = 0;
    for (std::size_t at = 0; at + 2 * kLine <= end; at += 2 * kLine) {
      a += frame.data[at];
      b += frame.data[at + kLine];
    }
    benchmark::DoNotOptimize(a + b);
  }
  const PlaneView<Pixel> frame = frames[0];
  report(state, static_cast<std::size_t>(frame.stride) * static_cast<std::size_t>(frame.height));
}

template <class Pixel>
void copy_memory(benchmark::State& state, const Frames<Pixel>& frames) {
  std::vector<Pixel> copy(frames.bytes() / sizeof(Pixel));
  std::size_t i = 0;
  for (auto _ : state) {
    std::memcpy(copy.data(), frames[i++].data, frames.bytes());
    benchmark::ClobberMemory();
  }
  report(state, frames.bytes());
}

template <class Pixel>
void measure(benchmark::State& state, const Frames<Pixel>& frames, bool with_reference,
             const std::string& target) {
  force(target);
  const auto other = [&](std::size_t i) { return with_reference ? frames[i] : PlaneView<Pixel>{}; };
  const auto count = static_cast<std::size_t>(cells_across(frames[0].width) * cells_across(frames[0].height));
  std::vector<Cell> cells(count);
  std::vector<Cell> expected(count);
  measure_plane(frames[0], other(1), kLimits<Pixel>, cells.data());
  reference::measure_plane(frames[0], other(1), kLimits<Pixel>, expected.data());
  if (std::memcmp(cells.data(), expected.data(), count * sizeof(Cell)) != 0) wrong("measure_plane");

  std::size_t i = 0;
  for (auto _ : state) {
    // Half the pool away, so that the reference is as cold as the frame.
    measure_plane(frames[i], other(i + frames.count() / 2), kLimits<Pixel>, cells.data());
    ++i;
  }
  report(state, frames.bytes() * (with_reference ? 2 : 1));
}

template <class Pixel>
void sum(benchmark::State& state, const Frames<Pixel>& frames, const std::string& target) {
  force(target);
  const PlaneView<Pixel> first = frames[0];
  std::vector<std::uint32_t> rows(static_cast<std::size_t>(first.height));
  std::vector<std::uint32_t> columns(static_cast<std::size_t>(first.width));
  std::vector<std::uint32_t> expected_rows(rows.size());
  std::vector<std::uint32_t> expected_columns(columns.size());
  sum_rows_and_columns(first, rows.data(), columns.data());
  reference::sum_rows_and_columns(first, expected_rows.data(), expected_columns.data());
  if (rows != expected_rows || columns != expected_columns) wrong("sum_rows_and_columns");

  std::size_t i = 0;
  for (auto _ : state) sum_rows_and_columns(frames[i++], rows.data(), columns.data());
  report(state, frames.bytes());
}

bool near(double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b); }

void measure_sound(benchmark::State& state, const std::vector<float>& sound, const std::string& target) {
  force(target);
  const SampleSums sums = measure_samples(sound.data(), kSamples, 0.9F);
  const SampleSums expected = reference::measure_samples(sound.data(), kSamples, 0.9F);
  if (!near(sums.sum_squares, expected.sum_squares) || sums.peak != expected.peak ||
      sums.over != expected.over) {
    wrong("measure_samples");
  }
  for (auto _ : state) benchmark::DoNotOptimize(measure_samples(sound.data(), kSamples, 0.9F));
  report(state, kSamples * sizeof(float));
}

void dot_sound(benchmark::State& state, const std::vector<float>& sound, const std::string& target) {
  force(target);
  const float* later = sound.data() + kHistory;
  if (!near(dot(sound.data(), sound.data(), kSamples),
            reference::dot(sound.data(), sound.data(), kSamples))) {
    wrong("dot");
  }
  for (auto _ : state) benchmark::DoNotOptimize(dot(sound.data(), later, kSamples));
  report(state, 2 * kSamples * sizeof(float));
}

void true_peak_sound(benchmark::State& state, const std::vector<float>& sound, const std::string& target) {
  force(target);
  const float* x = sound.data() + kHistory;
  if (!near(true_peak_4x(x, kSamples), reference::true_peak_4x(x, kSamples))) wrong("true_peak_4x");
  for (auto _ : state) benchmark::DoNotOptimize(true_peak_4x(x, kSamples));
  report(state, kSamples * sizeof(float));
}

std::vector<float> noise() {
  std::vector<float> sound(kHistory + kSamples);
  std::mt19937 engine(1);
  std::uniform_real_distribution<float> range(-1, 1);
  for (float& sample : sound) sample = range(engine);
  return sound;
}

template <class Run>
void add(const std::string& name, Run run) {
  benchmark::RegisterBenchmark(name.c_str(), run)->Unit(benchmark::kMillisecond);
}

template <class Pixel>
void add_planes(const std::string& depth, const Frames<Pixel>& cold, const Frames<Pixel>& hot) {
  add("memory/read/" + depth + "/cold", [&](benchmark::State& state) { read_memory(state, cold); });
  add("memory/copy/" + depth + "/cold", [&](benchmark::State& state) { copy_memory(state, cold); });
  for (const std::string& target : cpu_targets()) {
    const std::string name = depth + "/" + target;
    add("measure_plane/" + name + "/cold", [&, target](auto& state) { measure(state, cold, true, target); });
    add("measure_plane_alone/" + name + "/cold",
        [&, target](auto& state) { measure(state, cold, false, target); });
    add("measure_plane/" + name + "/hot", [&, target](auto& state) { measure(state, hot, true, target); });
    add("sum_rows_and_columns/" + name + "/cold", [&, target](auto& state) { sum(state, cold, target); });
  }
}

void add_samples(const std::vector<float>& sound) {
  for (const std::string& target : cpu_targets()) {
    add("measure_samples/1s/" + target, [&, target](auto& state) { measure_sound(state, sound, target); });
    add("dot/1s/" + target, [&, target](auto& state) { dot_sound(state, sound, target); });
    add("true_peak_4x/1s/" + target, [&, target](auto& state) { true_peak_sound(state, sound, target); });
  }
}

}  // namespace
}  // namespace monolens::kernels

int main(int argc, char** argv) {
  using namespace monolens::kernels;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  const Frames<std::uint8_t> cold8(kColdFrames, 1920, 1080);
  const Frames<std::uint8_t> hot8(kHotFrames, 960, 540);
  const Frames<std::uint16_t> cold16(kColdFrames, 1920, 1080);
  const Frames<std::uint16_t> hot16(kHotFrames, 960, 540);
  const std::vector<float> sound = noise();
  add_planes("8bit", cold8, hot8);
  add_planes("10bit", cold16, hot16);
  add_samples(sound);
  benchmark::RunSpecifiedBenchmarks();
}
