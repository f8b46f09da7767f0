#include "service/quiet_times.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

class QuietTimesTest : public testing::Test {
 protected:
  QuietTimesTest() {
    auto store = Store::open(folder_.at("monolens.db"));
    if (!store) throw std::runtime_error(store.error().message);
    store_ = std::move(*store);
  }
  static IncidentRecord incident(const std::string& monitor, const std::string& kind = "video.black",
                                 const std::string& track = "video 0") {
    return {.id = "a", .monitor = monitor, .kind = kind, .track = track};
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(QuietTimesTest, AreTheMaintenanceWindowsOfAMonitor) {
  QuietTimes quiet(*store_);
  quiet.set_windows("m", {{100, 200, ""}, {300, 400, ""}});
  const struct {
    std::int64_t at;
    bool quiet;
  } cases[] = {{99, false}, {100, true}, {199, true}, {200, false}, {350, true}, {400, false}};
  for (const auto& c : cases) {
    EXPECT_EQ(quiet.is_quiet(incident("m"), c.at), c.quiet) << c.at;
    EXPECT_FALSE(quiet.is_quiet(incident("other"), c.at));
  }
  quiet.set_windows("m", {});
  EXPECT_FALSE(quiet.is_quiet(incident("m"), 150));
}

TEST_F(QuietTimesTest, AreSnoozedOfOneKindOnOneTrack) {
  QuietTimes quiet(*store_);
  ASSERT_TRUE(quiet.snooze(incident("m"), 200));
  EXPECT_TRUE(quiet.is_quiet(incident("m"), 199));
  EXPECT_FALSE(quiet.is_quiet(incident("m"), 200));
  EXPECT_EQ(quiet.snoozed_until(incident("m"), 100), 200);
  EXPECT_EQ(quiet.snoozed_until(incident("m"), 200), std::nullopt) << "it is over";
  EXPECT_FALSE(quiet.is_quiet(incident("m", "video.freeze"), 100));
  EXPECT_FALSE(quiet.is_quiet(incident("m", "video.black", "video 1"), 100));
  EXPECT_FALSE(quiet.is_quiet(incident("n"), 100));
}

TEST_F(QuietTimesTest, OutliveARestartUntilTheyAreLifted) {
  ASSERT_TRUE(QuietTimes(*store_).snooze(incident("m"), 200));
  QuietTimes quiet(*store_);
  EXPECT_TRUE(quiet.is_quiet(incident("m"), 100));
  ASSERT_TRUE(quiet.snooze(incident("m"), std::nullopt));
  EXPECT_FALSE(quiet.is_quiet(incident("m"), 100));
  EXPECT_FALSE(QuietTimes(*store_).is_quiet(incident("m"), 100));
}

TEST_F(QuietTimesTest, GoWithTheirMonitor) {
  QuietTimes quiet(*store_);
  quiet.set_windows("m", {{100, 200, ""}});
  ASSERT_TRUE(quiet.snooze(incident("m"), 200));
  ASSERT_TRUE(quiet.snooze(incident("n"), 200));
  quiet.forget("m");
  EXPECT_FALSE(quiet.is_quiet(incident("m"), 150));
  EXPECT_TRUE(quiet.is_quiet(incident("n"), 150));
  EXPECT_FALSE(QuietTimes(*store_).is_quiet(incident("m"), 150));
}

}  // namespace
}  // namespace monolens
