#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::IsEmpty;

TEST(Null, FindsNothing) {
  DetectorRunner run("null");
  run.pictures({.from = 0_s, .to = 5_s, .still = true, .dark_share = 1});
  run.sound({.from = 5_s, .to = 9_s, .peak_dbfs = -200});
  run.event({.type = StreamEvent::Type::kStalled, .time = 9_s});
  run.pass(20_s);
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Null, AsksForNothing) {
  const DetectorInfo& info = *find_detector("null").value();
  FeatureOptions features;
  info.request(Options(info.options), features);
  EXPECT_FALSE(features.luma || features.chroma || features.stillness || features.flatness ||
               features.color_bars || features.active_area);
  EXPECT_FALSE(features.levels || features.correlation || features.loudness || features.true_peak);
}

}  // namespace
}  // namespace monolens
