#include "media/ts_repetition.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace monolens {
namespace {

using What = TsRepetition::What;

constexpr std::uint64_t kStep = 27'000 * 40;  // 40 ms
constexpr std::uint32_t kOwner = 1;
constexpr std::uint16_t kPid = 256;

class TsRepetitionTest : public testing::Test {
 protected:
  void expect(What what) {
    const TsRepetition::Expected list[] = {{what, kPid}};
    repetition_.expect(kOwner, list);
  }
  // Goes on for a while in which `what` comes every `every_ms`, 0 = never; how often it was late.
  std::size_t pass(int ms, What what, int every_ms) {
    std::vector<TsRepetition::Expected> late;
    for (int at = 0; at < ms; at += 40) {
      if (every_ms > 0 && at % every_ms == 0) repetition_.saw(what, kPid);
      repetition_.advance(kStep, late);
    }
    return late.size();
  }

  TsRepetition repetition_;
};

TEST_F(TsRepetitionTest, TellsOnceOfATableThatStaysAwayForMoreThanHalfASecond) {
  expect(What::kTable);
  EXPECT_EQ(pass(2'000, What::kTable, 120), 0U);
  EXPECT_EQ(pass(400, What::kTable, 0), 0U);
  EXPECT_EQ(pass(3'000, What::kTable, 0), 1U);
  EXPECT_EQ(pass(2'000, What::kTable, 120), 0U);
}

TEST_F(TsRepetitionTest, AllowsTwiceWhatIsUsual) {
  expect(What::kTable);
  EXPECT_EQ(pass(8'000, What::kTable, 2'000), 0U);
  EXPECT_EQ(pass(1'800, What::kTable, 0), 0U);
  EXPECT_EQ(pass(4'000, What::kTable, 0), 1U);
}

TEST_F(TsRepetitionTest, WaitsFiveSecondsForAPidThatNeverCame) {
  expect(What::kPid);
  EXPECT_EQ(pass(4'900, What::kPid, 0), 0U);
  EXPECT_EQ(pass(1'000, What::kPid, 0), 1U);
}

TEST_F(TsRepetitionTest, DoesNotMissTimeStampsThatNeverCame) {
  expect(What::kPts);
  EXPECT_EQ(pass(60'000, What::kPts, 0), 0U);
}

TEST_F(TsRepetitionTest, WaitsAnewAfterARestart) {
  expect(What::kPid);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(pass(4'000, What::kPid, 0), 0U);
    repetition_.restart();
  }
}

TEST_F(TsRepetitionTest, ForgetsWhatIsNotExpectedAnyMore) {
  expect(What::kPid);
  repetition_.forget_but(kOwner + 1);
  EXPECT_EQ(pass(60'000, What::kPid, 0), 0U);
}

TEST_F(TsRepetitionTest, ExpectsALimitedNumber) {
  std::vector<TsRepetition::Expected> list;
  for (std::uint16_t pid = 0; pid < 1'000; ++pid) list.push_back({What::kPid, pid});
  repetition_.expect(kOwner, list);
  EXPECT_EQ(pass(6'000, What::kPid, 0), 256U);
}

}  // namespace
}  // namespace monolens
