#include "detectors/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>

namespace monolens {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string_view> names_of(const DetectorSet& set) {
  std::vector<std::string_view> names;
  for (const ChosenDetector& c : set.chosen()) names.push_back(c.info->name);
  return names;
}

std::vector<std::string_view> names_after(std::string_view list) {
  DetectorSet set;
  EXPECT_TRUE(set.choose(list).ok()) << list;
  return names_of(set);
}

double option_of(const DetectorSet& set, std::string_view detector, std::string_view option) {
  for (const ChosenDetector& c : set.chosen()) {
    if (c.info->name == detector) return c.options[option];
  }
  ADD_FAILURE() << detector << " is not chosen";
  return 0;
}

TEST(Registry, NamesEachDetectorOnce) {
  std::set<std::string_view> names;
  for (const DetectorInfo* info : all_detectors()) {
    EXPECT_TRUE(names.insert(info->name).second) << info->name;
  }
}

TEST(Registry, DescribesEachDetector) {
  for (const DetectorInfo* info : all_detectors()) {
    SCOPED_TRACE(info->name);
    EXPECT_FALSE(info->name.empty());
    EXPECT_FALSE(info->summary.empty());
    EXPECT_NE(info->summary.back(), '.');
    ASSERT_NE(info->request, nullptr);
    ASSERT_NE(info->make, nullptr);
    EXPECT_EQ(info->kinds.empty(), info->name == "null");
  }
}

TEST(Registry, NamesKindsThatExist) {
  std::vector<std::string_view> known;
  for (const KindInfo& kind : all_kinds()) known.push_back(kind.name);
  for (const DetectorInfo* info : all_detectors()) {
    for (const std::string_view kind : info->kinds) EXPECT_THAT(known, Contains(kind)) << info->name;
  }
}

TEST(Registry, HasADetectorForEachKindOfDefect) {
  std::vector<std::string_view> told;
  for (const DetectorInfo* info : all_detectors())
    told.insert(told.end(), info->kinds.begin(), info->kinds.end());
  for (const KindInfo& kind : all_kinds()) {
    const bool of_monolens_itself = kind.name.starts_with("monitor.");
    EXPECT_EQ(std::count(told.begin(), told.end(), kind.name), of_monolens_itself ? 0 : 1) << kind.name;
  }
}

TEST(Registry, GivesOptionsThatMakeSense) {
  for (const DetectorInfo* info : all_detectors()) {
    std::set<std::string_view> names;
    for (const OptionInfo& o : info->options) {
      SCOPED_TRACE(std::string(info->name) + "." + std::string(o.name));
      EXPECT_TRUE(names.insert(o.name).second);
      EXPECT_FALSE(o.help.empty());
      EXPECT_LT(o.min, o.max);
      EXPECT_GE(o.fallback, o.min);
      EXPECT_LE(o.fallback, o.max);
      EXPECT_EQ(o.name.ends_with("_s") && !o.name.ends_with("_per_s"), o.unit == "s");
      if (o.unit == "share") {
        EXPECT_GE(o.min, 0);
        EXPECT_LE(o.max, 1);
      }
    }
  }
}

TEST(Registry, MakesEachDetectorWithItsOptionsAtTheirLimits) {
  for (const DetectorInfo* info : all_detectors()) {
    SCOPED_TRACE(info->name);
    Options options(info->options);
    EXPECT_NE(info->make(options), nullptr);
    for (const OptionInfo& o : info->options) ASSERT_TRUE(options.set(o.name, o.min).ok());
    EXPECT_NE(info->make(options), nullptr);
    for (const OptionInfo& o : info->options) ASSERT_TRUE(options.set(o.name, o.max).ok());
    EXPECT_NE(info->make(options), nullptr);
  }
}

TEST(Registry, FindsADetectorByName) {
  ASSERT_TRUE(find_detector("freeze").ok());
  EXPECT_EQ(find_detector("freeze").value()->name, "freeze");
}

TEST(Registry, SuggestsTheNearestName) {
  const auto found = find_detector("freze");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, ErrorCode::kUsage);
  EXPECT_THAT(found.error().message, HasSubstr("did you mean 'freeze'"));
}

TEST(Registry, ListsTheNamesWhereNoneIsNear) {
  EXPECT_THAT(find_detector("xylophone").error().message, HasSubstr("freeze, black"));
}

TEST(DetectorSet, HoldsAllButNullAtFirst) {
  const auto names = names_of(DetectorSet());
  EXPECT_EQ(names.size(), all_detectors().size() - 1);
  EXPECT_THAT(names, Not(Contains("null")));
}

