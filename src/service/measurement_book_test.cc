#include "service/measurement_book.h"

#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

constexpr std::int64_t kHour = 1'700'000 * 3600LL;  // some full hour

class MeasurementBookTest : public testing::Test {
 protected:
  void SetUp() override { start(); }
  void start(MeasurementRetention retention = {}) {
    book_.reset();
    store_.reset();
    auto opened = MeasurementStore::open(folder_.at("measurements.db"));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
    book_ = std::make_unique<MeasurementBook>(*store_, retention);
  }
  void take(std::int64_t start_s, double value, const std::string& monitor = "a") {
    MeasurementBook::Second second{.monitor = monitor, .start_s = start_s, .measured = {}};
    second.measured.add("x", value);
    ASSERT_TRUE(book_->take({&second, 1}));
  }
  std::vector<MeasurementBook::Second> rows(int step_s, const std::string& monitor = "a") const {
    return book_->of(monitor, step_s, 0, 2 * kHour, 100'000);
  }

  TemporaryFolder folder_;
  std::unique_ptr<MeasurementStore> store_;
  std::unique_ptr<MeasurementBook> book_;
};

TEST_F(MeasurementBookTest, PartsOfOneSecondAreAddedUp) {
  take(kHour, 1);
  take(kHour, 5);
  const auto seconds = rows(1);
  ASSERT_EQ(seconds.size(), 1U);
  EXPECT_EQ(seconds[0].measured.quantities().at("x"),
            (Quantity{.sum = 6, .least = 1, .greatest = 5, .count = 2}));
}

TEST_F(MeasurementBookTest, AMinuteIsRolledUpSomeTimeAfterItsEnd) {
  for (int s = 0; s < 60; ++s) take(kHour + s, s);
  take(kHour + 60, 1000);
  ASSERT_TRUE(book_->roll_up(kHour + 60 + MeasurementBook::kLate_s - 1));
  EXPECT_TRUE(rows(60).empty());
  ASSERT_TRUE(book_->roll_up(kHour + 60 + MeasurementBook::kLate_s));
  const auto minutes = rows(60);
  ASSERT_EQ(minutes.size(), 1U);
  EXPECT_EQ(minutes[0].start_s, kHour);
  EXPECT_EQ(minutes[0].measured.quantities().at("x"),
            (Quantity{.sum = 1770, .least = 0, .greatest = 59, .count = 60}));
}

TEST_F(MeasurementBookTest, AnHourIsRolledUpFromItsMinutes) {
  take(kHour + 10, 1);
  take(kHour + 1800, 2);
  take(kHour + 3599, 6);
  ASSERT_TRUE(book_->roll_up(kHour + 3600 + MeasurementBook::kLate_s));
  const auto hours = rows(3600);
  ASSERT_EQ(hours.size(), 1U);
  EXPECT_EQ(hours[0].measured.quantities().at("x"),
            (Quantity{.sum = 9, .least = 1, .greatest = 6, .count = 3}));
}

TEST_F(MeasurementBookTest, GoesOnAfterAStartWhereItWas) {
  take(kHour + 10, 1);
  take(kHour + 70, 2);
  ASSERT_TRUE(book_->roll_up(kHour + 60 + MeasurementBook::kLate_s));
  take(kHour + 80, 4);
  take(kHour + 130, 8);
  start();
  ASSERT_TRUE(book_->roll_up(kHour + 180 + MeasurementBook::kLate_s));
  const auto minutes = rows(60);
  ASSERT_EQ(minutes.size(), 3U);
  EXPECT_DOUBLE_EQ(minutes[0].measured.quantities().at("x").sum, 1);
  EXPECT_DOUBLE_EQ(minutes[1].measured.quantities().at("x").sum, 6);
  EXPECT_DOUBLE_EQ(minutes[2].measured.quantities().at("x").sum, 8);
}

TEST_F(MeasurementBookTest, AStartLeavesAMinuteWholeWhoseSecondsWereForgotten) {
  start({.seconds_s = 120});
  for (int s = 0; s < 60; ++s) take(kHour + s, 1);
  take(kHour + 100, 1);
  ASSERT_TRUE(book_->roll_up(kHour + 120 + MeasurementBook::kLate_s));  // forgets the first 30 s
  ASSERT_EQ(rows(1).size(), 31U);
  start({.seconds_s = 120});
  ASSERT_TRUE(book_->roll_up(kHour + 180 + MeasurementBook::kLate_s));
  ASSERT_FALSE(rows(60).empty());
  EXPECT_EQ(rows(60)[0].measured.quantities().at("x").count, 60U);
}

TEST_F(MeasurementBookTest, ForgetsEachStepInItsTime) {
  start({.seconds_s = 600, .minutes_s = 4000, .hours_s = 100'000});
  take(kHour, 1);
  ASSERT_TRUE(book_->roll_up(kHour + 3700));
  EXPECT_TRUE(rows(1).empty());
  EXPECT_EQ(rows(60).size(), 1U);
  EXPECT_EQ(rows(3600).size(), 1U);
  ASSERT_TRUE(book_->roll_up(kHour + 7300));
  EXPECT_TRUE(rows(60).empty());
  EXPECT_EQ(rows(3600).size(), 1U);
  ASSERT_TRUE(book_->roll_up(kHour + 200'000));
  EXPECT_TRUE(rows(3600).empty());
}

TEST_F(MeasurementBookTest, MonitorsAreKeptApart) {
  take(kHour, 1, "a");
  take(kHour, 2, "b");
  ASSERT_TRUE(book_->roll_up(kHour + 90));
  EXPECT_DOUBLE_EQ(rows(60, "a")[0].measured.quantities().at("x").sum, 1);
  EXPECT_DOUBLE_EQ(rows(60, "b")[0].measured.quantities().at("x").sum, 2);
}

}  // namespace
}  // namespace monolens
