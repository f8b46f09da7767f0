#include "monitor/peak_meter.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

void hear(PeakMeter& meter, int at_ms, std::vector<float> peaks) {
  std::vector<ChannelFeatures> channels(peaks.size());
  for (std::size_t c = 0; c < peaks.size(); ++c) channels[c].peak = peaks[c];
  AudioFeatures hop;
  hop.time = MediaTime() + MediaDuration::milliseconds(at_ms);
  hop.channels = channels;
  meter.add(hop);
}

TEST(PeakMeter, HoldsEachChannelsPeakForHalfASecondAtLeastAndASecondAtMost) {
  PeakMeter meter;
  EXPECT_TRUE(meter.peaks().empty());
  for (int ms = 0; ms < 500; ms += 10) hear(meter, ms, {ms == 490 ? 0.5F : 0.1F, 0.2F});
  EXPECT_EQ(meter.peaks(), (std::vector<float>{0.5F, 0.2F}));
  for (int ms = 500; ms < 1'000; ms += 10) {
    hear(meter, ms, {0, 0});
    EXPECT_EQ(meter.peaks()[0], 0.5F) << ms;
  }
  hear(meter, 1'000, {0, 0});
  EXPECT_EQ(meter.peaks(), (std::vector<float>{0, 0}));
}

TEST(PeakMeter, BeginsAnewWithOtherChannels) {
  PeakMeter meter;
  hear(meter, 0, {0.5F, 0.5F});
  hear(meter, 10, {0.1F});
  EXPECT_EQ(meter.peaks(), std::vector<float>{0.1F});
}

}  // namespace
}  // namespace monolens
