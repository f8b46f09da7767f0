#include "sinks/sink_filter.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

SinkEvent told(std::string monitor, std::string kind, std::string severity) {
  SinkEvent event;
  event.monitor = std::move(monitor);
  event.kind = std::move(kind);
  event.severity = std::move(severity);
  return event;
}

TEST(SinkFilter, WantsWhatItsListsNameAndWhatIsGraveEnough) {
  const SinkEvent freeze = told("m1", "video.freeze", "critical");
  const SinkEvent hum = told("m2", "audio.hum", "minor");
  const SinkEvent other = told("m1", "video.freeze", "fatal");
  const struct {
    const char* what;
    SinkFilter filter;
    bool freeze, hum, other;
  } kCases[] = {
      {"everything", {}, true, true, true},
      {"a star", {.kinds = {"*"}}, true, true, true},
      {"one kind", {.kinds = {"audio.hum"}}, false, true, false},
      {"a family", {.kinds = {"video.*"}}, true, false, true},
      {"a name is no prefix", {.kinds = {"video.f", "video", "audio"}}, false, false, false},
      {"two patterns", {.kinds = {"av.*", "audio.*"}}, false, true, false},
      {"from minor on", {.least_severity = Severity::kMinor}, true, true, true},
      {"from major on", {.least_severity = Severity::kMajor}, true, false, true},
      {"one monitor", {.monitors = {"m2"}}, false, true, false},
      {"all conditions",
       {.kinds = {"audio.*"}, .least_severity = Severity::kMajor, .monitors = {"m2"}},
       false,
       false,
       false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(wants(c.filter, freeze), c.freeze) << c.what;
    EXPECT_EQ(wants(c.filter, hum), c.hum) << c.what;
    EXPECT_EQ(wants(c.filter, other), c.other) << c.what;
  }
}

}  // namespace
}  // namespace monolens
