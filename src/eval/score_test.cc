#include "eval/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens::eval {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Optional;

Item black(std::vector<Interval> intervals, Role role = Role::kDefect) {
  Item item;
  item.file = "black.mp4";
  item.clip = "clip";
  item.kind = "video.black";
  item.form = "logo";
  item.role = role;
  item.duration_s = 36;
  item.frame_s = 0.04;
  item.intervals = std::move(intervals);
  return item;
}

Item clean_twin() {
  Item item = black({});
  item.kind.clear();
  item.form = "mp4, aac";
  return item;
}

Found found(const std::string& kind, double start, double end) {
  return {.kind = kind, .start = start, .end = end, .told = start + 2, .confidence = 0.8, .measures = {}};
}

ItemScore scored(const Item& item, std::vector<Found> incidents) {
  return score_item({.item = item, .found = std::move(incidents), .error = {}});
}

Group group_of(const std::vector<ItemResult>& results) {
  return score_set(results, {"video.black"}).groups.front();
}

TEST(Score, AnIncidentThatOverlapsIsRightAndGivesItsErrors) {
  const ItemScore s = scored(black({{.start = 10, .end = 13}}), {found("video.black", 10.08, 12.9)});
  EXPECT_THAT(s.verdicts, ElementsAre(Verdict::kRight));
  EXPECT_THAT(s.matches[0].start_error, Optional(DoubleNear(0.08, 1e-9)));
  EXPECT_THAT(s.matches[0].end_error, Optional(DoubleNear(-0.1, 1e-9)));
  EXPECT_THAT(s.matches[0].delay, Optional(DoubleNear(2.08, 1e-9)));
}

TEST(Score, AnIncidentBesideTheTruthMatchesOnlyWithinTheTolerance) {
  const Item item = black({{.start = 10, .end = 13}});
  EXPECT_THAT(scored(item, {found("video.black", 13.05, 15)}).verdicts, ElementsAre(Verdict::kFalse))
      << "nearly all of it lies outside";
  EXPECT_THAT(scored(item, {found("video.black", 13.05, 13.2)}).verdicts, ElementsAre(Verdict::kRight));
  EXPECT_THAT(scored(item, {found("video.black", 13.2, 13.4)}).verdicts, ElementsAre(Verdict::kFalse));
}

TEST(Score, AnIncidentOverTheWholeItemDoesNotMatchAShortTruth) {
  const ItemScore s = scored(black({{.start = 10, .end = 13}}), {found("video.black", 0, 36)});
  EXPECT_THAT(s.verdicts, ElementsAre(Verdict::kFalse));
  EXPECT_FALSE(s.matches[0].found);
}

TEST(Score, OneIncidentOverTwoTruthsFindsBothAndTimesTheOuterEnds) {
  Item item = black({{.start = 10, .end = 11}, {.start = 11.2, .end = 12}});
  const ItemScore s = scored(item, {found("video.black", 10, 12)});
  EXPECT_THAT(s.verdicts, ElementsAre(Verdict::kRight));
  EXPECT_TRUE(s.matches[0].found);
  EXPECT_TRUE(s.matches[1].found);
  EXPECT_TRUE(s.matches[0].start_error);
  EXPECT_FALSE(s.matches[0].end_error);
  EXPECT_FALSE(s.matches[1].start_error);
  EXPECT_TRUE(s.matches[1].end_error);
}

TEST(Score, AnythingOnANegativeOfItsKindIsFalse) {
  const Item item = black({{.start = 10, .end = 11.4}}, Role::kNegative);
  EXPECT_THAT(scored(item, {found("video.black", 10, 11.4)}).verdicts, ElementsAre(Verdict::kFalse));
}

TEST(Score, WhatNeedNotBeFoundIsNeitherRightNorFalse) {
  const Item weak = black({{.start = 10, .end = 13}}, Role::kCurve);
  EXPECT_THAT(scored(weak, {found("video.black", 10, 13)}).verdicts, ElementsAre(Verdict::kIgnored));
  const Item small = black({{.start = 10, .end = 13, .required = false}});
  EXPECT_THAT(scored(small, {found("video.black", 10, 13)}).verdicts, ElementsAre(Verdict::kIgnored));
}

