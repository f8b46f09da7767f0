#include "app/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using namespace time_literals;

class EventLogs : public testing::Test {
 protected:
  EventLogs() {
    incident_.kind = "video.black";
    input_.url = "clip.ts";
  }

  std::string path() const { return folder_.at("events.jsonl"); }
  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    std::ifstream file(path());
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  void write(EventLog& log) const {
    log.write(input_, {.type = IncidentEvent::Type::kOpen, .at = 2_s, .incident = &incident_});
  }

  TemporaryFolder folder_;
  Incident incident_;
  InputInfo input_;
};

TEST_F(EventLogs, HoldALineAnEventTheMomentItIsWritten) {
  auto log = EventLog::open(path());
  ASSERT_TRUE(log);
  write(**log);
  ASSERT_EQ(lines().size(), 1U);
  write(**log);
  ASSERT_EQ(lines().size(), 2U);
  const json event = json::parse(lines()[0]);
  EXPECT_EQ(event["event"], "open");
  EXPECT_EQ(event["incident"]["kind"], "video.black");
  EXPECT_TRUE((*log)->status());
}

TEST_F(EventLogs, KeepLinesWholeThoughSeveralThreadsWrite) {
  auto log = EventLog::open(path());
  ASSERT_TRUE(log);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) write(**log);
      });
    }
  }
  ASSERT_EQ(lines().size(), 200U);
  for (const std::string& line : lines()) EXPECT_TRUE(json::accept(line));
}

TEST_F(EventLogs, BeginAnew) {
  std::ofstream(path()) << "old\nlines\n";
  auto log = EventLog::open(path());
  ASSERT_TRUE(log);
  write(**log);
  EXPECT_EQ(lines().size(), 1U);
}

TEST_F(EventLogs, WithoutAPathWriteNothing) {
  auto log = EventLog::open("");
  ASSERT_TRUE(log);
  write(**log);
  EXPECT_TRUE((*log)->status());
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(EventLogs, AreStandardOutputForADash) {
  testing::internal::CaptureStdout();
  {
    auto log = EventLog::open("-");
    ASSERT_TRUE(log);
    write(**log);
  }
  EXPECT_TRUE(json::accept(testing::internal::GetCapturedStdout()));
}

TEST_F(EventLogs, AreRefusedWhereNoFileCanBe) {
  auto log = EventLog::open(folder_.at("none/events.jsonl"));
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::kWrite);
  EXPECT_THAT(log.error().message, HasSubstr("can't be written: No such file"));
}

TEST_F(EventLogs, TellAFullDisk) {
  if (!fs::is_character_file("/dev/full")) GTEST_SKIP();
  fs::create_symlink("/dev/full", path());
  auto log = EventLog::open(path());
  ASSERT_TRUE(log);
  write(**log);
  auto status = (*log)->status();
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kWrite);
  EXPECT_THAT(status.error().message, HasSubstr("No space left"));
}

TEST_F(EventLogs, TakeAwayOnlyAnEmptyFileOfTheirOwn) {
  {
    auto log = EventLog::open(path());
    ASSERT_TRUE(log);
    (*log)->discard_if_empty();
  }
  EXPECT_FALSE(fs::exists(path()));
  {
    auto log = EventLog::open(path());
    ASSERT_TRUE(log);
    write(**log);
    (*log)->discard_if_empty();
  }
  EXPECT_TRUE(fs::exists(path()));
  auto log = EventLog::open(path());
  ASSERT_TRUE(log);
  (*log)->discard_if_empty();
  EXPECT_TRUE(fs::exists(path())) << "it stood there before";
}

}  // namespace
}  // namespace monolens
