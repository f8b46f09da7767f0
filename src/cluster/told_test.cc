#include "cluster/told.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(Told, AnEventComesOutAsItWentIn) {
  ToldEvent sent;
  sent.instance = "i1";
  sent.incident = {.id = "x",
                   .monitor = "m",
                   .kind = "video.black",
                   .severity = "critical",
                   .track = "video 0",
                   .started_ms = 5,
                   .ended_ms = 9,
                   .told_ms = 10,
                   .json = R"({"detector":"black"})",
                   .muted = true};
  sent.event = {.id = "x.close",
                .monitor = "m",
                .incident = "x",
                .type = "close",
                .kind = "video.black",
                .severity = "critical",
                .told_ms = 10,
                .json = "{}",
                .muted = true};
  sent.evidence = {.picture = {1, 2, 3}, .map = "[]"};
  auto told = parse_told(to_cbor(Told(sent)));
  ASSERT_TRUE(told) << told.error().message;
  const auto& got = std::get<ToldEvent>(*told);
  EXPECT_EQ(got.event.origin, "i1");
  EXPECT_EQ(got.event.id, "x.close");
  EXPECT_EQ(got.event.severity, "critical");
  EXPECT_TRUE(got.event.muted);
  EXPECT_EQ(got.incident.ended_ms, 9);
  EXPECT_EQ(got.incident.json, sent.incident.json);
  EXPECT_EQ(got.evidence.picture, sent.evidence.picture);
  EXPECT_EQ(got.evidence.map, "[]");
}

TEST(Told, WhatAPersonDidComesOutAsItWentIn) {
  auto acknowledged = parse_told(to_cbor(ToldAcknowledged{"x", 7}));
  ASSERT_TRUE(acknowledged);
  EXPECT_EQ(std::get<ToldAcknowledged>(*acknowledged).at_ms, 7);
  auto snoozed = parse_told(to_cbor(ToldSnoozed{"x", std::nullopt}));
  ASSERT_TRUE(snoozed);
  EXPECT_EQ(std::get<ToldSnoozed>(*snoozed).until_ms, std::nullopt);
}

TEST(Told, RefusesWhatIsNone) {
  for (const std::string text : {"", "\xff", "\xa1\x64told\x61x"}) EXPECT_FALSE(parse_told(text));
  EXPECT_FALSE(parse_monitor("{}"));
  EXPECT_FALSE(parse_monitor("["));
}

TEST(Told, AnEventWhoseIncidentIsNoJsonIsRefused) {
  ToldEvent sent;
  sent.event = {.id = "x.open", .type = "open", .json = "{}"};
  sent.incident = {.id = "x", .monitor = "m", .json = "{"};
  EXPECT_FALSE(parse_told(to_cbor(Told(sent))));
}

TEST(Told, AMonitorComesOutAsItWentIn) {
  const MonitorRecord sent{
      .id = "m", .client_key = "k", .created_ms = 1, .changed_ms = 2, .spec = "{}", .quarantined = "why"};
  auto got = parse_monitor(monitor_to_json(sent));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->client_key, "k");
  EXPECT_EQ(got->changed_ms, 2);
  EXPECT_EQ(got->quarantined, "why");
}

}  // namespace
}  // namespace monolens
