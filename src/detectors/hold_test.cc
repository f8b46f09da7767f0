#include "detectors/hold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens {
namespace {

using namespace time_literals;

constexpr bool kPresent = true;
constexpr bool kGone = false;

void expect(Hold::Change change, bool opened, bool closed) {
  EXPECT_EQ(change.opened, opened);
  EXPECT_EQ(change.closed, closed);
}

TEST(Hold, OpensOnceTheConditionHasHeldLongEnough) {
  Hold hold(2_for_s, {});
  expect(hold.observe(kPresent, 10_s, 11_s), false, false);
  EXPECT_FALSE(hold.is_open());
  EXPECT_TRUE(hold.is_running());
  expect(hold.observe(kPresent, 11_s, 12_s), true, false);
  EXPECT_TRUE(hold.is_open());
  EXPECT_EQ(hold.start(), 10_s);
  expect(hold.observe(kPresent, 12_s, 13_s), false, false);
  EXPECT_EQ(hold.start(), 10_s);
}

TEST(Hold, OpensWithTheFirstSampleWhereNoTimeIsAsked) {
  Hold hold({}, {});
  expect(hold.observe(kPresent, 10_s, 10_s), true, false);
}

TEST(Hold, DoesNothingWhileTheConditionIsAbsent) {
  Hold hold({}, {});
  expect(hold.observe(kGone, 0_s, 1_s), false, false);
  expect(hold.finish(1_s), false, false);
  EXPECT_FALSE(hold.is_running());
}

TEST(Hold, ClosesWithTheFirstGoodSample) {
  Hold hold(2_for_s, {});
  hold.observe(kPresent, 0_s, 3_s);
  expect(hold.observe(kGone, 3_s, 4_s), false, true);
  EXPECT_EQ(hold.end(), 3_s);
  EXPECT_FALSE(hold.is_open());
  EXPECT_FALSE(hold.is_running());
}

TEST(Hold, ForgetsWhatWasTooShort) {
  Hold hold(2_for_s, {});
  hold.observe(kPresent, 0_s, 1.9_s);
  expect(hold.observe(kGone, 1.9_s, 2_s), false, false);
  hold.observe(kPresent, 2_s, 3_s);
  EXPECT_EQ(hold.start(), 2_s);
  EXPECT_FALSE(hold.is_open());
}

TEST(Hold, ClosesAfterTheAbsenceHasLastedAndSaysWhereItBegan) {
  Hold hold({}, 1_for_s);
  hold.observe(kPresent, 0_s, 1_s);
  expect(hold.observe(kGone, 1_s, 1.5_s), false, false);
  EXPECT_TRUE(hold.is_open());
  expect(hold.observe(kGone, 1.5_s, 2_s), false, true);
  EXPECT_EQ(hold.end(), 1_s);
}

TEST(Hold, IgnoresAShorterAbsenceBeforeItHasOpened) {
  Hold hold(2_for_s, 1_for_s);
  hold.observe(kPresent, 0_s, 1_s);
  hold.observe(kGone, 1_s, 1.9_s);
  expect(hold.observe(kPresent, 1.9_s, 2_s), true, false);
  EXPECT_EQ(hold.start(), 0_s);
}

TEST(Hold, IgnoresAShorterAbsenceAfterItHasOpened) {
  Hold hold({}, 1_for_s);
  hold.observe(kPresent, 0_s, 1_s);
  hold.observe(kGone, 1_s, 1.9_s);
  expect(hold.observe(kPresent, 1.9_s, 3_s), false, false);
  expect(hold.observe(kGone, 3_s, 3.9_s), false, false);
  EXPECT_TRUE(hold.is_open());
  expect(hold.observe(kGone, 3.9_s, 4_s), false, true);
  EXPECT_EQ(hold.end(), 3_s);
}

TEST(Hold, CountsTimeThatNoSampleCoversAsTheSampleBefore) {
  Hold hold(2_for_s, {});
  hold.observe(kPresent, 0_s, 1_s);
  expect(hold.observe(kGone, 5_s, 6_s), true, true);
  EXPECT_EQ(hold.start(), 0_s);
  EXPECT_EQ(hold.end(), 5_s);
}

TEST(Hold, LastsToTheEnd) {
  Hold open(1_for_s, {});
  open.observe(kPresent, 0_s, 1_s);
  expect(open.finish(5_s), false, true);
  EXPECT_EQ(open.end(), 5_s);

  Hold confirmed_by_the_end(2_for_s, {});
  confirmed_by_the_end.observe(kPresent, 0_s, 1_s);
  expect(confirmed_by_the_end.finish(2_s), true, true);

  Hold too_short(2_for_s, {});
  too_short.observe(kPresent, 0_s, 1_s);
  expect(too_short.finish(1.9_s), false, false);
}

TEST(Hold, EndsWhereItWasGoneWhenTheInputEndsWithinTheAbsence) {
  Hold hold({}, 1_for_s);
  hold.observe(kPresent, 0_s, 1_s);
  hold.observe(kGone, 1_s, 1.5_s);
  expect(hold.finish(1.5_s), false, true);
  EXPECT_EQ(hold.end(), 1_s);
}

TEST(Hold, NeverEndsBeforeItBegan) {
  Hold hold({}, {});
  hold.observe(kPresent, 5_s, 6_s);
  hold.finish(4_s);
  EXPECT_EQ(hold.end(), 5_s);
}

TEST(Hold, OpensAgain) {
  Hold hold(1_for_s, {});
  hold.observe(kPresent, 0_s, 1_s);
  hold.observe(kGone, 1_s, 2_s);
  expect(hold.observe(kPresent, 2_s, 3_s), true, false);
  EXPECT_EQ(hold.start(), 2_s);
}

TEST(Hold, IsReportedAsABeginningAndAnEnd) {
  Hold hold(2_for_s, {});
  hold.observe(kPresent, 0_s, 1_s);
  const Hold::Change change = hold.observe(kGone, 5_s, 6_s);
  Finding finding;
  finding.kind = "video.black";
  finding.note = "black picture";
  Findings findings;
  report(change, hold, finding, findings);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].phase, Finding::Phase::kBegan);
  EXPECT_EQ(findings[1].phase, Finding::Phase::kEnded);
  for (const Finding& f : findings) {
    EXPECT_EQ(f.kind, "video.black");
    EXPECT_EQ(f.note, "black picture");
    EXPECT_EQ(f.start, 0_s);
  }
  EXPECT_EQ(findings[1].end, 5_s);
}

TEST(Hold, IsNotReportedWithoutAChange) {
  Hold hold(2_for_s, {});
  Findings findings;
  report(hold.observe(kPresent, 0_s, 1_s), hold, {}, findings);
  EXPECT_TRUE(findings.empty());
}

}  // namespace
}  // namespace monolens
