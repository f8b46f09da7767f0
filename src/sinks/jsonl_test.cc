#include "sinks/jsonl.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/testing/temporary_folder.h"
#include "sinks/testing/event.h"

namespace monolens {
namespace {

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

SinkEvent event(const std::string& json) {
  SinkEvent e = freeze_event();
  e.json = json;
  return e;
}

TEST(Jsonl, AppendsALineForEachEvent) {
  const TemporaryFolder folder;
  const std::string path = folder.at("events.jsonl");
  std::ofstream(path) << "{\"old\":1}\n";
  auto sink = make_jsonl({.path = path, .fsync = true});
  ASSERT_TRUE(sink->send(event("{\"a\":1}")));
  ASSERT_TRUE(sink->send(event("{\"a\":2}")));
  EXPECT_EQ(content(path), "{\"old\":1}\n{\"a\":1}\n{\"a\":2}\n");
}

TEST(Jsonl, GoesOnInANewFileWhenTheOldOneWasRenamedOrRemoved) {
  const TemporaryFolder folder;
  const std::string path = folder.at("events.jsonl");
  auto sink = make_jsonl({.path = path});
  ASSERT_TRUE(sink->send(event("{\"a\":1}")));
  std::filesystem::rename(path, folder.at("events.jsonl.1"));
  ASSERT_TRUE(sink->send(event("{\"a\":2}")));
  EXPECT_EQ(content(folder.at("events.jsonl.1")), "{\"a\":1}\n");
  EXPECT_EQ(content(path), "{\"a\":2}\n");
  std::filesystem::remove(path);
  ASSERT_TRUE(sink->send(event("{\"a\":3}")));
  EXPECT_EQ(content(path), "{\"a\":3}\n");
}

TEST(Jsonl, AppendsAfterTheFileWasEmptiedInPlace) {
  const TemporaryFolder folder;
  const std::string path = folder.at("events.jsonl");
  auto sink = make_jsonl({.path = path});
  ASSERT_TRUE(sink->send(event("{\"a\":1}")));
  std::filesystem::resize_file(path, 0);
  ASSERT_TRUE(sink->send(event("{\"a\":2}")));
  EXPECT_EQ(content(path), "{\"a\":2}\n");
}

TEST(Jsonl, EndsALineThatWasWrittenInPart) {
  const TemporaryFolder folder;
  const std::string path = folder.at("events.jsonl");
  std::ofstream(path) << "{\"torn\":";
  auto sink = make_jsonl({.path = path});
  ASSERT_TRUE(sink->send(event("{\"a\":1}")));
  EXPECT_EQ(content(path), "{\"torn\":\n{\"a\":1}\n");
}

// A limit to the size of files stands in for a full disk.
TEST(Jsonl, SaysThatTheDiskIsFullAndRecoversWhenThereIsRoom) {
  const TemporaryFolder folder;
  const std::string path = folder.at("events.jsonl");
  auto sink = make_jsonl({.path = path});
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{10, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  auto full = sink->send(event("{\"a\":\"0123456789\"}"));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(full);
  EXPECT_TRUE(may_pass(full.error()));
  EXPECT_EQ(full.error().message, path + ": can't be written: File too large");
  ASSERT_TRUE(sink->send(event("{\"a\":\"0123456789\"}")));
  EXPECT_EQ(content(path), "{\"a\":\"0123\n{\"a\":\"0123456789\"}\n");
}

TEST(Jsonl, NamesAFileThatCannotBeMade) {
  const TemporaryFolder folder;
  const std::string path = folder.at("missing/events.jsonl");
  auto sink = make_jsonl({.path = path});
  auto sent = sink->send(event("{}"));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message, path + ": can't be written: No such file or directory");
  std::filesystem::create_directory(folder.at("missing"));
  EXPECT_TRUE(sink->send(event("{}")));
}

}  // namespace
}  // namespace monolens
