#include "store/measurement_store.h"

#include <gtest/gtest.h>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

using Records = std::vector<MeasurementRecord>;

class MeasurementStoreTest : public testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    store_.reset();
    auto opened = MeasurementStore::open(folder_.at("measurements.db"));
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  Records all(const std::string& monitor, int step_s) const {
    return store_->of(monitor, step_s, 0, 1'000'000, 1000);
  }

  TemporaryFolder folder_;
  std::unique_ptr<MeasurementStore> store_;
};

TEST_F(MeasurementStoreTest, GivesBackWhatWasPutInOrderAndAfterAStart) {
  const Records records = {{"a", 12, "{}"}, {"a", 10, R"({"x":1})"}, {"b", 11, "{}"}};
  ASSERT_TRUE(store_->put(1, records));
  open();
  EXPECT_EQ(all("a", 1), (Records{{"a", 10, R"({"x":1})"}, {"a", 12, "{}"}}));
  EXPECT_EQ(all("b", 1), (Records{{"b", 11, "{}"}}));
  EXPECT_TRUE(all("a", 60).empty());
  EXPECT_EQ(store_->monitors(1), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(store_->monitors(60).empty());
}

TEST_F(MeasurementStoreTest, AnIntervalHasItsBeginningAndNotItsEnd) {
  ASSERT_TRUE(store_->put(1, Records{{"a", 10, "{}"}, {"a", 11, "{}"}, {"a", 12, "{}"}}));
  const auto some = store_->of("a", 1, 10, 12, 100);
  ASSERT_EQ(some.size(), 2U);
  EXPECT_EQ(some[0].start_s, 10);
  EXPECT_EQ(store_->of("a", 1, 10, 13, 1).size(), 1U);
}

TEST_F(MeasurementStoreTest, ReplacesWhatWasThere) {
  ASSERT_TRUE(store_->put(60, Records{{"a", 60, "old"}}));
  ASSERT_TRUE(store_->put(60, Records{{"a", 60, "new"}}));
  EXPECT_EQ(all("a", 60), (Records{{"a", 60, "new"}}));
}

TEST_F(MeasurementStoreTest, KnowsTheLatest) {
  EXPECT_FALSE(store_->latest("a", 1));
  ASSERT_TRUE(store_->put(1, Records{{"a", 10, "{}"}, {"a", 30, "{}"}, {"b", 90, "{}"}}));
  EXPECT_EQ(store_->latest("a", 1), 30);
}

TEST_F(MeasurementStoreTest, ForgetsOfOneStepWhatIsBefore) {
  ASSERT_TRUE(store_->put(1, Records{{"a", 10, "{}"}, {"a", 20, "{}"}, {"b", 5, "{}"}}));
  ASSERT_TRUE(store_->put(60, Records{{"a", 0, "{}"}}));
  ASSERT_TRUE(store_->forget_before(1, 20));
  EXPECT_EQ(all("a", 1).size(), 1U);
  EXPECT_TRUE(all("b", 1).empty());
  EXPECT_EQ(all("a", 60).size(), 1U);
}

TEST_F(MeasurementStoreTest, KnowsWhichHoursWereWrittenElsewhere) {
  ASSERT_TRUE(store_->put(3600, Records{{"b", 3600, "{}"}, {"a", 7200, "{}"}, {"a", 3600, "{}"}}));
  ASSERT_TRUE(store_->put(60, Records{{"a", 60, "{}"}}));
  EXPECT_EQ(store_->unwritten_hours(), (Records{{"a", 3600, ""}, {"b", 3600, ""}, {"a", 7200, ""}}));
  ASSERT_TRUE(store_->mark_written({"a", 3600, ""}));
  ASSERT_TRUE(store_->mark_written({"a", 3600, ""}));
  open();
  EXPECT_EQ(store_->unwritten_hours(), (Records{{"b", 3600, ""}, {"a", 7200, ""}}));
}

TEST(MeasurementStore, AFileThatIsNoDatabaseIsAnError) {
  const TemporaryFolder folder;
  auto opened = MeasurementStore::open(folder.path().string());
  EXPECT_FALSE(opened);
}

}  // namespace
}  // namespace monolens
