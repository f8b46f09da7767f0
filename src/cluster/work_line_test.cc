#include "cluster/work_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster/testing/nats_server.h"

namespace monolens {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr LeaseTimes kTimes{
    .patience = milliseconds(1'500), .lease = milliseconds(1'000), .renew = milliseconds(200)};
const MonitorGroup kPair{"m1", "all"};

struct Instance {
  explicit Instance(const std::string& url) : broker(*Broker::connect({.url = url}, 1)) {
    EXPECT_TRUE(line.open({"all"}));
  }
  std::vector<MonitorGroup> renew() { return line.renew(steady_clock::now()); }
  // A line may come back early with nothing.
  std::optional<MonitorGroup> take(milliseconds wait) {
    const auto until = steady_clock::now() + wait;
    do {
      auto taken = line.take("all", std::chrono::duration_cast<milliseconds>(until - steady_clock::now()));
      if (taken && *taken) return *taken;
    } while (steady_clock::now() + milliseconds(10) < until);
    return std::nullopt;
  }

  std::unique_ptr<Broker> broker;
  ClusterNames names{"test.cluster"};
  WorkLine line{*broker, names, kTimes};
};

class WorkLineTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!server_.is_there()) GTEST_SKIP() << "there is no nats-server";
    a_.emplace(server_.url());
    b_.emplace(server_.url());
    ASSERT_TRUE(a_->broker->add_work(a_->names.work_of(kPair)));
  }

  NatsServer server_;
  std::optional<Instance> a_;
  std::optional<Instance> b_;
};

TEST_F(WorkLineTest, OneHasItWhileItRenews) {
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  for (const auto until = steady_clock::now() + milliseconds(2'500); steady_clock::now() < until;) {
    EXPECT_THAT(a_->renew(), IsEmpty());
    EXPECT_EQ(b_->take(milliseconds(50)), std::nullopt);
  }
  EXPECT_TRUE(a_->line.holds(kPair));
  EXPECT_THAT(a_->line.held(), ElementsAre(testing::Pair(kPair, 1)));
}

TEST_F(WorkLineTest, AnItemIsThereOnceHoweverOftenItIsAdded) {
  ASSERT_TRUE(a_->broker->add_work(a_->names.work_of(kPair)));
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  ASSERT_TRUE(b_->broker->add_work(a_->names.work_of(kPair)));
  EXPECT_EQ(b_->take(milliseconds(300)), std::nullopt);
}

TEST_F(WorkLineTest, ComesToAnotherWhenItsHolderDies) {
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  a_.reset();
  EXPECT_EQ(b_->take(milliseconds(3'000)), kPair);
  EXPECT_THAT(b_->line.held(), ElementsAre(testing::Pair(kPair, 2)));
}

TEST_F(WorkLineTest, ComesToAnotherAtOnceWhenItIsGivenBack) {
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  a_->line.give_back(kPair);
  EXPECT_FALSE(a_->line.holds(kPair));
  EXPECT_EQ(b_->take(milliseconds(500)), kPair);
}

TEST_F(WorkLineTest, ComesLaterWhenItIsGivenBackWithADelay) {
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  a_->line.give_back(kPair, milliseconds(1'500));
  EXPECT_EQ(b_->take(milliseconds(700)), std::nullopt);
  EXPECT_EQ(b_->take(milliseconds(3'000)), kPair);
}

// Whoever was halted knows before it looks at anything else.
TEST_F(WorkLineTest, IsSureOfItOnlyForTheTimeOfALease) {
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  const auto now = steady_clock::now();
  EXPECT_TRUE(a_->line.is_sure_of("m1", now));
  EXPECT_FALSE(a_->line.is_sure_of("m", now));
  EXPECT_FALSE(a_->line.is_sure_of("m2", now));
  EXPECT_FALSE(a_->line.is_sure_of("m1", now + kTimes.lease));
}

TEST_F(WorkLineTest, IsGoneWhenItIsFinished) {
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  a_->line.finish(kPair);
  EXPECT_EQ(b_->take(milliseconds(2'000)), std::nullopt);
  ASSERT_TRUE(b_->broker->add_work(b_->names.work_of(kPair)));
  EXPECT_EQ(b_->take(milliseconds(500)), kPair);
}

// The broker does not answer: this side lets go before the broker's patience is over.
TEST_F(WorkLineTest, IsLostToOneThatIsCutOff) {
  ASSERT_EQ(a_->take(milliseconds(500)), kPair);
  const auto cut = steady_clock::now();
  server_.freeze();
  std::vector<MonitorGroup> lost;
  while (lost.empty() && steady_clock::now() < cut + milliseconds(3'000)) {
    lost = a_->renew();
    std::this_thread::sleep_for(milliseconds(10));
  }
  const auto took = steady_clock::now() - cut;
  server_.go_on();
  EXPECT_THAT(lost, ElementsAre(kPair));
  EXPECT_LT(took, kTimes.patience);
  EXPECT_EQ(b_->take(milliseconds(3'000)), kPair);
}

TEST_F(WorkLineTest, SurvivesTheBrokersRestart) {
  server_.kill();
  server_.start_again();
  std::optional<MonitorGroup> taken;
  for (int i = 0; i < 50 && !taken; ++i) {
    taken = b_->take(milliseconds(200));
    if (!taken) std::this_thread::sleep_for(milliseconds(100));
  }
  EXPECT_EQ(taken, kPair);
}

}  // namespace
}  // namespace monolens
