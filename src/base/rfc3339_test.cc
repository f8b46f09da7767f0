#include "base/rfc3339.h"

#include <gtest/gtest.h>

namespace monolens {
namespace {

TEST(Rfc3339, WritesUtcWithMilliseconds) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(1'795'602'030'007), "2026-11-25T10:20:30.007Z");
  EXPECT_EQ(rfc3339(951'782'400'000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Rfc3339, ReadsWhatOthersWrite) {
  EXPECT_EQ(parse_rfc3339("2026-11-25T10:20:30.007Z"), 1'795'602'030'007);
  EXPECT_EQ(parse_rfc3339("2026-11-25T10:20:30Z"), 1'795'602'030'000);
  EXPECT_EQ(parse_rfc3339("2026-11-25t10:20:30.5z"), 1'795'602'030'500);
  EXPECT_EQ(parse_rfc3339("2026-11-25T10:20:30.0079999Z"), 1'795'602'030'007);
  EXPECT_EQ(parse_rfc3339("2026-11-25T12:20:30+02:00"), 1'795'602'030'000);
  EXPECT_EQ(parse_rfc3339("2026-11-25T04:50:30-05:30"), 1'795'602'030'000);
}

TEST(Rfc3339, RefusesWhatIsNoInstant) {
  for (const char* text : {"", "2026", "2026-11-25", "2026-11-25T10:20:30", "2026-11-25 10:20:30Z",
                           "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-25T24:00:00Z",
                           "2026-11-25T10:60:00Z", "2026-11-25T10:20:30.Z", "2026-11-25T10:20:30+2:00",
                           "2026-11-25T10:20:30+24:00", "2026-11-25T10:20:30Zx", "-026-11-25T10:20:30Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace monolens
