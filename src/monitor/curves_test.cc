#include "monitor/curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace monolens {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsNan;
using namespace time_literals;

TEST(Curve, AveragesWhatFallsIntoOneStep) {
  Curve curve;
  curve.add(0_s, 10);
  curve.add(0.05_s, 20);
  curve.add(0.1_s, 7);
  EXPECT_EQ(curve.step(), MediaDuration::milliseconds(100));
  EXPECT_THAT(curve.points(curve.step()), ElementsAre(15, 7));
}

TEST(Curve, HasNoNumberWhereNothingWasMeasured) {
  Curve curve;
  curve.add(0.35_s, 5);
  EXPECT_THAT(curve.points(curve.step()), ElementsAre(IsNan(), IsNan(), IsNan(), 5));
}

TEST(Curve, LeavesOutWhatIsNoNumberOrBeforeTheBeginning) {
  Curve curve;
  curve.add(0_s, std::numeric_limits<double>::quiet_NaN());
  curve.add(0_s, -std::numeric_limits<double>::infinity());
  curve.add(MediaTime() - 1_for_s, 5);
  EXPECT_THAT(curve.points(curve.step()), IsEmpty());
}

TEST(Curve, DoublesItsStepWhenItIsFullAndLosesNothing) {
  Curve curve;
  for (int i = 0; i < 5000; ++i) curve.add(MediaTime::seconds(0.1 * i + 0.05), i);
  EXPECT_EQ(curve.step(), MediaDuration::milliseconds(400));
  const std::vector<double> points = curve.points(curve.step());
  ASSERT_EQ(points.size(), 1250U);
  EXPECT_THAT(points.front(), DoubleEq(1.5));
  EXPECT_THAT(points.back(), DoubleEq(4997.5));
}

TEST(Curve, StaysBoundedHoweverFarATimeLies) {
  Curve curve;
  curve.add(0_s, 1);
  curve.add(MediaTime::seconds(9e9), 2);
  const std::vector<double> points = curve.points(curve.step());
  EXPECT_LE(points.size(), Curve::kMostPoints);
  EXPECT_EQ(points.front(), 1);
  EXPECT_EQ(points.back(), 2);
}

TEST(Curve, IsBroughtToACoarserStepByWeightNotByAveragesOfAverages) {
  Curve curve;
  for (const double v : {1.0, 1.0, 1.0}) curve.add(0_s, v);
  curve.add(0.1_s, 5);
  EXPECT_THAT(curve.points(MediaDuration::milliseconds(200)), ElementsAre(2));
}

TEST(Curves, ShareTheCoarsestStep) {
  Curves curves;
  curves.luma.add(1_s, 1);
  EXPECT_EQ(curves.step(), MediaDuration::milliseconds(100));
  curves.motion.add(300_s, 1);
  EXPECT_EQ(curves.step(), MediaDuration::milliseconds(200));
}

}  // namespace
}  // namespace monolens