TEST(Score, OtherKindsAreByProductsNearTheDefectAndFalseElsewhere) {
  const Item item = black({{.start = 10, .end = 13}});
  EXPECT_THAT(scored(item, {found("video.freeze", 10, 13), found("video.freeze", 20, 23),
                            found("audio.silence", 10, 13)})
                  .verdicts,
              ElementsAre(Verdict::kByProduct, Verdict::kElsewhere, Verdict::kElsewhere));
}

TEST(Score, WhatTheClipItselfHasIsNoFalseAlarm) {
  Item twin = clean_twin();
  twin.explained = {"video.letterbox", "audio"};
  EXPECT_THAT(
      scored(twin, {found("video.letterbox", 0, 9), found("audio.hum", 0, 9), found("video.black", 0, 9)})
          .verdicts,
      ElementsAre(Verdict::kIgnored, Verdict::kIgnored, Verdict::kFalse));
}

TEST(Score, AnOffsetMustBeRightWithinTheLimitOfItsEvidence) {
  Item item = black({{.start = 0, .end = 10}});
  item.kind = "av.sync";
  item.offset_ms = 200;
  const auto verdict = [&](const std::string& form, double ms) {
    item.form = form;
    Found f = found("av.sync", 0, 10);
    f.measures = {{"offset_ms", ms}};
    return scored(item, {f}).verdicts.front();
  };
  EXPECT_EQ(verdict("content", 255), Verdict::kRight);
  EXPECT_EQ(verdict("content", 270), Verdict::kFalse);
  EXPECT_EQ(verdict("timestamps, start", 205), Verdict::kRight);
  EXPECT_EQ(verdict("timestamps, start", 220), Verdict::kFalse);
  EXPECT_EQ(verdict("content", -200), Verdict::kFalse);
}

TEST(Score, PrecisionCountsOwnItemsAndCleanTwinsAndRecallWhatMustBeFound) {
  const Group g = group_of(
      {{.item = black({{.start = 10, .end = 13}}), .found = {found("video.black", 10, 13)}, .error = {}},
       {.item = black({{.start = 10, .end = 13}}), .found = {}, .error = {}},
       {.item = black({{.start = 10, .end = 13}}, Role::kCurve), .found = {}, .error = {}},
       {.item = clean_twin(), .found = {found("video.black", 3, 6)}, .error = {}}});
  EXPECT_EQ(g.recall.of, 2);
  EXPECT_EQ(g.recall.hits, 1);
  EXPECT_THAT(g.precision(), Optional(DoubleNear(0.5, 1e-9)));
  EXPECT_NEAR(g.false_alarms_an_hour(), 100, 1e-6) << "one in 36 s";
}

TEST(Score, AKindThatNoDetectorTellsIsNotScored) {
  EXPECT_FALSE(score_set({{.item = black({}), .found = {}, .error = {}}}, {"video.freeze"})
                   .groups.front()
                   .has_detector);
}

TEST(Wilson, AgreesWithItsPublishedValues) {
  // Newcombe (1998), table I: 81 of 263, and 0 of 20.
  const Bounds b = wilson({.of = 263, .hits = 81});
  EXPECT_NEAR(b.low, 0.2553, 5e-5);
  EXPECT_NEAR(b.high, 0.3662, 5e-5);
  EXPECT_NEAR(wilson({.of = 20, .hits = 0}).high, 0.1611, 5e-5);
  EXPECT_EQ(wilson({.of = 20, .hits = 0}).low, 0);
}

TEST(Percentile, InterpolatesAndIsNothingOfNothing) {
  EXPECT_THAT(percentile({4, 1, 3, 2}, 0.5), Optional(DoubleNear(2.5, 1e-9)));
  EXPECT_EQ(percentile({}, 0.5), std::nullopt);
}

}  // namespace
}  // namespace monolens::eval
