#include "service/wire.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace monolens {
namespace {

using Json = nlohmann::json;

class WireTest : public testing::Test {
 protected:
  WireTest() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      throw std::runtime_error("no sockets");
    wire_ = std::make_unique<Wire>(ends[0]);
    raw_ = ends[1];
  }
  ~WireTest() override {
    if (raw_ >= 0) close(raw_);
  }

  // The other side, as a wire.
  std::unique_ptr<Wire> other() { return std::make_unique<Wire>(std::exchange(raw_, -1)); }

  void write_raw(const std::vector<std::uint8_t>& bytes) const {
    ASSERT_EQ(send(raw_, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  void hang_up() { close(std::exchange(raw_, -1)); }

  std::unique_ptr<Wire> wire_;
  int raw_ = -1;
};

TEST_F(WireTest, CarriesMessagesAsTheyAreAndInTheirOrder) {
  const auto there = other();
  const Json picture = {
      {"picture", Json::binary({0, 255, 10, 0})}, {"note", "Übersteuerung\0x"}, {"ended", nullptr}};
  const Json number = {{"score", 99.25}, {"at", std::int64_t{1'772'000'000'123}}};
  ASSERT_TRUE(there->send(picture));
  ASSERT_TRUE(there->send(number));
  EXPECT_EQ(wire_->receive(), picture);
  EXPECT_EQ(wire_->receive(), number);
}

TEST_F(WireTest, CarriesWhatIsLargerThanASocketHolds) {
  const auto there = other();
  const Json large = {{"picture", Json::binary(std::vector<std::uint8_t>(5'000'000, 7))}};
  std::thread sender([&] { EXPECT_TRUE(there->send(large)); });
  EXPECT_EQ(wire_->receive(), large);
  sender.join();
}

TEST_F(WireTest, KeepsTheMessagesOfSeveralThreadsWhole) {
  const auto there = other();
  constexpr int kThreads = 4;
  constexpr int kEach = 200;
  std::vector<std::thread> senders;
  for (int t = 0; t < kThreads; ++t) {
    senders.emplace_back([&, t] {
      for (int n = 0; n < kEach; ++n) there->send({{"from", t}, {"n", n}, {"text", std::string(3'000, 'a')}});
    });
  }
  std::array<int, kThreads> next{};
  for (int n = 0; n < kThreads * kEach; ++n) {
    const auto message = wire_->receive();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->at("n"), next[message->at("from").get<std::size_t>()]++);
  }
  for (std::thread& sender : senders) sender.join();
}

TEST_F(WireTest, SaysThatTheOtherSideIsGone) {
  hang_up();
  EXPECT_EQ(wire_->receive(), std::nullopt);
  EXPECT_FALSE(wire_->send({{"watch", "m"}}));
}

TEST_F(WireTest, TakesNoMessageThatIsCutShort) {
  write_raw({5, 0, 0, 0, 0xa1});
  hang_up();
  EXPECT_EQ(wire_->receive(), std::nullopt);
}

TEST_F(WireTest, TakesNoMessageThatIsNone) {
  write_raw({2, 0, 0, 0, 0xff, 0xff});
  EXPECT_EQ(wire_->receive(), std::nullopt);
}

TEST_F(WireTest, MakesNoRoomForALengthThatNobodySends) {
  write_raw({0xff, 0xff, 0xff, 0xff, 0xa0});
  EXPECT_EQ(wire_->receive(), std::nullopt);
}

TEST_F(WireTest, EndsAReceiveOfBothSidesWhenItIsShut) {
  const auto there = other();
  std::thread waiting([&] { EXPECT_EQ(there->receive(), std::nullopt); });
  std::thread closing([&] { wire_->shut(); });
  EXPECT_EQ(wire_->receive(), std::nullopt);
  waiting.join();
  closing.join();
}

}  // namespace
}  // namespace monolens
