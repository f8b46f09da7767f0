// What the shell and the manual's reader make of what Monolens prints for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "app/command.h"
#include "base/testing/temporary_folder.h"
#include "base/text.h"

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;

class Shell : public testing::Test {
 protected:
  Shell() : app_("Watches.", "monolens") {
    add_check(app_);
    add_watch(app_);
    add_follow(app_);
    add_detectors(app_);
  }

  static std::string printed(const monolens::Run& run) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(run(), 0);
    std::fflush(stdout);
    return testing::internal::GetCapturedStdout();
  }

  std::string write(const std::string& name, const std::string& content) const {
    const std::string path = folder_.at(name);
    std::ofstream(path) << content;
    return path;
  }

  // The exit status and what was printed to either stream.
  static std::pair<int, std::string> run(const std::string& command) {
    std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
    std::string output;
    std::array<char, 4096> piece;
    while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), pipe))
      output.append(piece.data(), n);
    const int status = pclose(pipe);
    return {WEXITSTATUS(status), output};
  }

  // What bash offers after these words, of which the last is being typed.
  std::vector<std::string> offered(const std::string& words) {
    const std::string script = write("completion.bash", completion_);
    const std::string test = write("test.bash", "source " + script + "\nCOMP_WORDS=(" + words +
                                                    ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                                    "_monolens monolens \"${COMP_WORDS[COMP_CWORD]}\" "
                                                    "\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
                                                    "printf '%s\\n' \"${COMPREPLY[@]}\"\n");
    const auto [status, output] = run("bash " + test);
    EXPECT_EQ(status, 0) << output;
    std::vector<std::string> words_offered;
    for (const auto word : split(output, '\n')) words_offered.emplace_back(word);
    return words_offered;
  }

  CLI::App app_;
  TemporaryFolder folder_;
  std::string completion_;
};

TEST_F(Shell, ReadsTheCompletionScriptWithoutComplaint) {
  const auto [status, output] = run("bash -n " + write("completion.bash", printed(add_completion(app_))));
  EXPECT_EQ(status, 0);
  EXPECT_EQ(output, "");
}

TEST_F(Shell, CompletesCommandsOptionsAndTheirValues) {
  completion_ = printed(add_completion(app_));
  EXPECT_THAT(offered("monolens ch"), ElementsAre("check"));
  EXPECT_THAT(offered("monolens ''"),
              IsSupersetOf({"check", "watch", "follow", "detectors", "completion", "--help"}));
  EXPECT_THAT(offered("monolens check --rep"), ElementsAre("--report"));
  EXPECT_THAT(offered("monolens watch --rep"), ElementsAre());
  EXPECT_THAT(offered("monolens follow --tok"), ElementsAre("--token-file"));
  EXPECT_THAT(offered("monolens check --profile e"), ElementsAre("economy"));
  EXPECT_THAT(offered("monolens check --detectors fre"), ElementsAre("freeze"));
  EXPECT_THAT(offered("monolens check --set freeze.dur"), ElementsAre("freeze.duration_s="));
  EXPECT_THAT(offered("monolens detectors sil"), ElementsAre("silence"));
}

TEST_F(Shell, CompletesTheNamesOfFiles) {
  completion_ = printed(add_completion(app_));
  const std::string clip = write("clip.ts", "");
  EXPECT_THAT(offered("monolens check " + folder_.at("cl")), ElementsAre(clip));
}

TEST_F(Shell, ManualPageIsSoundTroff) {
  const std::string page = write("monolens.1", printed(add_man(app_)));
  if (run("command -v mandoc").first != 0) GTEST_SKIP() << "mandoc is not installed";
  // The page has no date, so that the same version is the same page.
  EXPECT_EQ(run("mandoc -T lint -W warning " + page + " | grep -v 'missing date'").second, "");
}

TEST_F(Shell, ManualPageNamesEveryCommandDetectorAndOption) {
  const std::string page = printed(add_man(app_));
  for (const char* command : {"check", "watch", "follow", "detectors", "man"}) {
    EXPECT_THAT(page, HasSubstr(std::string(".SS monolens ") + command + "\n"));
  }
  EXPECT_THAT(page, HasSubstr("\\-\\-report FILE.json"));
  for (const DetectorInfo* info : all_detectors()) {
    EXPECT_THAT(page, HasSubstr("\n.SS " + std::string(info->name) + "\n"));
    for (const OptionInfo& o : info->options) {
      EXPECT_THAT(page, HasSubstr("\n.B " + std::string(info->name) + "." + std::string(o.name) + "\n"));
    }
  }
}

TEST_F(Shell, DetectorsAreListedOrDescribed) {
  CLI::App all("", "monolens");
  const monolens::Run list = add_detectors(all);
  const std::string text = printed(list);
  for (const DetectorInfo* info : all_detectors()) EXPECT_THAT(text, HasSubstr(std::string(info->summary)));

  CLI::App one("", "monolens");
  const monolens::Run describe = add_detectors(one);
  one.parse("detectors freeze");
  EXPECT_THAT(printed(describe), HasSubstr("duration_s"));
}

}  // namespace
}  // namespace monolens
