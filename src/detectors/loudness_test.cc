#include <array>
#include <numbers>

#include "detectors/detector_runner.h"
#include "features/loudness_meter.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kRate = 48000;

// EBU Tech 3341, test case 1: a stereo sine of 1 kHz measures as many LUFS as its peak has dBFS.
void add_sine(LoudnessMeter& meter, double seconds, double dbfs) {
  std::vector<float> x(static_cast<std::size_t>(seconds * kRate));
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<float>(from_decibel(dbfs) *
                              std::sin(2 * std::numbers::pi * 1000 * static_cast<double>(i) / kRate));
  }
  const std::array<const float*, 2> channels = {x.data(), x.data()};
  meter.add(channels.data(), 0, static_cast<int>(x.size()));
}

TEST(Loudness, IsToldOfTheWholeProgrammeAtItsEnd) {
  LoudnessMeter meter(2, kRate);
  add_sine(meter, 10, -17);
  DetectorRunner run("loudness");
  run.sound({.from = 1_s, .to = 11_s, .loudness = &meter});
  EXPECT_THAT(run.findings(), IsEmpty());
  EXPECT_THAT(run.finish(15_s), ElementsAre(Found("audio.loudness", 1_s, 11_s)));
  EXPECT_NEAR(run.findings()[0].measure("integrated_loudness_lufs"), -17, 0.1);
  EXPECT_DOUBLE_EQ(run.findings()[0].measure("target_lufs"), -23);
}

TEST(Loudness, DependsOnTheDistanceFromTheTarget) {
  const struct {
    std::string_view what;
    double dbfs;
    double target;
    double seconds;
    bool found;
  } cases[] = {
      {"too loud", -20, -23, 10, true},
      {"too quiet", -30, -23, 10, true},
      {"a little too loud", -21.8, -23, 10, true},
      {"another target missed", -23, -16, 10, true},
      {"of exactly the least length", -20, -23, 5, true},
      {"on target", -23, -23, 10, false},
      {"almost too loud", -22.2, -23, 10, false},
      {"another target met", -16, -16, 10, false},
      {"too short for a programme", -20, -23, 4.9, false},
      {"silence, which has no loudness", -200, -23, 10, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    LoudnessMeter meter(2, kRate);
    add_sine(meter, c.seconds, c.dbfs);
    DetectorRunner run("loudness", {{"target_lufs", c.target}, {"tolerance_lu", 1}, {"least_s", 5}});
    const MediaTime end = MediaTime::seconds(c.seconds);
    run.sound({.from = 0_s, .to = end, .loudness = &meter});
    if (c.found) {
      EXPECT_THAT(run.finish(), ElementsAre(Found("audio.loudness", 0_s, end)));
    } else {
      EXPECT_THAT(run.finish(), IsEmpty());
    }
  }
}

TEST(Loudness, TellsATruePeakWhereItIs) {
  DetectorRunner run("loudness", {{"true_peak_dbtp", -1}});
  run.sound({.from = 0_s, .to = 5_s, .true_peak_dbtp = -6});
  run.sound({.from = 5_s, .to = 6_s, .true_peak_dbtp = 0.5});
  EXPECT_THAT(run.findings(), ElementsAre(FoundOpen("audio.loudness", 5_s)));
  run.sound({.from = 6_s, .to = 9_s, .true_peak_dbtp = -6});
  EXPECT_THAT(run.finish(), ElementsAre(Found("audio.loudness", 5_s, 6_s)));
}

TEST(Loudness, TellsTruePeaksAboveTheLimitAlone) {
  const struct {
    double dbtp;
    bool found;
  } cases[] = {{3, true}, {-0.99, true}, {-1.01, false}, {-200, false}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.dbtp);
    DetectorRunner run("loudness", {{"true_peak_dbtp", -1}});
    run.sound({.from = 0_s, .to = 3_s, .true_peak_dbtp = c.dbtp});
    EXPECT_EQ(run.finish().size(), c.found ? 1U : 0U);
  }
}

TEST(Loudness, TellsPeaksLessThanASecondApartAsOne) {
  DetectorRunner run("loudness");
  run.sound({.from = 0_s, .to = 0.01_s, .true_peak_dbtp = 0});
  run.sound({.from = 0.01_s, .to = 0.9_s, .true_peak_dbtp = -6});
  run.sound({.from = 0.9_s, .to = 0.91_s, .true_peak_dbtp = 1});
  run.sound({.from = 0.91_s, .to = 3_s, .true_peak_dbtp = -6});
  run.sound({.from = 3_s, .to = 3.01_s, .true_peak_dbtp = 0});
  EXPECT_THAT(run.finish(),
              ElementsAre(Found("audio.loudness", 0_s, 0.91_s), Found("audio.loudness", 3_s, 3.01_s)));
  EXPECT_NEAR(run.findings()[0].measure("true_peak_dbtp"), 1, 0.01);
  EXPECT_NEAR(run.findings()[1].measure("true_peak_dbtp"), 0, 0.01);
}

TEST(Loudness, KeepsProgrammeAndPeakApart) {
  LoudnessMeter meter(2, kRate);
  add_sine(meter, 10, -17);
  DetectorRunner run("loudness");
  run.sound({.from = 0_s, .to = 10_s, .true_peak_dbtp = 0, .loudness = &meter});
  ASSERT_EQ(run.finish().size(), 2U);
  EXPECT_NE(run.findings()[0].finding.part, run.findings()[1].finding.part);
}

}  // namespace
}  // namespace monolens
