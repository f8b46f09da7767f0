#include "app/serve_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

ServeSettings settings(std::string_view toml) {
  ServeSettings settings;
  const auto parsed = parse_serve_settings(toml, "serve.toml", settings);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return settings;
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

}  // namespace
}  // namespace monolens
