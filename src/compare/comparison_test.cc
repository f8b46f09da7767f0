#include "compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace monolens {
namespace {

using namespace time_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Comparison in_step() {
  Comparison c;
  c.pictures = c.sounds = Relation::kSame;
  c.frame = 0.04_for_s;
  c.common = {{.from = 0_s, .to = 60_s, .picture = 1_for_s, .sound = 1.01_for_s}};
  return c;
}

TEST(Comparison, OfTwoThatAreInStepHasNoDifferences) {
  EXPECT_THAT(differences(in_step()), IsEmpty());
  EXPECT_EQ(in_step().sync(), 0.01_for_s);
}

TEST(Comparison, AllowsAPictureOr45Milliseconds) {
  Comparison c = in_step();
  c.common[0].sound = 1.044_for_s;
  EXPECT_THAT(differences(c), IsEmpty());
  c.common[0].sound = 1.05_for_s;
  EXPECT_THAT(differences(c), ElementsAre(HasSubstr("50 ms late")));
  c.common[0].sound = 0.9_for_s;
  EXPECT_THAT(differences(c), ElementsAre(HasSubstr("100 ms early")));
  c.frame = 0.1_for_s;
  EXPECT_THAT(differences(c), IsEmpty());
}

TEST(Comparison, KnowsNoSyncWithoutBothOffsets) {
  Comparison c = in_step();
  c.common[0].sound.reset();
  EXPECT_EQ(c.sync(), std::nullopt);
  EXPECT_EQ(c.picture_offset(), 1_for_s);
  EXPECT_EQ(c.sound_offset(), std::nullopt);
}

TEST(Comparison, TakesTheSyncOfMostOfTheProgramme) {
  Comparison c = in_step();
  c.common.push_back({.from = 60_s, .to = 70_s, .picture = 1_for_s, .sound = 3_for_s});
  EXPECT_EQ(c.sync(), 0.01_for_s);
  EXPECT_THAT(differences(c), ElementsAre(HasSubstr("2000 ms late from 60.000 s")));
}

TEST(Comparison, TellsPassagesAndTracksThatOneHasAlone) {
  Comparison c = in_step();
  c.sounds = Relation::kMissing;
  c.missing = {{.from = 5_s, .to = 8_s, .at = 5_s}};
  c.inserted = {{.from = 20_s, .to = 21_s, .at = 23_s}};
  EXPECT_THAT(differences(c),
              ElementsAre("the test has no sound", "missing from the test: 5.000 s to 8.000 s",
                          "only in the test: 20.000 s to 21.000 s"));
}

TEST(Comparison, SaysWhenNothingIsCommon) {
  Comparison c;
  c.pictures = Relation::kUnrelated;
  EXPECT_FALSE(c.related());
  EXPECT_THAT(differences(c), ElementsAre("the pictures have nothing in common"));
}

TEST(Comparison, FailsOnWhatCannotBeOpened) {
  EXPECT_FALSE(compare({.reference = "/does/not/exist", .test = "/does/not/exist"}).ok());
}

}  // namespace
}  // namespace monolens