TEST(DetectorSet, ChoosesByAList) {
  EXPECT_EQ(names_after("all"), names_of(DetectorSet()));
  EXPECT_THAT(names_after("freeze"), ElementsAre("freeze"));
  EXPECT_THAT(names_after("null"), ElementsAre("null"));
  EXPECT_THAT(names_after("black,freeze"), ElementsAre("freeze", "black"));
  EXPECT_THAT(names_after(" freeze , black "), ElementsAre("freeze", "black"));
  EXPECT_THAT(names_after("freeze,black,-freeze"), ElementsAre("black"));
  EXPECT_THAT(names_after("-freeze,freeze"), Contains("freeze"));
  EXPECT_THAT(names_after(""), IsEmpty());
}

TEST(DetectorSet, TakesOutOfAll) {
  for (const std::string_view list : {"all,-freeze,-black", "-freeze,-black"}) {
    const auto names = names_after(list);
    EXPECT_EQ(names.size(), all_detectors().size() - 3) << list;
    EXPECT_THAT(names, Not(Contains("freeze"))) << list;
    EXPECT_THAT(names, Not(Contains("black"))) << list;
    EXPECT_THAT(names, Not(Contains("null"))) << list;
  }
}

TEST(DetectorSet, ForgetsAnEarlierChoice) {
  DetectorSet set;
  ASSERT_TRUE(set.choose("freeze").ok());
  ASSERT_TRUE(set.choose("black").ok());
  EXPECT_THAT(names_of(set), ElementsAre("black"));
}

TEST(DetectorSet, RefusesUnknownNames) {
  DetectorSet set;
  for (const std::string_view list : {"freeze,blak", "-blak", "all,blak"}) {
    const auto chosen = set.choose(list);
    ASSERT_FALSE(chosen.ok()) << list;
    EXPECT_EQ(chosen.error().code, ErrorCode::kUsage);
    EXPECT_THAT(chosen.error().message, HasSubstr("did you mean 'black'"));
  }
}

TEST(DetectorSet, SetsAnOptionOfADetector) {
  DetectorSet set;
  ASSERT_TRUE(set.set("freeze", "duration_s", 7.5).ok());
  EXPECT_EQ(option_of(set, "freeze", "duration_s"), 7.5);
  EXPECT_NE(option_of(set, "black", "duration_s"), 7.5);
}

TEST(DetectorSet, KeepsOptionsOfADetectorThatIsChosenLater) {
  DetectorSet set;
  ASSERT_TRUE(set.choose("black").ok());
  ASSERT_TRUE(set.set("freeze", "duration_s", 7.5).ok());
  ASSERT_TRUE(set.choose("freeze").ok());
  EXPECT_EQ(option_of(set, "freeze", "duration_s"), 7.5);
}

TEST(DetectorSet, TakesTheLimitsOfAnOption) {
  const OptionInfo& o = find_detector("black").value()->options[0];
  DetectorSet set;
  EXPECT_TRUE(set.set("black", o.name, o.min).ok());
  EXPECT_TRUE(set.set("black", o.name, o.max).ok());
}

TEST(DetectorSet, RefusesWhatItCanNotSet) {
  const struct {
    std::string_view detector;
    std::string_view option;
    double value;
    std::string_view message;
  } cases[] = {
      {"blak", "duration_s", 1, "did you mean 'black'"},
      {"black", "durations_s", 1, "black: unknown option 'durations_s', did you mean 'duration_s'"},
      {"black", "duration_s", 0, "black.duration_s must be from 0.04 to 3600, not 0"},
      {"black", "duration_s", 3601, "not 3601"},
      {"black", "share", -0.5, "not -0.5"},
      {"black", "share", std::numeric_limits<double>::quiet_NaN(), "not nan"},
      {"stalled", "duration_s", 1, "unknown option"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.message);
    DetectorSet set;
    const auto done = set.set(c.detector, c.option, c.value);
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, ErrorCode::kUsage);
    EXPECT_THAT(done.error().message, HasSubstr(std::string(c.message)));
  }
}

TEST(DetectorSet, KeepsAnOptionWhoseNewValueIsRefused) {
  DetectorSet set;
  const double before = option_of(set, "black", "share");
  EXPECT_FALSE(set.set("black", "share", 2).ok());
  EXPECT_EQ(option_of(set, "black", "share"), before);
}

TEST(FeaturesFor, AsksForWhatTheChosenNeedAndNoMore) {
  DetectorSet set;
  ASSERT_TRUE(set.choose("silence,black").ok());
  const FeatureOptions some = features_for(set.chosen());
  EXPECT_TRUE(some.luma && some.levels);
  EXPECT_FALSE(some.chroma || some.stillness || some.color_bars || some.active_area);
  EXPECT_FALSE(some.correlation || some.loudness || some.true_peak);

  ASSERT_TRUE(set.choose("sync").ok());
  const FeatureOptions lips = features_for(set.chosen());
  EXPECT_TRUE(lips.mouth && lips.speech);

  ASSERT_TRUE(set.choose("null").ok());
  const FeatureOptions none = features_for(set.chosen());
  EXPECT_FALSE(none.luma || none.levels);
}

}  // namespace
}  // namespace monolens
