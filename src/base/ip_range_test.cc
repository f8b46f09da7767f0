#include "base/ip_range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

namespace monolens {
namespace {

IpAddress address(std::string_view text) { return parse_ip_range(text).value().first; }

bool holds(std::string_view range, std::string_view text) {
  return parse_ip_range(range).value().holds(address(text));
}

std::vector<std::string> ways(std::string_view text) {
  std::vector<std::string> texts;
  for (const IpAddress& way : ways_to(address(text))) texts.push_back(to_text(way));
  return texts;
}

TEST(IpRange, HoldsWhatBeginsWithItsBits) {
  EXPECT_TRUE(holds("169.254.0.0/16", "169.254.169.254"));
  EXPECT_FALSE(holds("169.254.0.0/16", "169.253.255.255"));
  EXPECT_TRUE(holds("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(holds("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(holds("fe80::/10", "febf::1"));
  EXPECT_FALSE(holds("fe80::/10", "fec0::1"));
  EXPECT_TRUE(holds("10.0.0.1", "10.0.0.1"));
  EXPECT_FALSE(holds("10.0.0.1", "10.0.0.2"));
  EXPECT_TRUE(holds("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(holds("::/0", "2001:db8::1"));
}

TEST(IpRange, TakesAMappedAddressForTheOneOfIpv4) {
  EXPECT_TRUE(holds("127.0.0.0/8", "::ffff:127.0.0.1"));
  EXPECT_TRUE(holds("::ffff:127.0.0.0/104", "127.0.0.1"));
  EXPECT_EQ(to_text(address("::ffff:127.0.0.1")), "127.0.0.1");
}

TEST(IpRange, IsReadStrictly) {
  for (const char* const text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                                 "10.0.0.0/8/8", "10.0.0.1/8", "10.0.0/8", "010.0.0.0/8", "0x0a.0.0.0/8",
                                 " 10.0.0.0/8", "fe80::/129", "fe80::1/10", "fe80::1%lo", "localhost"}) {
    EXPECT_FALSE(parse_ip_range(text)) << text;
  }
}

TEST(IpRange, KnowsAllWaysToAnAddress) {
  using testing::ElementsAre;
  EXPECT_THAT(ways("10.1.2.3"), ElementsAre("10.1.2.3"));
  EXPECT_THAT(ways("64:ff9b::a9fe:a9fe"), ElementsAre("64:ff9b::a9fe:a9fe", "169.254.169.254"));
  EXPECT_THAT(ways("2002:a9fe:a9fe::1"), ElementsAre("2002:a9fe:a9fe::1", "169.254.169.254"));
  EXPECT_THAT(ways("0.0.0.0"), ElementsAre("0.0.0.0", "127.0.0.1"));
  EXPECT_THAT(ways("::"), ElementsAre("::", "::1", "127.0.0.1"));
}

TEST(IpRange, ReadsTheAddressOfASocket) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(to_text(*ip_address(reinterpret_cast<const sockaddr*>(&v4))), "127.0.0.1");
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  EXPECT_EQ(to_text(*ip_address(reinterpret_cast<const sockaddr*>(&v6))), "::1");
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  EXPECT_FALSE(ip_address(reinterpret_cast<const sockaddr*>(&local)));
}

}  // namespace
}  // namespace monolens
