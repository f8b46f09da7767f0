#include "app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing/temporary_folder.h"

namespace monolens {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

double option(const Settings& settings, std::string_view detector, std::string_view name) {
  for (const ChosenDetector& d : settings.detectors.chosen()) {
    if (d.info->name == detector) return d.options[name];
  }
  ADD_FAILURE() << detector << " is not chosen";
  return 0;
}

std::vector<std::string_view> chosen(const Settings& settings) {
  std::vector<std::string_view> names;
  for (const ChosenDetector& d : settings.detectors.chosen()) names.push_back(d.info->name);
  return names;
}

Settings parsed(std::string_view toml) {
  Settings settings;
  auto result = parse_configuration(toml, "monolens.toml", settings);
  EXPECT_TRUE(result) << result.error().message;
  return settings;
}

std::string error_of(std::string_view toml) {
  Settings settings;
  auto result = parse_configuration(toml, "monolens.toml", settings);
  if (result) return "no error";
  EXPECT_EQ(result.error().code, ErrorCode::kUsage);
  return result.error().message;
}

std::string assignment_error(std::string_view text) {
  Settings settings;
  auto result = apply_assignment(text, settings);
  if (result) return "no error";
  EXPECT_EQ(result.error().code, ErrorCode::kUsage);
  return result.error().message;
}

TEST(Configuration, SetsWhatItNamesAndLeavesTheRest) {
  const Settings settings = parsed(
      "profile = \"keyframes\"\ntimeout_s = 2.5\nthreads = 3\njobs = 4\n"
      "[detectors.freeze]\nduration_s = 1.5\n[detectors.black]\nduration_s = 3\n");
  EXPECT_EQ(settings.profile, Profile::kKeyFrames);
  EXPECT_EQ(settings.timeout, milliseconds(2500));
  EXPECT_EQ(settings.threads, 3);
  EXPECT_EQ(settings.jobs, 4);
  EXPECT_EQ(option(settings, "freeze", "duration_s"), 1.5);
  EXPECT_EQ(option(settings, "black", "duration_s"), 3);
  EXPECT_EQ(option(settings, "silence", "duration_s"), option(Settings{}, "silence", "duration_s"));
  EXPECT_EQ(chosen(settings), chosen(Settings{}));
}

TEST(Configuration, MayBeEmpty) {
  const Settings settings = parsed("# nothing\n");
  EXPECT_EQ(settings.timeout, milliseconds(10'000));
  EXPECT_EQ(settings.profile, Profile::kFull);
}

TEST(Configuration, ChoosesDetectorsByAStringOrAnArray) {
  EXPECT_THAT(chosen(parsed("[detectors]\nselect = \"black, freeze\"\n")), ElementsAre("freeze", "black"));
  EXPECT_THAT(chosen(parsed("[detectors]\nselect = [\"black\", \"freeze\"]\n")),
              ElementsAre("freeze", "black"));
  EXPECT_EQ(chosen(parsed("[detectors]\nselect = \"all,-loudness\"\n")).size(),
            chosen(Settings{}).size() - 1);
}

TEST(Configuration, TellsEachErrorWithItsPlace) {
  const struct {
    std::string_view toml;
    std::string_view message;
  } rows[] = {
      {"threads = 1\nprofil = \"full\"\n",
       "monolens.toml:2:10: unknown key 'profil', did you mean 'profile'?"},
      {"profile = \"ful\"\n", "monolens.toml:1:11: unknown profile 'ful', did you mean 'full'?"},
      {"profile = 3\n", "monolens.toml:1:11: unknown profile"},
      {"timeout_s = \"x\"\n", "monolens.toml:1:13: timeout_s must be a number"},
      {"timeout_s = 0\n", "monolens.toml:1:13: timeout_s must be from 0.1 to 86400, not 0"},
      {"timeout_s = nan\n", "monolens.toml:1:13: timeout_s must be from 0.1 to 86400, not nan"},
      {"threads = 0\n", "monolens.toml:1:11: threads must be from 1 to 256, not 0"},
      {"threads = 1.5\n", "monolens.toml:1:11: threads must be a whole number"},
      {"jobs = 257\n", "monolens.toml:1:8: jobs must be from 0 to 256, not 257"},
      {"detectors = 1\n", "monolens.toml:1:13: detectors must be a table"},
      {"[detectors]\n  select = 1\n", "monolens.toml:2:12: select must be a string or an array of names"},
      {"[detectors]\nselect = [\"black\", 2]\n", "monolens.toml:2:20: select must hold names of detectors"},
      {"[detectors]\nselect = \"blak\"\n",
       "monolens.toml:2:10: unknown detector 'blak', did you mean 'black'?"},
      {"[detectors]\nfreeze = 1\n", "monolens.toml:2:10: freeze must be a table of options"},
      {"[detectors.freze]\nduration_s = 1\n",
       "monolens.toml:1:1: unknown detector 'freze', did you mean 'freeze'?"},
      {"[detectors.freeze]\nduration_s = \"1\"\n", "monolens.toml:2:14: freeze.duration_s must be a number"},
      {"[detectors.freeze]\nduratoin_s = 1\n", "monolens.toml:2:14: "},
      {"[detectors.freeze]\nduration_s = -1\n",
       "monolens.toml:2:14: freeze.duration_s must be from 0.1 to 3600, not -1"},
      {"threads = \n", "monolens.toml:1:1"},
      {"threads = 1\nthreads = 2\n", "monolens.toml:2:"},
      {"\xff\xfe\n", "monolens.toml:1:"},
  };
  for (const auto& row : rows)
    EXPECT_THAT(error_of(row.toml), StartsWith(std::string(row.message))) << row.toml;
}

TEST(Configuration, ErrorsStandOnOneLineWhateverTheFileHolds) {
  EXPECT_EQ(error_of("timeout_s =na\n nthreads = 1\n").find('\n'), std::string::npos);
  EXPECT_THAT(error_of("\"a\\nb\" = 1\n"), StartsWith("monolens.toml:1:10: unknown key 'a_b'"));
  EXPECT_THAT(error_of("[detectors]\nselect = \"\\u001b[31m\"\n"), HasSubstr("unknown detector '_[31m'"));
  EXPECT_THAT(assignment_error("a\nb.c=1"), StartsWith("unknown detector 'a_b'"));
  EXPECT_THAT(assignment_error("a.b=\x1b"), StartsWith("'_' in 'a.b=_' is not a number"));
}

TEST(Configuration, IsReadFromAFile) {
  const TemporaryFolder folder;
  const std::string path = folder.at("monolens.toml");
  std::ofstream(path) << "threads = 7\n";
  Settings settings;
  EXPECT_TRUE(load_configuration(path, settings));
  EXPECT_EQ(settings.threads, 7);

  auto missing = load_configuration(folder.at("none.toml"), settings);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kUsage);
  EXPECT_THAT(missing.error().message, HasSubstr("none.toml: can't be read: No such file"));
  EXPECT_FALSE(load_configuration(folder.path().string(), settings)) << "a folder";
  std::ofstream(path, std::ios::trunc);
  EXPECT_TRUE(load_configuration(path, settings)) << "an empty file is an empty configuration";
}

TEST(Assignment, SetsAnOptionOfADetector) {
  Settings settings;
  ASSERT_TRUE(apply_assignment("freeze.duration_s=1.5", settings));
  EXPECT_EQ(option(settings, "freeze", "duration_s"), 1.5);
  ASSERT_TRUE(apply_assignment("silence.floor_dbfs=-50", settings));
  EXPECT_EQ(option(settings, "silence", "floor_dbfs"), -50);
}

TEST(Assignment, TellsWhatIsWrongWithIt) {
  EXPECT_EQ(assignment_error("freeze"), "'freeze' is not detector.option=value");
  EXPECT_EQ(assignment_error("freeze=1.5"), "'freeze=1.5' is not detector.option=value");
  EXPECT_EQ(assignment_error("freeze.duration_s"), "'freeze.duration_s' is not detector.option=value");
  EXPECT_EQ(assignment_error("freeze.duration_s=x"), "'x' in 'freeze.duration_s=x' is not a number");
  EXPECT_EQ(assignment_error("freeze.duration_s="), "'' in 'freeze.duration_s=' is not a number");
  EXPECT_EQ(assignment_error("freeze.duration_s=1s"), "'1s' in 'freeze.duration_s=1s' is not a number");
  EXPECT_THAT(assignment_error("freze.duration_s=1"), HasSubstr("did you mean 'freeze'?"));
  EXPECT_THAT(assignment_error("freeze.duration=1"), HasSubstr("did you mean 'duration_s'?"));
  EXPECT_THAT(assignment_error("freeze.duration_s=-1"), StartsWith("freeze.duration_s must be from 0.1"));
  EXPECT_EQ(assignment_error("freeze.duration_s=nan"), "'nan' in 'freeze.duration_s=nan' is not a number");
  EXPECT_EQ(assignment_error("freeze.duration_s=inf"), "'inf' in 'freeze.duration_s=inf' is not a number");
}

TEST(Profiles, HaveNames) {
  for (const Profile p : {Profile::kFull, Profile::kEconomy, Profile::kKeyFrames}) {
    EXPECT_EQ(parse_profile(name_of(p)).value(), p);
  }
  auto unknown = parse_profile("economic");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "unknown profile 'economic', did you mean 'economy'?");
}

}  // namespace
}  // namespace monolens
