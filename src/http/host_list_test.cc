#include "http/host_list.h"

#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

using namespace std::string_literals;

const HostList& loopback() {
  static const HostList hosts({"localhost", "127.0.0.1", "[::1]", "Monitor.Example.com"});
  return hosts;
}

TEST(HostList, TakesItsNamesInAnyCaseWithAnyPort) {
  for (const char* const host :
       {"localhost", "LOCALHOST", "localhost:8080", "localhost:", "127.0.0.1", "127.0.0.1:1", "[::1]",
        "[::1]:8080", "monitor.example.com", "monitor.EXAMPLE.com:443"}) {
    EXPECT_TRUE(loopback().allows(host)) << host;
  }
}

TEST(HostList, RefusesWhatIsOnlyLikeOneOfItsNames) {
  for (const std::string& host : {""s,
                                  ":8080"s,
                                  "evil.example"s,
                                  "localhost.evil.example"s,
                                  "evil.example:localhost"s,
                                  "evil-localhost"s,
                                  "localhost."s,
                                  "127.0.0.1.evil.example"s,
                                  "127.0.0.1.nip.io:80"s,
                                  "127.0.0.2"s,
                                  "127.1"s,
                                  "2130706433"s,
                                  "0x7f.0.0.1"s,
                                  "0.0.0.0"s,
                                  "::1"s,
                                  "[::1"s,
                                  "[::1]x"s,
                                  "[::1]x:80"s,
                                  "[::1].evil.example"s,
                                  "[::ffff:127.0.0.1]"s,
                                  "[::1%25lo]"s,
                                  "localhost:8080@evil.example"s,
                                  "evil.example#localhost"s,
                                  "localhost@evil.example"s,
                                  "user@localhost"s,
                                  "localhost:80:80"s,
                                  "localhost:x"s,
                                  "localhost:-1"s,
                                  "localhost,evil.example"s,
                                  "localhost evil.example"s,
                                  " localhost"s,
                                  "localhost/"s,
                                  "localhost\0"s,
                                  "localhost\0.evil.example"s,
                                  "x.monitor.example.com"s}) {
    EXPECT_FALSE(loopback().allows(host)) << host;
  }
}

TEST(HostList, TakesAnythingIfItIsEmpty) {
  EXPECT_TRUE(HostList({}).allows("evil.example"));
  EXPECT_TRUE(HostList({}).allows(""));
}

TEST(AuthorityOf, IsWhatAnAbsoluteAddressNames) {
  EXPECT_EQ(authority_of("http://evil.example:80/v1?x"), "evil.example:80");
  EXPECT_EQ(authority_of("HTTP://evil.example?x=/"), "evil.example");
  EXPECT_EQ(authority_of("http://a@b/"), "a@b");
  EXPECT_EQ(authority_of("/v1/x?to=http://evil.example/"), "");
  EXPECT_EQ(authority_of("*"), "");
}

}  // namespace
}  // namespace monolens
