#include "service/score_hooks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>

#include "service/wall_clock.h"

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// What was sent, as "monitor state score".
class Receiver {
 public:
  std::atomic<int> refusals = 0;  // to come

  void take(const SinkEvent& event) {
    const auto json = nlohmann::json::parse(event.json);
    const std::lock_guard lock(mutex_);
    told_.push_back(event.monitor + " " + event.type + " " + json.at("score").dump());
    EXPECT_EQ(json.at("schema"), "monolens.score/1");
    EXPECT_EQ(event.about, "score");
  }
  std::vector<std::string> told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }
  bool waits_for(std::size_t count) const {
    for (int i = 0; i < 500 && told().size() < count; ++i) std::this_thread::sleep_for(10ms);
    return told().size() == count;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> told_;
};

class FakeSink final : public Sink {
 public:
  explicit FakeSink(Receiver& receiver) : receiver_(receiver) {}
  Result<void> send(const SinkEvent& event) override {
    if (receiver_.refusals-- > 0) return Error{ErrorCode::kWrite, "h: no connection"};
    receiver_.take(event);
    return {};
  }

 private:
  Receiver& receiver_;
};

class ScoreHooksTest : public testing::Test {
 protected:
  ScoreHook hook(std::vector<std::string> monitors = {}) {
    return {.name = "origin",
            .level = 50,
            .monitors = std::move(monitors),
            .sink = std::make_unique<FakeSink>(receiver_)};
  }
  static std::vector<ScoreHook> only(ScoreHook hook) {
    std::vector<ScoreHook> hooks;
    hooks.push_back(std::move(hook));
    return hooks;
  }
  const std::int64_t start_ = now_ms();
  Receiver receiver_;
};

TEST_F(ScoreHooksTest, TellOfAFallAtOnceAndOfTheRecoveryOnceItHolds) {
  ScoreHooks hooks(only(hook()));
  hooks.look("m", "Channel 1", 100, start_);
  hooks.look("m", "Channel 1", 40, start_ + 1'000);
  hooks.look("m", "Channel 1", 35, start_ + 2'000);
  ASSERT_TRUE(receiver_.waits_for(1));
  hooks.look("m", "Channel 1", 100, start_ + 3'000);
  hooks.look("m", "Channel 1", 30, start_ + 4'000);
  hooks.look("m", "Channel 1", 100, start_ + 5'000);
  hooks.look("m", "Channel 1", 100, start_ + 9'999);
  hooks.look("m", "Channel 1", 90, start_ + 10'000);
  ASSERT_TRUE(receiver_.waits_for(2));
  EXPECT_THAT(receiver_.told(), ElementsAre("m below 40.0", "m recovered 90.0"));
}

TEST_F(ScoreHooksTest, LookAtNoOtherMonitors) {
  ScoreHooks hooks(only(hook({"a"})));
  hooks.look("b", "", 0, start_);
  hooks.look("a", "", 0, start_);
  ASSERT_TRUE(receiver_.waits_for(1));
  EXPECT_THAT(receiver_.told(), ElementsAre("a below 0.0"));
}

TEST_F(ScoreHooksTest, TryAgainWhatFailed) {
  receiver_.refusals = 2;
  ScoreHooks hooks(only(hook()));
  hooks.look("m", "", 0, start_);
  ASSERT_TRUE(receiver_.waits_for(1));
}

TEST_F(ScoreHooksTest, TellTheNewestWhereTheReceiverWasAway) {
  receiver_.refusals = 3;
  ScoreHooks hooks(only(hook()));
  hooks.look("m", "", 0, start_);
  hooks.look("m", "", 100, start_);
  hooks.look("m", "", 100, start_ + ScoreHooks::kRecovered_ms);
  ASSERT_TRUE(receiver_.waits_for(1));
  EXPECT_THAT(receiver_.told(), ElementsAre("m recovered 100.0"));
}

TEST_F(ScoreHooksTest, GiveUpWhatIsTooLateToTell) {
  receiver_.refusals = 1'000'000;
  ScoreHooks hooks(only(hook()));
  hooks.look("m", "", 0, start_ - ScoreHooks::kLate_ms - 1);
  std::this_thread::sleep_for(50ms);
  receiver_.refusals = 0;
  std::this_thread::sleep_for(500ms);
  EXPECT_THAT(receiver_.told(), IsEmpty());
}

}  // namespace
}  // namespace monolens
