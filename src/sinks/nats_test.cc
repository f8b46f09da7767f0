#include "sinks/nats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sinks/testing/event.h"

namespace monolens {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Nats, NamesASubjectByMonitorAndKind) {
  SinkEvent event = freeze_event();
  EXPECT_EQ(nats_subject("monolens.events", event), "monolens.events.channel%204.video.freeze");
  event.monitor = "north.1*>";
  EXPECT_EQ(nats_subject("a", event), "a.north%2E1%2A%3E.video.freeze");
}

TEST(Nats, RefusesWhatIsNoServerOrNoSubject) {
  for (const char* url :
       {"", ",", "http://secret:4222", "nats://", "nats://u:secret@", "nats://host/secret"}) {
    auto sink = make_nats({.url = url});
    ASSERT_FALSE(sink) << url;
    EXPECT_EQ(sink.error().code, ErrorCode::kUsage) << url;
    EXPECT_THAT(sink.error().message, Not(HasSubstr("secret")));
  }
  for (const char* prefix : {"", ".a", "a.", "a..b", "a.*", "a.>", "a b"}) {
    auto sink = make_nats({.url = "nats://127.0.0.1:1", .prefix = prefix});
    ASSERT_FALSE(sink) << prefix;
    EXPECT_EQ(sink.error().message, std::string("'") + prefix + "' is no subject");
  }
}

TEST(Nats, AsksForTheNameInTheCertificatesOfSeveralServers) {
  auto unnamed = make_nats({.url = "tls://a:4222,tls://b:4222"});
  ASSERT_FALSE(unnamed);
  EXPECT_THAT(unnamed.error().message, HasSubstr("tls_hostname"));
  EXPECT_TRUE(make_nats({.url = "tls://a:4222, tls://b:4222", .tls_hostname = "nats.example.com"}));
}

TEST(Nats, NamesAFileOfCertificatesThatIsNone) {
  auto sink = make_nats({.url = "tls://localhost:4222", .ca_file = "/missing/ca.pem"});
  ASSERT_FALSE(sink);
  EXPECT_EQ(sink.error().message, "/missing/ca.pem: holds no certificates");
}

TEST(Nats, NamesItsHostsWhereThereIsNoServer) {
  auto sink = make_nats({.url = "nats://user:secret@127.0.0.1:1,nats://secret@localhost:1",
                         .token = "secret",
                         .timeout = std::chrono::milliseconds(500)});
  ASSERT_TRUE(sink);
  auto sent = (*sink)->send(freeze_event());
  ASSERT_FALSE(sent);
  EXPECT_TRUE(may_pass(sent.error()));
  EXPECT_EQ(sent.error().message, "127.0.0.1:1,localhost:1: No server available for connection");
}

}  // namespace
}  // namespace monolens
