#include "monitor/arrival_rhythm.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace monolens {
namespace {

using namespace std::chrono_literals;
using Millis = ArrivalRhythm::Millis;

struct Case {
  std::string name;
  bool segmented = false;
  std::vector<Millis> pauses;
  Millis stalls_after;
};

class ArrivalRhythmTest : public testing::TestWithParam<Case> {};

TEST_P(ArrivalRhythmTest, StallsAfterTwiceTheLongestPauseOfHabit) {
  ArrivalRhythm rhythm;
  rhythm.reset(2s, GetParam().segmented);
  for (const Millis pause : GetParam().pauses) rhythm.add(pause);
  EXPECT_EQ(rhythm.stalls_after(), GetParam().stalls_after);
}

INSTANTIATE_TEST_SUITE_P(
    Streams, ArrivalRhythmTest,
    testing::Values(Case{"NothingIsKnown", false, {}, 2s}, Case{"SegmentsAreNotKnownYet", true, {}, 20s},
                    Case{"TwoSegmentsAreNoHabit", true, {6s, 6s}, 20s},
                    Case{"ThreeSegmentsAre", true, {6s, 6s, 6s}, 12s},
                    Case{"TheLongestSegmentCounts", true, {4s, 6s, 5s}, 12s},
                    Case{"PausesWithinASegmentDoNotCount", true, {199ms, 0ms, 20ms, 199ms}, 20s},
                    Case{"ShortSegmentsNeverGoBelowTheLeast", true, {500ms, 500ms, 500ms}, 2s},
                    Case{"SteadyDatagrams", false, {5ms, 7ms, 5ms, 120ms}, 2s},
                    Case{"BurstsWithoutSegments", false, {1500ms, 1500ms, 1500ms}, 3s},
                    Case{"AStallIsNoPartOfTheRhythm", true, {6s, 6s, 6s, 12s, 40s}, 12s},
                    Case{"LongerThanUnknownSegmentsIsAStall", true, {20s, 20s, 20s}, 20s},
                    Case{"NeverMoreThanHalfAMinute", true, {19s, 19s, 19s}, 30s},
                    Case{"OnlyTheLastEightCount", true, {9s, 4s, 4s, 4s, 4s, 4s, 4s, 4s, 4s}, 8s}),
    [](const auto& tested) { return tested.param.name; });

TEST(ArrivalRhythm, StartsAfreshWithASession) {
  ArrivalRhythm rhythm;
  rhythm.reset(2s, true);
  for (int i = 0; i < 3; ++i) rhythm.add(6s);
  rhythm.reset(2s, false);
  EXPECT_EQ(rhythm.stalls_after(), 2s);
}

TEST(ArrivalRhythm, HoldsToALeastBeyondItsMost) {
  ArrivalRhythm rhythm;
  rhythm.reset(60s, true);
  EXPECT_EQ(rhythm.stalls_after(), 60s);
  for (int i = 0; i < 3; ++i) rhythm.add(10s);
  EXPECT_EQ(rhythm.stalls_after(), 60s);
}

}  // namespace
}  // namespace monolens
