#include <gtest/gtest.h>

#include "detectors/detector_runner.h"

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Of one shot.
void show(DetectorRunner& run, Pictures pictures) {
  pictures.first_change = 0;
  run.pictures(pictures);
}

TEST(Corruption, BeginsWithTheFirstPictureThatShowsItAndEndsWithTheFirstThatDoesNot) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 2_s, .corrupt_share = 0});
  show(run, {.from = 2_s, .to = 4_s, .corrupt_share = 0.05});
  show(run, {.from = 4_s, .to = 6_s, .corrupt_share = 0});
  ASSERT_THAT(run.finish(), ElementsAre(Found("video.corruption", 2_s, 4_s)));
  EXPECT_NEAR(run.findings()[0].measure("area_share"), 0.05, 0.005);
}

TEST(Corruption, LastsToTheEndOfTheInput) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 2_s, .corrupt_share = 0});
  show(run, {.from = 2_s, .to = 4_s, .corrupt_share = 0.2});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.corruption", 2_s, 4_s)));
}

TEST(Corruption, LeavesASmallAreaAlone) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 4_s, .corrupt_share = 0.015});
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Corruption, BelievesASmallerAreaWhileTheDecoderTellsOfDamage) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 1_s, .corrupt_share = 0});
  show(run, {.from = 1_s, .to = 2_s, .corrupt_share = 0.015, .suspect = true});
  show(run, {.from = 2_s, .to = 3_s, .corrupt_share = 0});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.corruption", 1_s, 2_s)));
}

TEST(Corruption, SaysNothingOfDamageThatThePictureDoesNotShow) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 4_s, .corrupt_share = 0, .suspect = true});
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Corruption, BelievesLessCertainBlocksWhileChangesAreTorn) {
  for (const auto& [torn, count] : {std::pair{2.4, 0U}, {2.6, 1U}}) {
    DetectorRunner run("corruption");
    show(run, {.from = 0_s, .to = 1_s, .corrupt_share = 0});
    show(run, {.from = 1_s, .to = 2_s, .corrupt_share = 0.08, .corrupt_probability = 0.75, .torn = torn});
    show(run, {.from = 2_s, .to = 3_s, .corrupt_share = 0});
    const auto found = run.finish();
    ASSERT_EQ(found.size(), count) << torn;
    if (count > 0) {
      EXPECT_THAT(found, ElementsAre(Found("video.corruption", 1_s, 2_s)));
    }
  }
}

TEST(Corruption, BelievesTornChangesForAMoment) {
  for (const auto& [later, count] : {std::pair{0.4_for_s, 1U}, {0.6_for_s, 0U}}) {
    DetectorRunner run("corruption");
    show(run, {.from = 0_s, .to = 1_s, .corrupt_share = 0});
    show(run, {.from = 1_s, .to = 1.04_s, .corrupt_share = 0, .torn = 9});
    show(run, {.from = 1.04_s, .to = 1_s + later, .corrupt_share = 0});
    show(run, {.from = 1_s + later, .to = 3_s, .corrupt_share = 0.2, .corrupt_probability = 0.8});
    EXPECT_EQ(run.finish().size(), count) << later.seconds();
  }
}

TEST(Corruption, BelievesNoSinglePictureForTornChanges) {
  for (const auto& [to, count] : {std::pair{1.04_s, 0U}, {1.08_s, 1U}}) {
    DetectorRunner run("corruption");
    show(run, {.from = 0_s, .to = 1_s, .corrupt_share = 0});
    show(run, {.from = 1_s, .to = to, .corrupt_share = 0.3, .corrupt_probability = 0.8, .torn = 9});
    show(run, {.from = to, .to = 3_s, .corrupt_share = 0});
    EXPECT_EQ(run.finish().size(), count) << to.seconds();
  }
}

TEST(Corruption, SaysNothingOfTornChangesAlone) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 4_s, .corrupt_share = 0.04, .corrupt_probability = 0.9, .torn = 9});
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Corruption, AllowsForTheSeamsThatAShotShowsAllAlong) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 2_s, .corrupt_share = 0.1, .corrupt_probability = 0.8});
  show(run, {.from = 2_s, .to = 4_s, .corrupt_share = 0.18, .corrupt_probability = 0.8, .torn = 9});
  EXPECT_THAT(run.finish(), IsEmpty());
}

TEST(Corruption, BelievesOnePictureOfLargeAreaAndNotOneOfSmall) {
  for (const auto& [share, count] : {std::pair{0.05, 0U}, {0.3, 1U}}) {
    DetectorRunner run("corruption");
    show(run, {.from = 0_s, .to = 1_s, .corrupt_share = 0});
    show(run, {.from = 1_s, .to = 1.04_s, .corrupt_share = share});
    show(run, {.from = 1.04_s, .to = 3_s, .corrupt_share = 0});
    EXPECT_EQ(run.finish().size(), count) << share;
  }
}

TEST(Corruption, StaysOneIncidentThroughMomentsThatLookWhole) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 1_s, .corrupt_share = 0.2});
  show(run, {.from = 1_s, .to = 1.2_s, .corrupt_share = 0});
  show(run, {.from = 1.2_s, .to = 2_s, .corrupt_share = 0.2});
  show(run, {.from = 2_s, .to = 3_s, .corrupt_share = 0});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.corruption", 0_s, 2_s)));
}

TEST(Corruption, GoesOnInPicturesThatWereNotLookedAt) {
  DetectorRunner run("corruption");
  show(run, {.from = 0_s, .to = 1_s, .corrupt_share = 0.2});
  show(run, {.from = 1_s, .to = 2_s});
  show(run, {.from = 2_s, .to = 2.04_s, .corrupt_share = 0});
  show(run, {.from = 2.04_s, .to = 3_s});
  EXPECT_THAT(run.finish(), ElementsAre(Found("video.corruption", 0_s, 2_s)));
}

TEST(Corruption, GivesTheMapOfThePictureAndTellsSlicesFromBlocks) {
  DetectorRunner slices("corruption");
  show(slices, {.from = 0_s, .to = 1_s, .corrupt_share = 0.5});
  const Finding& torn = slices.finish().at(0).finding;
  EXPECT_THAT(torn.note, testing::HasSubstr("slices"));

  DetectorRunner blocks("corruption");
  show(blocks, {.from = 0_s, .to = 1_s, .corrupt_share = 0.022, .suspect = true});
  EXPECT_THAT(blocks.finish().at(0).finding.note, testing::HasSubstr("blocks"));
}

}  // namespace
}  // namespace monolens
