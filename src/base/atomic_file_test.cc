#include "base/atomic_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AtomicFiles : public testing::Test {
 protected:
  std::string at(const std::string& name) const { return folder_.at(name); }
  static std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    return names;
  }

  TemporaryFolder folder_;
};

TEST_F(AtomicFiles, AppearWholeWhenCommitted) {
  auto file = AtomicFile::create(at("report.json"));
  ASSERT_TRUE(file);
  EXPECT_FALSE(fs::exists(at("report.json")));
  ASSERT_TRUE(file->commit("{}\n"));
  EXPECT_EQ(content(at("report.json")), "{}\n");
  EXPECT_THAT(names(), ElementsAre("report.json"));
}

TEST_F(AtomicFiles, LeaveNothingBehindWithoutACommit) {
  { ASSERT_TRUE(AtomicFile::create(at("report.json"))); }
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(AtomicFiles, KeepWhatStoodThereUntilCommitted) {
  std::ofstream(at("report.json")) << "old";
  auto file = AtomicFile::create(at("report.json"));
  ASSERT_TRUE(file);
  EXPECT_EQ(content(at("report.json")), "old");
  ASSERT_TRUE(file->commit("new"));
  EXPECT_EQ(content(at("report.json")), "new");
}

TEST_F(AtomicFiles, GetTheRightsThatTheUsersMaskAllows) {
  const mode_t before = umask(027);
  auto file = AtomicFile::create(at("report.json"));
  umask(before);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->commit("x"));
  struct stat st {};
  ASSERT_EQ(stat(at("report.json").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777U, 0640U);
}

TEST_F(AtomicFiles, AreHandedOnByMoving) {
  std::optional<AtomicFile> kept;
  {
    auto file = AtomicFile::create(at("a"));
    ASSERT_TRUE(file);
    kept.emplace(std::move(*file));
  }
  ASSERT_TRUE(kept->commit("moved"));
  auto other = AtomicFile::create(at("b"));
  ASSERT_TRUE(other);
  *kept = std::move(*other);
  ASSERT_TRUE(kept->commit("assigned"));
  EXPECT_EQ(content(at("a")), "moved");
  EXPECT_EQ(content(at("b")), "assigned");
}

TEST_F(AtomicFiles, AreRefusedWhereNoFileCanBe) {
  auto in_no_folder = AtomicFile::create(at("none/report.json"));
  ASSERT_FALSE(in_no_folder);
  EXPECT_EQ(in_no_folder.error().code, ErrorCode::kWrite);
  EXPECT_THAT(in_no_folder.error().message, HasSubstr("none/report.json: can't be written: No such file"));

  auto over_a_folder = AtomicFile::create(folder_.path().string());
  ASSERT_FALSE(over_a_folder);
  EXPECT_THAT(over_a_folder.error().message, HasSubstr("Is a directory"));
}

TEST_F(AtomicFiles, TellAFullDiskAndWriteADeviceInPlace) {
  if (!fs::is_character_file("/dev/full")) GTEST_SKIP();
  fs::create_symlink("/dev/full", at("full"));
  auto file = AtomicFile::create(at("full"));
  ASSERT_TRUE(file);
  auto written = file->commit("x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kWrite);
  EXPECT_THAT(written.error().message, HasSubstr("full: can't be written: No space left"));
  EXPECT_THAT(names(), ElementsAre("full"));
  EXPECT_TRUE(fs::is_symlink(at("full")));
}

TEST_F(AtomicFiles, TellARenameThatFailsAndTakeTheTemporaryFileAway) {
  auto file = AtomicFile::create(at("report.json"));
  ASSERT_TRUE(file);
  fs::create_directories(at("report.json/in_the_way"));
  auto written = [&] {
    AtomicFile last = std::move(*file);
    return last.commit("x");
  }();
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kWrite);
  EXPECT_THAT(names(), ElementsAre("report.json"));
}

TEST_F(AtomicFiles, AreWrittenInPlaceToAPipe) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] { read = content(at("pipe")); });
  auto file = AtomicFile::create(at("pipe"));
  EXPECT_TRUE(file && file->commit("through"));
  reader.join();
  EXPECT_EQ(read, "through");
  EXPECT_TRUE(fs::is_fifo(at("pipe")));
}

TEST_F(AtomicFiles, AreStandardOutputForADash) {
  testing::internal::CaptureStdout();
  auto file = AtomicFile::create("-");
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->commit("to standard output"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "to standard output");
  EXPECT_GE(fcntl(STDOUT_FILENO, F_GETFD), 0) << "standard output stays open";
}

TEST(WriteAll, WritesOnWhenTheSystemTakesOnlyAPart) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const std::string content(1'000'000, 'x');  // more than a pipe holds
  std::string read;
  std::thread reader([&] {
    char piece[65536];
    for (ssize_t n = 0; (n = ::read(ends[0], piece, sizeof piece)) > 0;) {
      read.append(piece, static_cast<std::size_t>(n));
    }
  });
  EXPECT_TRUE(write_all(ends[1], content));
  close(ends[1]);
  reader.join();
  close(ends[0]);
  EXPECT_EQ(read, content);
}

TEST(WriteAll, FailsOnADescriptorThatIsNotOpen) { EXPECT_FALSE(write_all(-1, "x")); }

}  // namespace
}  // namespace monolens
