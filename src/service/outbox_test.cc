#include "service/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "service/wall_clock.h"

namespace monolens {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

bool comes_true(const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(milliseconds(2));
  }
  return true;
}

// What a sink took, and what it answers. Outlives the sink.
struct Receiver {
  std::atomic<ErrorCode> answer = ErrorCode::kInternal;
  std::atomic<bool> takes = true;
  std::atomic<int> attempts = 0;

  void take(const SinkEvent& event) {
    const std::lock_guard lock(mutex);
    taken.push_back(event.id);
  }
  std::vector<std::string> ids() const {
    const std::lock_guard lock(mutex);
    return taken;
  }
  void refuse(ErrorCode code) {
    answer = code;
    takes = false;
  }

  mutable std::mutex mutex;
  std::vector<std::string> taken;  // guarded by mutex
};

class FakeSink final : public Sink {
 public:
  explicit FakeSink(Receiver& receiver) : receiver_(receiver) {}
  Result<void> send(const SinkEvent& event) override {
    ++receiver_.attempts;
    if (!receiver_.takes) return Error{receiver_.answer, "h: answered"};
    receiver_.take(event);
    return {};
  }

 private:
  Receiver& receiver_;
};

class OutboxTest : public testing::Test {
 protected:
  OutboxTest() {
    auto store = Store::open(folder_.at("monolens.db"));
    if (!store) throw std::runtime_error(store.error().message);
    store_ = std::move(*store);
  }

  std::unique_ptr<Outbox> start(std::vector<std::pair<std::string, Receiver*>> receivers,
                                SinkFilter filter = {}) const {
    std::vector<NamedSink> sinks;
    for (const auto& [name, receiver] : receivers)
      sinks.push_back({.name = name, .filter = filter, .sink = std::make_unique<FakeSink>(*receiver)});
    return std::make_unique<Outbox>(
        *store_, std::move(sinks),
        OutboxOptions{.retry_first = milliseconds(1), .retry_most = milliseconds(5)});
  }

  void tell(const std::string& id, const std::string& kind = "video.black") const {
    EventRecord event{.id = id,
                      .monitor = "m",
                      .incident = id,
                      .type = "open",
                      .kind = kind,
                      .severity = "critical",
                      .told_ms = now_ms(),
                      .json = "{}"};
    ASSERT_TRUE(store_->record({.id = id, .monitor = "m", .kind = kind, .severity = "critical", .json = "{}"},
                               event));
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
  Receiver receiver_;
};

TEST_F(OutboxTest, HandsEventsOverInTheirOrder) {
  const auto outbox = start({{"hook", &receiver_}});
  for (const char* const id : {"a", "b", "c"}) tell(id);
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return receiver_.ids().size() == 3; }));
  EXPECT_THAT(receiver_.ids(), ElementsAre("a", "b", "c"));
  ASSERT_TRUE(comes_true([&] { return outbox->status()[0].waiting == 0; }));
  EXPECT_EQ(outbox->status()[0].delivered, 3U);
  EXPECT_THAT(outbox->names(), ElementsAre("hook"));
}

TEST_F(OutboxTest, PassesOverWhatIsNotForSinksAndNotesWhenTheRestWasTaken) {
  const auto outbox = start({{"hook", &receiver_}});
  EventRecord muted{.id = "quiet.open", .monitor = "m", .incident = "quiet", .type = "open", .muted = true};
  ASSERT_TRUE(store_->record({.id = "quiet", .monitor = "m", .json = "{}", .muted = true}, muted));
  tell("a");
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return outbox->status()[0].waiting == 0; }));
  EXPECT_THAT(receiver_.ids(), ElementsAre("a"));
  EXPECT_TRUE(store_->deliveries("quiet").empty());
  const auto taken = store_->deliveries("a");
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].sink, "hook");
  EXPECT_EQ(taken[0].type, "open");
  EXPECT_GE(taken[0].delivered_ms, taken[0].told_ms);
}

TEST_F(OutboxTest, HandsMoreOverThanItFetchesAtOnce) {
  const auto outbox = start({{"hook", &receiver_}});
  for (int i = 0; i < 250; ++i) tell(std::to_string(i));
  outbox->wake();
  EXPECT_TRUE(comes_true([&] { return receiver_.ids().size() == 250; }));
}

