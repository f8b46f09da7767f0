#include "service/score.h"

#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

constexpr std::int64_t kNow = 1'000'000;

EventRecord event(const std::string& incident, const std::string& type, const std::string& severity,
                  std::int64_t told_ms = kNow, const std::string& monitor = "m") {
  return {.monitor = monitor, .incident = incident, .type = type, .severity = severity, .told_ms = told_ms};
}

TEST(ScoreBoard, IsFullWhileNothingIsWrong) {
  ScoreBoard board;
  EXPECT_EQ(board.score("m", kNow), 100);
  board.take(event("i", "open", "critical"));
  EXPECT_EQ(board.score("another", kNow), 100);
}

TEST(ScoreBoard, TakesOffWhatTheSeverityCosts) {
  for (const auto& [severity, score] :
       {std::pair("critical", 40.0), {"major", 70.0}, {"minor", 90.0}, {"info", 98.0}}) {
    ScoreBoard board;
    board.take(event("i", "open", severity));
    EXPECT_EQ(board.score("m", kNow), score) << severity;
  }
}

TEST(ScoreBoard, FallsForAMinuteAndNoLonger) {
  ScoreBoard board;
  board.take(event("i", "open", "major"));
  EXPECT_DOUBLE_EQ(board.score("m", kNow + 30'000), 62.5);
  EXPECT_DOUBLE_EQ(board.score("m", kNow + 60'000), 55);
  EXPECT_DOUBLE_EQ(board.score("m", kNow + 3'600'000), 55);
  EXPECT_DOUBLE_EQ(board.score("m", kNow - 5'000), 70) << "a clock that was set back";
}

TEST(ScoreBoard, AddsUpAndStopsAtNothing) {
  ScoreBoard board;
  board.take(event("i", "open", "major"));
  board.take(event("j", "open", "minor"));
  EXPECT_EQ(board.score("m", kNow), 60);
  board.take(event("k", "open", "critical"));
  board.take(event("l", "open", "critical"));
  EXPECT_EQ(board.score("m", kNow), 0);
}

TEST(ScoreBoard, IsFullAgainWithTheFirstGoodMoment) {
  ScoreBoard board;
  board.take(event("i", "open", "major"));
  board.take(event("j", "open", "minor"));
  board.take(event("i", "close", "major"));
  EXPECT_EQ(board.score("m", kNow), 90);
  board.take(event("j", "close", "minor"));
  EXPECT_EQ(board.score("m", kNow), 100);
}

TEST(ScoreBoard, FollowsAnIncidentThatGetsWorseAndCountsFromItsBeginning) {
  ScoreBoard board;
  board.take(event("i", "open", "minor"));
  board.take(event("i", "update", "major", kNow + 60'000));
  EXPECT_DOUBLE_EQ(board.score("m", kNow + 60'000), 55);
}

TEST(ScoreBoard, ForgetsAMonitorAndNoOther) {
  ScoreBoard board;
  board.take(event("i", "open", "major"));
  board.take(event("j", "open", "major", kNow, "other"));
  board.forget("m");
  EXPECT_EQ(board.score("m", kNow), 100);
  EXPECT_EQ(board.score("other", kNow), 70);
}

}  // namespace
}  // namespace monolens
