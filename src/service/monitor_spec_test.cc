#include "service/monitor_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

constexpr const char* kUrl = "udp://127.0.0.1:9";

MonitorSpec spec(Json members = Json::object()) {
  if (!members.contains("url")) members["url"] = kUrl;
  auto parsed = parse_monitor_spec(members);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? *parsed : MonitorSpec{};
}

std::string error(const Json& json) {
  const auto parsed = parse_monitor_spec(json);
  if (parsed) return "it was taken";
  EXPECT_EQ(parsed.error().code, ErrorCode::kUsage);
  return parsed.error().message;
}

std::string error_with(const std::string& member, const Json& value) {
  Json json = {{"url", kUrl}};
  json[member] = value;
  return error(json);
}

bool runs(const LiveOptions& options, std::string_view detector) {
  const auto& chosen = options.pipeline.detectors;
  return std::any_of(chosen.begin(), chosen.end(),
                     [&](const ChosenDetector& c) { return c.info->name == detector; });
}

TEST(MonitorSpec, NeedsNothingButAnAddress) {
  const MonitorSpec s = spec();
  EXPECT_EQ(s.url, kUrl);
  EXPECT_EQ(s.detectors, "all");
  EXPECT_EQ(s.profile, Profile::kFull);
  EXPECT_EQ(s.priority, 0);
  EXPECT_FALSE(s.paused);
  EXPECT_EQ(s.timeout_s, 10);
  EXPECT_EQ(s.stalled_after_s, 2);
}

TEST(MonitorSpec, IsNamedAfterItsAddressWithoutTheCredentials) {
  EXPECT_EQ(spec({{"url", "srt://u:pw@h:9000?passphrase=abc"}}).name, "srt://***@h:9000?passphrase=***");
  EXPECT_EQ(spec({{"name", "Channel 1"}}).name, "Channel 1");
}

TEST(MonitorSpec, TakesEveryMember) {
  const MonitorSpec s = spec({{"name", "n"},
                              {"program", 7},
                              {"variant", "lowest"},
                              {"detectors", "all,-loudness"},
                              {"options", {{"freeze.duration_s", 1.5}}},
                              {"profile", "economy"},
                              {"priority", -100},
                              {"labels", {{"region", "eu"}}},
                              {"paused", true},
                              {"timeout_s", 0.5},
                              {"stalled_after_s", 3600}});
  EXPECT_EQ(s.program, 7);
  EXPECT_EQ(s.variant, Variant::kLowest);
  EXPECT_EQ(s.options.at("freeze.duration_s"), 1.5);
  EXPECT_EQ(s.profile, Profile::kEconomy);
  EXPECT_EQ(s.priority, -100);
  EXPECT_EQ(s.labels.at("region"), "eu");
  EXPECT_TRUE(s.paused);
  EXPECT_EQ(to_json(s), to_json(spec(to_json(s)))) << "what is stored is read again";
}

