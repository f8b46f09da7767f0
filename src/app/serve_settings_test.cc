#include "app/serve_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;

ServeSettings settings(std::string_view toml) {
  ServeSettings settings;
  const auto parsed = parse_serve_settings(toml, "serve.toml", settings);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return settings;
}

std::string error(std::string_view toml) {
  ServeSettings settings;
  const auto parsed = parse_serve_settings(toml, "serve.toml", settings);
  return parsed ? "" : parsed.error().message;
}

TEST(ServeSettings, TakeWhereStreamsMayComeFrom) {
  const auto lists = settings(
                         "[sources]\nallow_schemes = ['https']\ndeny_hosts = ['*.internal']\n"
                         "deny_addresses = ['10.0.0.0/8']\n")
                         .sources.lists();
  EXPECT_THAT(lists.allow_schemes, ElementsAre("https"));
  EXPECT_THAT(lists.deny_hosts, ElementsAre("*.internal"));
  EXPECT_THAT(lists.deny_addresses, ElementsAre("10.0.0.0/8")) << "it stands for the default";
  EXPECT_THAT(settings("[sources]\ndeny_addresses = []\n").sources.lists().deny_addresses, IsEmpty());
}

TEST(ServeSettings, DenyLinkLocalAddressesUnlessToldOtherwise) {
  for (const char* const toml : {"", "[sources]\nallow_schemes = ['https']\n"})
    EXPECT_THAT(settings(toml).sources.lists().deny_addresses, IsSupersetOf({"169.254.0.0/16", "fe80::/10"}))
        << toml;
}

TEST(ServeSettings, SayWhereARuleForSourcesIsWrong) {
  EXPECT_THAT(error("[sources]\ndeny_adresses = []\n"),
              HasSubstr("serve.toml:2:17: unknown key 'deny_adresses', did you mean 'deny_addresses'?"));
  EXPECT_THAT(error("[sources]\ndeny_addresses = ['10.0.0.0/33']\n"),
              HasSubstr("'10.0.0.0/33' is no address or range"));
  EXPECT_THAT(error("[sources]\nallow_hosts = 'a'\n"), HasSubstr("allow_hosts must be an array of strings"));
  EXPECT_THAT(error("sources = 1\n"), HasSubstr("write [sources]"));
}

TEST(ServeSettings, NameLoopbackWhereItIsListenedOn) {
  ServeSettings on = settings("listen = '127.0.0.5:80'\nhosts = ['monitor.example.com']\n");
  name_loopback(on);
  EXPECT_THAT(on.http.hosts,
              ElementsAre("monitor.example.com", "localhost", "127.0.0.1", "[::1]", "127.0.0.5"));
  ServeSettings v6 = settings("listen = '[::1]:80'\n");
  name_loopback(v6);
  EXPECT_THAT(v6.http.hosts, testing::Contains("[::1]"));
  ServeSettings off = settings("listen = '0.0.0.0:80'\n");
  name_loopback(off);
  EXPECT_THAT(off.http.hosts, IsEmpty());
}

TEST(ServeSettings, TakeHooksOfTheScore) {
  const auto hooks =
      settings(
          "[[score_hook]]\nname = 'switch'\nlevel = 40\ntype = 'webhook'\nurl = 'https://example.com/'\n"
          "monitors = ['m1']\n[[score_hook]]\nname = 'log'\ntype = 'jsonl'\npath = '/tmp/x'\n")
          .score_hooks;
  ASSERT_EQ(hooks.size(), 2U);
  EXPECT_EQ(hooks[0].name, "switch");
  EXPECT_EQ(hooks[0].level, 40);
  EXPECT_THAT(hooks[0].options.filter.monitors, ElementsAre("m1"));
  EXPECT_EQ(hooks[1].level, 50);
  EXPECT_THAT(error("[[score_hook]]\ntype = 'webhook'\n"), HasSubstr("needs a name"));
  EXPECT_THAT(error("[[score_hook]]\nname = 'a'\nlevel = 101\n"),
              HasSubstr("level must be a number from 0 to 100"));
  EXPECT_THAT(error("[[score_hook]]\nname = 'a'\ntype = 'fax'\n"), HasSubstr("score_hook 'a'"));
}

TEST(ServeSettings, TakeWhatThereIsRoomFor) {
  EXPECT_EQ(settings("").clips_mb, 1'000);
  EXPECT_EQ(settings("clips_mb = 0\n").clips_mb, 0);
  EXPECT_EQ(settings("capacity_cores = 6.5\n").capacity_cores, 6.5);
  EXPECT_THAT(error("capacity_cores = 0\n"), HasSubstr("must be a number from 0.1"));
  EXPECT_THAT(error("clips_mb = 'many'\n"), HasSubstr("clips_mb must be a number"));
}

TEST(ServeSettings, TakeACluster) {
  const auto cluster = settings(
                           "[cluster]\nurl = 'nats://a:4222,nats://b:4222'\ntoken = 'secret'\nreplicas = 3\n"
                           "serves = ['sound']\n[cluster.groups]\nrest = 'all,-silence'\nsound = 'silence'\n")
                           .cluster;
  ASSERT_TRUE(cluster);
  EXPECT_EQ(cluster->broker.url, "nats://a:4222,nats://b:4222");
  EXPECT_EQ(cluster->broker.prefix, "monolens.cluster");
  EXPECT_EQ(cluster->broker.token, "secret");
  EXPECT_EQ(cluster->replicas, 3);
  EXPECT_THAT(cluster->serves, ElementsAre("sound"));
  ASSERT_TRUE(cluster->groups);
  EXPECT_TRUE(cluster->groups->has("rest"));
  EXPECT_FALSE(settings("").cluster);
}

TEST(ServeSettings, SayWhereAClusterIsWrong) {
  EXPECT_EQ(error("[cluster]\nurl = 'nats://a'\n[cluster.groups]\nx = 'silence'\ny = 'silence'\n"),
            "serve.toml:3:1: detector 'silence' is in the groups 'x' and 'y'");
  EXPECT_THAT(error("[cluster]\nurl = 'nats://a'\nreplicas = 9\n"), HasSubstr("serve.toml:3:12: replicas"));
  EXPECT_THAT(error("[cluster]\nurl = 'nats://a'\npasword = 'x'\n"), HasSubstr("cluster: "));
  EXPECT_THAT(error("cluster = 1\n"), HasSubstr("write [cluster]"));
}

}  // namespace
}  // namespace monolens
