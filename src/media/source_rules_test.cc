#include "media/source_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

using testing::HasSubstr;

SourceRules rules(SourceLists lists) { return SourceRules::make(std::move(lists)).value(); }

bool allows(const SourceRules& rules, std::string_view url) { return rules.check_url(url).ok(); }

TEST(SourceRules, DenyByDefaultWhereCloudsKeepTheirSecretsAndNothingElse) {
  const SourceRules rules;
  for (const char* const url : {"http://169.254.169.254/latest/meta-data/",
                                "http://user@169.254.169.254:80/",
                                "https://169.254.1.1",
                                "http://[fe80::1]/",
                                "http://[fe80::1%lo]/",
                                "http://[::ffff:169.254.169.254]/",
                                "http://[::ffff:a9fe:a9fe]/",
                                "http://[64:ff9b::169.254.169.254]/",
                                "http://[2002:a9fe:a9fe::]/",
                                "http://0xa9fea9fe/",
                                "http://2852039166/",
                                "http://0251.0376.0251.0376/",
                                "http://169.254.43518/",
                                "http://0xa9.254.0251.254/",
                                "rtmp://169.254.169.254/a",
                                "srt://169.254.169.254:9000",
                                "http://a@b@169.254.169.254/",
                                "http://169.254.169.254?@a/",
                                "http://169.254.169.254#@a/",
                                "http://[fd00:ec2::254]/",
                                "http://100.100.100.200/"}) {
    EXPECT_FALSE(allows(rules, url)) << url;
  }
  for (const char* const url :
       {"http://127.0.0.1/", "http://10.0.0.1/", "http://example.com/", "http://[2001:db8::1]/",
        "udp://239.0.0.1:5000", "udp://@239.0.0.1:5000", "srt://:9000?mode=listener",
        "http://169.254.169.254.example.com/", "http://a/169.254.169.254"}) {
    EXPECT_TRUE(allows(rules, url)) << url;
  }
}

TEST(SourceRules, KnowSchemes) {
  const SourceRules only = rules({.allow_schemes = {"https", "srt"}});
  EXPECT_TRUE(allows(only, "HTTPS://a/"));
  EXPECT_FALSE(allows(only, "http://a/"));
  EXPECT_THAT(only.check_url("http://a/").error().message, HasSubstr("the scheme http is not allowed"));
  const SourceRules but = rules({.deny_schemes = {"udp"}});
  EXPECT_FALSE(allows(but, "UDP://239.0.0.1:5000"));
  EXPECT_TRUE(allows(but, "rtp://239.0.0.1:5000"));
}

TEST(SourceRules, KnowHosts) {
  const SourceRules only = rules({.allow_hosts = {"cdn.example.com", "*.live.example.com"}});
  for (const char* const url :
       {"http://cdn.example.com/", "http://CDN.example.com:80/", "http://cdn.example.com./",
        "http://a.live.example.com/", "http://a.b.live.example.com/"}) {
    EXPECT_TRUE(allows(only, url)) << url;
  }
  for (const char* const url :
       {"http://example.com/", "http://live.example.com/", "http://evil-live.example.com/",
        "http://evil.com/", "http://cdn.example.com@evil.com/", "http://evil.com/cdn.example.com",
        "http://evil.com?cdn.example.com", "http://cdn.example.com.evil.com/", "http://10.0.0.1/",
        "http://.live.example.com.evil.com/", "srt://:9000?mode=listener"}) {
    EXPECT_FALSE(allows(only, url)) << url;
  }
  const SourceRules but = rules({.deny_hosts = {"*.internal", "localhost"}});
  EXPECT_FALSE(allows(but, "http://db.internal/"));
  EXPECT_FALSE(allows(but, "http://LOCALHOST./"));
  EXPECT_TRUE(allows(but, "http://internal.example.com/"));
}

TEST(SourceRules, KnowAddresses) {
  const SourceRules only = rules({.allow_addresses = {"10.0.0.0/8"}, .deny_addresses = {"10.1.0.0/16"}});
  EXPECT_TRUE(allows(only, "http://10.2.0.1/"));
  EXPECT_FALSE(allows(only, "http://10.1.0.1/"));
  EXPECT_FALSE(allows(only, "http://127.0.0.1/"));
  EXPECT_TRUE(allows(only, "http://name.example.com/")) << "a name is judged when it is connected to";
  const SourceRules no_loopback = rules({.deny_addresses = {"127.0.0.0/8", "::1"}});
  for (const char* const url :
       {"http://127.1/", "http://0/", "http://0.0.0.0/", "http://[::]/", "http://[::1]/"})
    EXPECT_FALSE(allows(no_loopback, url)) << url;
  EXPECT_TRUE(allows(rules({.deny_addresses = {}}), "http://169.254.169.254/"));
}

TEST(SourceRules, AreRefusedWhereARangeIsNone) {
  const auto made = SourceRules::make({.deny_addresses = {"10.0.0.0/33"}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kUsage);
  EXPECT_THAT(made.error().message, HasSubstr("'10.0.0.0/33' is no address or range"));
}

TEST(HostOf, IsWhatFfmpegConnectsTo) {
  EXPECT_EQ(host_of("http://u:p@h:80/x"), "h");
  EXPECT_EQ(host_of("http://u@v@h/x@y"), "h");
  EXPECT_EQ(host_of("http://[::1]:80/"), "::1");
  EXPECT_EQ(host_of("http://h?x@y"), "h");
  EXPECT_EQ(host_of("srt://:9000"), "");
  EXPECT_EQ(host_of("/a/b"), "");
}

}  // namespace
}  // namespace monolens
