#include "store/clip_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <stdexcept>
#include <thread>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kFuture = std::numeric_limits<std::int64_t>::max();

std::unique_ptr<ClipFolder> open(const std::string& path, std::uint64_t most_bytes = 1'000'000) {
  auto folder = ClipFolder::open(path, most_bytes);
  if (!folder) throw std::runtime_error(folder.error().message);
  return std::move(*folder);
}

// `mark` a thousand times. The clips of one test are some milliseconds apart, as their order is by time.
void put(ClipFolder& folder, const std::vector<std::string>& incidents, char mark) {
  const std::vector<std::uint8_t> mp4(1'000, static_cast<std::uint8_t>(mark));
  const auto kept = folder.put(incidents, mp4);
  ASSERT_TRUE(kept) << kept.error().message;
  std::this_thread::sleep_for(10ms);
}

TEST(ClipFolder, GivesBackWhatWasPutAlsoAfterARestart) {
  const TemporaryFolder temporary;
  put(*open(temporary.at("clips")), {"0a"}, 'x');
  const auto folder = open(temporary.at("clips"));
  EXPECT_EQ(folder->get("0a"), std::string(1'000, 'x'));
  EXPECT_EQ(folder->get("0b"), std::nullopt);
}

TEST(ClipFolder, KeepsOneFileForIncidentsThatShareAClip) {
  const TemporaryFolder temporary;
  const auto folder = open(temporary.at("clips"), 1'500);
  put(*folder, {"a1", "a2", "a3"}, 'x');
  for (const char* id : {"a1", "a2", "a3"}) EXPECT_EQ(folder->get(id), std::string(1'000, 'x')) << id;
}

TEST(ClipFolder, DropsTheOldestBeyondItsBudget) {
  const TemporaryFolder temporary;
  const auto folder = open(temporary.at("clips"), 2'500);
  put(*folder, {"a1", "a2"}, 'a');
  put(*folder, {"b1"}, 'b');
  put(*folder, {"c1"}, 'c');
  EXPECT_EQ(folder->get("a1"), std::nullopt);
  EXPECT_EQ(folder->get("a2"), std::nullopt);
  EXPECT_TRUE(folder->get("b1"));
  EXPECT_TRUE(folder->get("c1"));
  EXPECT_FALSE(open(temporary.at("clips"), 1'500)->get("b1")) << "a smaller budget holds at once";
}

TEST(ClipFolder, ForgetsWhatIsOld) {
  const TemporaryFolder temporary;
  const auto folder = open(temporary.at("clips"));
  put(*folder, {"a1"}, 'a');
  folder->forget(0);
  EXPECT_TRUE(folder->get("a1"));
  folder->forget(kFuture);
  EXPECT_FALSE(folder->get("a1"));
}

TEST(ClipFolder, ReadsNothingButItsClips) {
  const TemporaryFolder temporary;
  const auto folder = open(temporary.at("clips"));
  std::ofstream(temporary.at("secret.mp4")) << "secret";
  for (const char* id : {"../secret", "", "..", "x/y", "A1", "a1.mp4"}) {
    EXPECT_FALSE(folder->get(id)) << id;
    EXPECT_FALSE(folder->put(std::vector<std::string>{id}, {})) << id;
  }
}

TEST(ClipFolder, SaysWhereItCanNotWrite) {
  const TemporaryFolder temporary;
  std::ofstream(temporary.at("file")) << "";
  const auto folder = ClipFolder::open(temporary.at("file/clips"), 1);
  ASSERT_FALSE(folder);
  EXPECT_NE(folder.error().message.find("file/clips"), std::string::npos);
}

}  // namespace
}  // namespace monolens