TEST_F(OutboxTest, BeginsANewSinkWithWhatComesFromNowOn) {
  tell("before");
  const auto outbox = start({{"hook", &receiver_}});
  tell("after");
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return !receiver_.ids().empty(); }));
  EXPECT_THAT(receiver_.ids(), ElementsAre("after"));
}

TEST_F(OutboxTest, GoesOnWhereItWasAfterARestart) {
  {
    const auto outbox = start({{"hook", &receiver_}});
    tell("a");
    outbox->wake();
    ASSERT_TRUE(comes_true([&] { return outbox->status()[0].waiting == 0; }));
  }
  tell("b");
  const auto outbox = start({{"hook", &receiver_}});
  ASSERT_TRUE(comes_true([&] { return receiver_.ids().size() == 2; }));
  EXPECT_THAT(receiver_.ids(), ElementsAre("a", "b"));
}

TEST_F(OutboxTest, TriesAgainUntilWhatIsWrongHasPassedOrIsMended) {
  for (const auto& [code, state] : {std::pair(ErrorCode::kWrite, SinkState::kRetrying),
                                    {ErrorCode::kTimeout, SinkState::kRetrying},
                                    {ErrorCode::kRefused, SinkState::kRefused}}) {
    Receiver receiver;
    receiver.refuse(code);
    const std::string name = "hook" + std::to_string(static_cast<int>(code));
    const auto outbox = start({{name, &receiver}});
    tell(name + "a");
    tell(name + "b");
    outbox->wake();
    ASSERT_TRUE(comes_true([&] { return outbox->status()[0].failures >= 3; }));
    SinkStatus status = outbox->status()[0];
    EXPECT_EQ(status.state, state);
    EXPECT_EQ(status.trouble, "h: answered");
    EXPECT_EQ(status.waiting, 2);
    EXPECT_EQ(status.dropped, 0U);
    receiver.takes = true;
    ASSERT_TRUE(comes_true([&] { return outbox->status()[0].waiting == 0; }));
    EXPECT_THAT(receiver.ids(), ElementsAre(name + "a", name + "b"));
    status = outbox->status()[0];
    EXPECT_EQ(status.state, SinkState::kDelivering);
    EXPECT_EQ(status.trouble, "");
  }
}

TEST_F(OutboxTest, LeavesOutWhatTheReceiverSaysIsMalformedAndNothingElse) {
  receiver_.refuse(ErrorCode::kRejected);
  const auto outbox = start({{"hook", &receiver_}});
  tell("malformed");
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return outbox->status()[0].dropped == 1; }));
  EXPECT_EQ(receiver_.attempts, 1);
  receiver_.takes = true;
  tell("good");
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return outbox->status()[0].delivered == 1; }));
  EXPECT_THAT(receiver_.ids(), ElementsAre("good"));
  EXPECT_EQ(outbox->status()[0].failures, 0U);
}

TEST_F(OutboxTest, IsHeldUpForOneSinkAlone) {
  Receiver down;
  down.refuse(ErrorCode::kWrite);
  const auto outbox = start({{"down", &down}, {"up", &receiver_}});
  for (const char* const id : {"a", "b"}) tell(id);
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return receiver_.ids().size() == 2; }));
  EXPECT_EQ(outbox->status()[0].waiting, 2);
}

TEST_F(OutboxTest, PassesByWhatASinkDoesNotWant) {
  const auto outbox = start({{"hook", &receiver_}}, {.kinds = {"audio.*"}});
  tell("a", "video.black");
  tell("b", "audio.silence");
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return outbox->status()[0].waiting == 0; }));
  EXPECT_THAT(receiver_.ids(), ElementsAre("b"));
}

TEST_F(OutboxTest, StopsWhileASinkIsDown) {
  receiver_.refuse(ErrorCode::kWrite);
  auto outbox = start({{"hook", &receiver_}});
  tell("a");
  outbox->wake();
  ASSERT_TRUE(comes_true([&] { return receiver_.attempts > 0; }));
  outbox.reset();
  EXPECT_THAT(receiver_.ids(), IsEmpty());
  EXPECT_EQ(store_->cursor("hook"), 0);
}

TEST_F(OutboxTest, NamesItsStates) {
  EXPECT_EQ(name_of(SinkState::kDelivering), "delivering");
  EXPECT_EQ(name_of(SinkState::kRetrying), "retrying");
  EXPECT_EQ(name_of(SinkState::kRefused), "refused");
}

}  // namespace
}  // namespace monolens