TEST(MonitorSpec, SaysWhichMemberIsWrong) {
  EXPECT_EQ(error(Json::array()), "a monitor must be an object");
  EXPECT_EQ(error(Json::object()), "'url' is missing");
  const struct {
    const char* member;
    Json value;
    const char* message;
  } rows[] = {
      {"url", 1, "'url' must be a string"},
      {"url", "", "'url' is empty"},
      {"url", "-", "'url' must be an address or a path"},
      {"url", "gopher://h/", "'url'"},
      {"url", "concat:a|b", "'url'"},
      {"url", "http://h/" + std::string(2'048, 'a'), "'url' is longer than 2048 bytes"},
      {"url", "http://h/\nx", "'url' holds a control character"},
      {"name", std::string(201, 'a'), "'name' is longer than 200 bytes"},
      {"name", "a\x7f", "'name' holds a control character"},
      {"program", -1, "'program' must be from 0 to 65535"},
      {"program", 1.5, "'program' must be an integer"},
      {"detectors", "all,frieze", "'detectors'"},
      {"options", Json::array(), "'options' must be an object"},
      {"options", {{"freeze.duration_s", "1"}}, "'options.freeze.duration_s' must be a number"},
      {"options", {{"duration_s", 1}}, "'duration_s', which is not detector.option"},
      {"options", {{"freeze.duration_s", -1}}, "duration_s"},
      {"options", {{"freeze.none", 1}}, "'options'"},
      {"profile", "fast", "fast"},
      {"variant", "lowst", "unknown variant 'lowst', did you mean 'lowest'?"},
      {"variant", 1, "'variant' must be a string"},
      {"priority", 101, "'priority' must be from -100 to 100"},
      {"priority", "1", "'priority' must be an integer"},
      {"labels", {{"a", 1}}, "'labels.a' must be a string"},
      {"labels", {{"", "x"}}, "'labels' has a name that is empty or too long"},
      {"labels", {{std::string(64, 'a'), "x"}}, "'labels' has a name that is empty or too long"},
      {"paused", 1, "'paused' must be true or false"},
      {"timeout_s", 0.4, "'timeout_s' must be from 0.5 to 600"},
      {"timeout_s", 601, "'timeout_s' must be from 0.5 to 600"},
      {"stalled_after_s", 0.1, "'stalled_after_s' must be from 0.2 to 3600"},
      {"detektors", "all", "unknown member 'detektors', did you mean 'detectors'?"},
  };
  for (const auto& row : rows)
    EXPECT_THAT(error_with(row.member, row.value), HasSubstr(row.message)) << row.member << ": " << row.value;
  Json many = Json::object();
  for (int i = 0; i < 33; ++i) many[std::to_string(i)] = "x";
  EXPECT_THAT(error_with("labels", many), HasSubstr("more than 32 members"));
}

TEST(MonitorSpec, IsPatchedAsRfc7396Says) {
  const MonitorSpec before =
      spec({{"name", "n"}, {"priority", 5}, {"program", 7}, {"labels", {{"a", "1"}, {"b", "2"}}}});
  const auto after = patched(
      before, {{"priority", nullptr}, {"program", nullptr}, {"labels", {{"a", nullptr}, {"c", "3"}}}});
  ASSERT_TRUE(after);
  EXPECT_EQ(after->priority, 0);
  EXPECT_EQ(after->program, std::nullopt);
  EXPECT_EQ(after->labels, (std::map<std::string, std::string>{{"b", "2"}, {"c", "3"}}));
  EXPECT_EQ(after->name, "n");
  EXPECT_FALSE(patched(before, {{"url", nullptr}}));
  EXPECT_FALSE(patched(before, {{"priority", "high"}}));
  EXPECT_FALSE(patched(before, Json::array()));
}

TEST(MonitorSpec, KeepsCredentialsForTheWorkerAlone) {
  const MonitorSpec s = spec({{"url", "http://u:pw@h/x?token=abc"}});
  EXPECT_EQ(to_json(s).at("url"), "http://u:pw@h/x?token=abc");
  const std::string shown = to_shown_json(s).dump();
  EXPECT_THAT(shown, Not(HasSubstr("pw")));
  EXPECT_THAT(shown, Not(HasSubstr("abc")));
  EXPECT_TRUE(to_shown_json(s).at("program").is_null());
}

TEST(MonitorSpec, BecomesWhatALiveMonitorIsTold) {
  const LiveOptions options = live_options("m1", spec({{"program", 7},
                                                       {"variant", "lowest"},
                                                       {"detectors", "all,-loudness"},
                                                       {"priority", 3},
                                                       {"profile", "keyframes"},
                                                       {"timeout_s", 1.5},
                                                       {"stalled_after_s", 0.25}}));
  EXPECT_EQ(options.id, "m1");
  EXPECT_EQ(options.url, kUrl);
  EXPECT_EQ(options.program, 7);
  EXPECT_EQ(options.variant, Variant::kLowest);
  EXPECT_EQ(options.priority, 3);
  EXPECT_EQ(options.pipeline.converter.profile, Profile::kKeyFrames);
  EXPECT_EQ(options.timeout.count(), 1'500);
  EXPECT_EQ(options.stalled_after.count(), 250);
  EXPECT_TRUE(runs(options, "black"));
  EXPECT_FALSE(runs(options, "loudness"));
  EXPECT_FALSE(runs(options, "stalled")) << "a live monitor tells stalls itself";
}

TEST(MonitorSpec, TakesMaintenanceWindows) {
  const char* text = R"({"url":"udp://127.0.0.1:9","maintenance":[
    {"from":"2026-11-29T01:00:00Z","until":"2026-11-29T02:00:00+00:00","note":"new encoder"}]})";
  const auto spec = parse_monitor_spec(nlohmann::json::parse(text));
  ASSERT_TRUE(spec) << spec.error().message;
  ASSERT_EQ(spec->maintenance.size(), 1U);
  EXPECT_EQ(spec->maintenance[0].until_ms - spec->maintenance[0].from_ms, 3'600'000);
  EXPECT_EQ(to_json(*spec)["maintenance"][0]["note"], "new encoder");
  for (const char* wrong : {R"(1)", R"([1])", R"([{}])", R"([{"from":"2026-11-29T01:00:00Z"}])",
                            R"([{"from":"2026-11-29T02:00:00Z","until":"2026-11-29T01:00:00Z"}])",
                            R"([{"from":"today","until":"2026-11-29T01:00:00Z"}])",
                            R"([{"from":"2026-11-29T01:00:00Z","until":"2026-11-29T02:00:00Z","why":""}])"}) {
    const auto json =
        nlohmann::json::parse(R"({"url":"udp://127.0.0.1:9","maintenance":)" + std::string(wrong) + "}");
    const auto refused = parse_monitor_spec(json);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().message.find("maintenance"), std::string::npos) << refused.error().message;
  }
}

TEST(MonitorSpec, OfARecordThatIsNoJsonIsAnError) {
  for (const char* text : {"", "{", "[]", "7"}) EXPECT_FALSE(spec_of({.id = "m", .spec = text})) << text;
  const auto spec = spec_of({.id = "m", .spec = R"({"url":"udp://127.0.0.1:9"})"});
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec->url, "udp://127.0.0.1:9");
}

TEST(MonitorSpec, TellsWhatNeedsNoNewSession) {
  const auto made = parse_monitor_spec({{"url", "udp://127.0.0.1:9"}});
  ASSERT_TRUE(made);
  for (const char* patch : {R"({"name":"x"})", R"({"labels":{"a":"b"}})", R"({"maintenance":[]})"})
    EXPECT_TRUE(watch_alike(*made, *patched(*made, nlohmann::json::parse(patch)))) << patch;
  for (const char* patch :
       {R"({"url":"udp://127.0.0.1:8"})", R"({"detectors":"black"})", R"({"priority":3})"})
    EXPECT_FALSE(watch_alike(*made, *patched(*made, nlohmann::json::parse(patch)))) << patch;
}

}  // namespace
}  // namespace monolens
