#include "compare/alignment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace monolens {
namespace {

using namespace time_literals;
using testing::IsEmpty;

constexpr std::size_t kValues = 144;

// A programme whose picture changes all the time: what it shows at a time, with some noise.
class Programme {
 public:
  explicit Programme(unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> any(0, 1);
    for (auto& wave : waves_) wave = {any(random), any(random) * 0.6 + 0.05, any(random) * 6.28};
  }

  std::array<float, kValues> at(double t, float noise, std::mt19937& random) const {
    std::normal_distribution<float> grain(0, noise);
    std::array<float, kValues> values{};
    for (std::size_t i = 0; i < kValues; ++i) {
      const Wave& w = waves_[i];
      values[i] = static_cast<float>(100 + 60 * w.size * std::sin(6.28 * w.rate * t + w.phase)) +
                  (noise > 0 ? grain(random) : 0);
    }
    return values;
  }

 private:
  struct Wave {
    double size;
    double rate;
    double phase;
  };
  std::array<Wave, kValues> waves_;
};

struct Piece {
  double from = 0;  // of the programme, seconds
  double to = 0;
  unsigned programme = 1;
};

PrintTrack cut_of(const std::vector<Piece>& pieces, double fps, double start = 0, float noise = 1) {
  PrintTrack track(kValues);
  std::mt19937 random(7);
  double base = start;
  int n = 0;
  for (const Piece& p : pieces) {
    const Programme programme(p.programme);
    for (; n / fps + start < base + p.to - p.from - 1e-9; ++n) {
      const double t = n / fps + start;
      track.add(MediaTime::seconds(t), programme.at(p.from + t - base, noise, random), {}, 1);
    }
    base += p.to - p.from;
  }
  return track;
}

void expect_stretch(const Stretch& s, double from, double to, double offset, double tolerance = 0.002) {
  EXPECT_NEAR(s.from.seconds(), from, 0.13);
  EXPECT_NEAR(s.to.seconds(), to, 0.13);
  EXPECT_NEAR(s.offset.seconds(), offset, tolerance);
}

TEST(Align, FindsTheOffsetOfACopy) {
  const PrintTrack reference = cut_of({{0, 20}}, 25);
  for (const double start : {0.0, 0.04, 0.5, 3.0}) {
    SCOPED_TRACE(start);
    const auto found = align(reference, cut_of({{0, 20}}, 25, start, 2));
    ASSERT_EQ(found.size(), 1u);
    expect_stretch(found[0], 0, 20, start);
    EXPECT_GT(found[0].likeness, 0.98);
  }
}

TEST(Align, FindsTheOffsetAtAnotherRateOfPictures) {
  const PrintTrack reference = cut_of({{0, 20}}, 25);
  for (const double fps : {10.0, 24.0, 29.97, 50.0}) {
    SCOPED_TRACE(fps);
    const auto found = align(reference, cut_of({{0, 20}}, fps, 1));
    ASSERT_EQ(found.size(), 1u);
    expect_stretch(found[0], 0, 20, 1, 0.01);
  }
}

TEST(Align, FindsAMissingPassage) {
  const auto found = align(cut_of({{0, 30}}, 25), cut_of({{0, 10}, {14, 30}}, 25));
  ASSERT_EQ(found.size(), 2u);
  expect_stretch(found[0], 0, 10, 0);
  expect_stretch(found[1], 14, 30, -4);
}

TEST(Align, FindsAnInsertedPassage) {
  const auto found = align(cut_of({{0, 30}}, 25), cut_of({{0, 10}, {0, 5, 2}, {10, 30}}, 25));
  ASSERT_EQ(found.size(), 2u);
  expect_stretch(found[0], 0, 10, 0);
  expect_stretch(found[1], 10, 30, 5);
}

TEST(Align, FindsAReplacedPassage) {
  const auto found = align(cut_of({{0, 30}}, 25), cut_of({{0, 10}, {0, 4, 2}, {14, 30}}, 25));
  ASSERT_EQ(found.size(), 2u);
  expect_stretch(found[0], 0, 10, 0);
  expect_stretch(found[1], 14, 30, 0);
}

TEST(Align, FindsSeveralCuts) {
  const auto found =
      align(cut_of({{0, 60}}, 25), cut_of({{2, 12}, {15, 30}, {0, 3, 2}, {30, 40}, {45, 60}}, 25));
  ASSERT_EQ(found.size(), 4u);
  expect_stretch(found[0], 2, 12, -2);
  expect_stretch(found[1], 15, 30, -5);
  expect_stretch(found[2], 30, 40, -2);
  expect_stretch(found[3], 45, 60, -7);
}

TEST(Align, FindsAnExcerpt) {
  const auto found = align(cut_of({{0, 60}}, 25), cut_of({{40, 45}}, 25));
  ASSERT_EQ(found.size(), 1u);
  expect_stretch(found[0], 40, 45, -40);
}

TEST(Align, FindsEachPassageOnceWhereTheReferenceRepeats) {
  const auto found = align(cut_of({{0, 5}, {0, 5}, {0, 5}}, 25), cut_of({{0, 5}}, 25));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR((found[0].to - found[0].from).seconds(), 5, 0.2);
}

TEST(Align, FindsNothingInAnotherProgramme) {
  EXPECT_THAT(align(cut_of({{0, 20}}, 25), cut_of({{0, 20, 2}}, 25)), IsEmpty());
}

TEST(Align, FindsNothingInNothing) {
  const PrintTrack none(kValues);
  const PrintTrack some = cut_of({{0, 5}}, 25);
  EXPECT_THAT(align(none, some), IsEmpty());
  EXPECT_THAT(align(some, none), IsEmpty());
  PrintTrack flat(kValues);
  for (int i = 0; i < 100; ++i) flat.add(MediaTime::seconds(i * 0.04), std::array<float, kValues>{}, {}, 1);
  EXPECT_THAT(align(flat, flat), IsEmpty());
}

}  // namespace
}  // namespace monolens
