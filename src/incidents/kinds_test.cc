#include "incidents/kinds.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace monolens {
namespace {

TEST(Kinds, HaveNamesOfAFamilyAndAWord) {
  std::set<std::string_view> names;
  for (const KindInfo& kind : all_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_EQ(kind.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_."), std::string_view::npos)
        << kind.name;
    const auto family = kind.name.substr(0, kind.name.find('.'));
    EXPECT_TRUE(family == "video" || family == "audio" || family == "av" || family == "transport" ||
                family == "monitor")
        << kind.name;
  }
}

TEST(Kinds, SayWhatTheyAre) {
  for (const KindInfo& kind : all_kinds()) {
    EXPECT_FALSE(kind.summary.empty()) << kind.name;
    EXPECT_GE(kind.merge, MediaDuration()) << kind.name;
  }
}

TEST(Kinds, AreFoundByName) {
  for (const KindInfo& kind : all_kinds()) EXPECT_EQ(&kind_info(kind.name), &kind);
}

TEST(Kinds, WithoutAPictureOrSoundAreCritical) {
  for (const std::string_view name : {"video.freeze", "video.black", "video.solid", "video.missing",
                                      "audio.missing", "audio.silence", "transport.stalled"}) {
    EXPECT_EQ(kind_info(name).severity, Severity::kCritical) << name;
  }
  EXPECT_EQ(kind_info("audio.clipping").severity, Severity::kMajor);
  EXPECT_EQ(kind_info("video.levels").severity, Severity::kMinor);
  EXPECT_EQ(kind_info("monitor.degraded").severity, Severity::kMinor);
}

TEST(Severities, AreNamedAndOrdered) {
  EXPECT_EQ(name_of(Severity::kInfo), "info");
  EXPECT_EQ(name_of(Severity::kMinor), "minor");
  EXPECT_EQ(name_of(Severity::kMajor), "major");
  EXPECT_EQ(name_of(Severity::kCritical), "critical");
  EXPECT_LT(Severity::kInfo, Severity::kMinor);
  EXPECT_LT(Severity::kMinor, Severity::kMajor);
  EXPECT_LT(Severity::kMajor, Severity::kCritical);
}

}  // namespace
}  // namespace monolens
