#include "media/network_wall.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <cerrno>
#include <chrono>
#include <string>

#include "base/testing/loopback.h"
#include "media/source.h"
#include "media/testing/http_server.h"
#include "media/testing/test_media.h"

namespace monolens {
namespace {

using testing::HasSubstr;

constexpr in_addr_t kDenied = INADDR_LOOPBACK + 1;  // 127.0.0.2

SourceRules rules(SourceLists lists) { return SourceRules::make(std::move(lists)).value(); }

std::string media() {
  const Bytes bytes = TestMedia("mpegts").add(TestVideo{.frames = 30}).bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string playlist(const std::vector<std::string>& entries) {
  std::string text = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n";
  for (const std::string& entry : entries) text += "#EXTINF:1.2,\n" + entry + "\n";
  return HttpServer::ok("application/vnd.apple.mpegurl", text + "#EXT-X-ENDLIST\n");
}

// What opening and reading to the end came to.
std::string trouble_of(const std::string& url) {
  SourceOptions options;
  options.url = url;
  options.timeout = std::chrono::seconds(5);
  auto source = Source::open(std::move(options));
  if (!source) return source.error().message;
  Packet packet;
  while ((*source)->read(packet) == ReadStatus::kPacket) continue;
  return (*source)->error();
}

// A server that may be reached, and one that may not.
class NetworkWallTest : public testing::Test {
 protected:
  HttpServer secret_{{{"/a.ts", HttpServer::ok("video/mp2t", media())}, {"/list.m3u8", playlist({"/a.ts"})}},
                     kDenied};
  SourceRules deny_secret_ = rules({.deny_addresses = {"127.0.0.2"}});
};

TEST_F(NetworkWallTest, StandsForItsLifetimeAlone) {
  EXPECT_EQ(trouble_of(secret_.url("/a.ts")), "");
  {
    const NetworkWall wall(deny_secret_);
    EXPECT_THAT(trouble_of(secret_.url("/a.ts")), HasSubstr("the address 127.0.0.2 is not allowed"));
  }
  EXPECT_EQ(secret_.requests(), 1);
  EXPECT_EQ(trouble_of(secret_.url("/a.ts")), "");
}

TEST_F(NetworkWallTest, JudgesWhatANameResolvesTo) {
  const HttpServer server({{"/a.ts", HttpServer::ok("video/mp2t", media())}});
  const NetworkWall wall(rules({.deny_addresses = {"127.0.0.0/8", "::1"}}));
  const std::string port = server.url("/").substr(std::string("http://127.0.0.1").size());
  EXPECT_THAT(trouble_of("http://localhost" + port + "a.ts"), HasSubstr("is not allowed"));
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(NetworkWallTest, FollowsNoRedirectToADeniedAddress) {
  const HttpServer server(
      {{"/a.ts", HttpServer::redirect(secret_.url("/a.ts"))}, {"/twice.ts", HttpServer::redirect("/a.ts")}});
  const NetworkWall wall(deny_secret_);
  for (const char* const path : {"/a.ts", "/twice.ts"})
    EXPECT_THAT(trouble_of(server.url(path)), HasSubstr("the address 127.0.0.2 is not allowed")) << path;
  EXPECT_EQ(server.requests(), 3);
  EXPECT_EQ(secret_.requests(), 0);
}

TEST_F(NetworkWallTest, FollowsNoRedirectToADeniedHost) {
  const HttpServer server({{"/a.ts", HttpServer::redirect("http://localhost:9/a.ts")}});
  const NetworkWall wall(rules({.deny_hosts = {"localhost"}}));
  EXPECT_THAT(trouble_of(server.url("/a.ts")), HasSubstr("the host localhost is not allowed"));
}

TEST_F(NetworkWallTest, OpensNoPlaylistsEntryAtADeniedAddress) {
  const std::string good = media();
  const HttpServer server({{"/good.ts", HttpServer::ok("video/mp2t", good)},
                           {"/moved.ts", HttpServer::redirect(secret_.url("/a.ts"))},
                           {"/all.m3u8", playlist({secret_.url("/a.ts")})},
                           {"/last.m3u8", playlist({"/good.ts", secret_.url("/a.ts")})},
                           {"/moved.m3u8", playlist({"/good.ts", "/moved.ts"})},
                           {"/nested.m3u8", HttpServer::ok("application/vnd.apple.mpegurl",
                                                           "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n" +
                                                               secret_.url("/list.m3u8") + "\n")},
                           {"/away.m3u8", HttpServer::redirect(secret_.url("/list.m3u8"))}});
  const NetworkWall wall(deny_secret_);
  for (const char* const path : {"/all.m3u8", "/last.m3u8", "/moved.m3u8", "/nested.m3u8", "/away.m3u8"})
    EXPECT_THAT(trouble_of(server.url(path)), HasSubstr("the address 127.0.0.2 is not allowed")) << path;
  EXPECT_EQ(secret_.requests(), 0);
}

TEST_F(NetworkWallTest, LeavesASchemeThatIsDeniedWhereARedirectLedThere) {
  const HttpServer server({{"/a.ts", HttpServer::ok("video/mp2t", media())}});
  const NetworkWall wall(rules({.allow_schemes = {"https"}}));
  EXPECT_THAT(trouble_of(server.url("/a.ts")), HasSubstr("the scheme http is not allowed"));
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(NetworkWallTest, JudgesEachWayToSend) {
  const LoopbackSocket receiver(SOCK_DGRAM, kDenied);
  const LoopbackSocket sender(SOCK_DGRAM);
  const auto* to = reinterpret_cast<const sockaddr*>(&receiver.address());
  constexpr socklen_t kSize = sizeof(sockaddr_in);
  sockaddr_in copy = receiver.address();
  iovec bytes{.iov_base = &copy, .iov_len = 1};
  msghdr message{};
  message.msg_name = &copy;
  message.msg_namelen = kSize;
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  EXPECT_EQ(sendto(sender.descriptor(), "x", 1, 0, to, kSize), 1);
  EXPECT_EQ(sendmsg(sender.descriptor(), &message, 0), 1);
  const NetworkWall wall(deny_secret_);
  errno = 0;
  EXPECT_EQ(sendto(sender.descriptor(), "x", 1, 0, to, kSize), -1);
  EXPECT_EQ(errno, EACCES);
  EXPECT_EQ(sendmsg(sender.descriptor(), &message, 0), -1);
  EXPECT_EQ(connect(sender.descriptor(), to, kSize), -1);
  EXPECT_EQ(take_network_refusal(), "the address 127.0.0.2 is not allowed");
  EXPECT_EQ(take_network_refusal(), "");
}

}  // namespace
}  // namespace monolens
