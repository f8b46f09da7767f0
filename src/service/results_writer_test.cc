#include "service/results_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "base/gzip.h"
#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kHour = 1'767'225'600;  // 2026-01-01T00:00:00Z

class ResultsWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = Store::open(folder_.at("monolens.db"));
    ASSERT_TRUE(store);
    store_ = std::move(*store);
    auto measurements = MeasurementStore::open(folder_.at("measurements.db"));
    ASSERT_TRUE(measurements);
    measurements_ = std::move(*measurements);
  }
  void measured(int step_s, std::int64_t start_s, const std::string& monitor = "m1") {
    const MeasurementRecord record{monitor, start_s, R"({"x":[1,1,1,1]})"};
    ASSERT_TRUE(measurements_->put(step_s, {&record, 1}));
  }
  void incident(const std::string& id, std::int64_t started_s, std::optional<std::int64_t> ended_s) {
    IncidentRecord record{.id = id,
                          .monitor = "m1",
                          .kind = "video.black",
                          .severity = "critical",
                          .started_ms = started_s * 1000,
                          .json = R"({"id":")" + id + R"("})"};
    if (ended_s) record.ended_ms = *ended_s * 1000;
    EventRecord event;
    ASSERT_TRUE(store_->record(record, event));
  }
  ResultsWriter writer() {
    return {*store_, *measurements_, [this](const std::string& name, std::string bytes) -> Result<void> {
              if (down_) return Error{ErrorCode::kWrite, "down"};
              names_.push_back(name);
              objects_[name] = std::move(bytes);
              return {};
            }};
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<MeasurementStore> measurements_;
  bool down_ = false;
  std::vector<std::string> names_;
  std::map<std::string, std::string> objects_;
};

TEST_F(ResultsWriterTest, WritesAnHourWithItsMinutesAndTheIncidentsThatWereOpenInIt) {
  measured(60, kHour - 60);
  measured(60, kHour);
  measured(60, kHour + 3540);
  measured(60, kHour + 3600);
  measured(3600, kHour);
  incident("before", kHour - 100, kHour - 50);
  incident("into", kHour - 100, kHour + 50);
  incident("open", kHour + 3000, std::nullopt);
  incident("after", kHour + 3700, kHour + 3800);
  ASSERT_TRUE(writer().write_due());
  ASSERT_THAT(names_, ElementsAre("m1/2026/01/01/00.jsonl.gz"));
  EXPECT_EQ(
      objects_[names_[0]],
      gzip("{\"from\":\"2026-01-01T00:00:00.000Z\",\"monitor\":\"m1\",\"schema\":\"monolens.results/1\","
           "\"until\":\"2026-01-01T01:00:00.000Z\"}\n"
           "{\"at\":\"2026-01-01T00:00:00.000Z\",\"measured\":{\"x\":[1,1,1,1]},\"step_s\":60}\n"
           "{\"at\":\"2026-01-01T00:59:00.000Z\",\"measured\":{\"x\":[1,1,1,1]},\"step_s\":60}\n"
           "{\"at\":\"2026-01-01T00:00:00.000Z\",\"measured\":{\"x\":[1,1,1,1]},\"step_s\":3600}\n"
           "{\"incident\":{\"id\":\"open\"}}\n"
           "{\"incident\":{\"id\":\"into\"}}\n"));
}

TEST_F(ResultsWriterTest, WritesEachHourOfEachMonitorOnce) {
  measured(3600, kHour);
  measured(3600, kHour, "m2");
  ASSERT_TRUE(writer().write_due());
  measured(3600, kHour + 3600);
  ASSERT_TRUE(writer().write_due());
  ASSERT_TRUE(writer().write_due());
  EXPECT_THAT(names_, ElementsAre("m1/2026/01/01/00.jsonl.gz", "m2/2026/01/01/00.jsonl.gz",
                                  "m1/2026/01/01/01.jsonl.gz"));
}

TEST_F(ResultsWriterTest, TriesAgainWhatCouldNotBeWritten) {
  measured(3600, kHour);
  down_ = true;
  EXPECT_FALSE(writer().write_due());
  down_ = false;
  ASSERT_TRUE(writer().write_due());
  EXPECT_EQ(names_.size(), 1U);
}

TEST_F(ResultsWriterTest, WritesFilesBeneathAFolder) {
  const auto put = results_to_folder(folder_.at("results"));
  ASSERT_TRUE(put("m1/2026/01/01/00.jsonl.gz", "bytes"));
  EXPECT_TRUE(std::filesystem::is_regular_file(folder_.path() / "results/m1/2026/01/01/00.jsonl.gz"));
  const auto blocked = results_to_folder(folder_.at("monolens.db"));
  const auto failed = blocked("m1/a", "bytes");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("monolens.db"));
}

TEST_F(ResultsWriterTest, AThreadWritesWhatIsDueAndSaysWhatFailed) {
  measured(3600, kHour);
  down_ = true;
  const ResultsThread thread(writer());
  for (int i = 0; i < 1000 && thread.trouble().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(thread.trouble(), "down");
}

}  // namespace
}  // namespace monolens
