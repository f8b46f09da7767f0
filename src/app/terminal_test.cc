#include "app/terminal.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <limits>
#include <memory>
#include <set>
#include <string>

namespace monolens {
namespace {

TEST(Terminal, IsNotAFile) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  EXPECT_FALSE(is_terminal(file.get()));
}

TEST(Terminal, ColoursTextOnlyWhereColoursAreWanted) {
  EXPECT_EQ(coloured("major", Severity::kMajor, false), "major");
  EXPECT_EQ(coloured("major", Severity::kMajor, true), "\x1b[35mmajor\x1b[0m");
  EXPECT_EQ(faint("text", false), "text");
  EXPECT_EQ(faint("text", true), "\x1b[2mtext\x1b[0m");
}

TEST(Terminal, GivesEachSeverityAColourOfItsOwn) {
  std::set<std::string> all;
  for (const Severity s : {Severity::kInfo, Severity::kMinor, Severity::kMajor, Severity::kCritical}) {
    all.insert(coloured("x", s, true));
  }
  EXPECT_EQ(all.size(), 4U);
}

TEST(ClockText, ShowsHoursMinutesSecondsAndMilliseconds) {
  EXPECT_EQ(clock_text(0), "00:00:00.000");
  EXPECT_EQ(clock_text(3723.4564), "01:02:03.456");
  EXPECT_EQ(clock_text(59.9996), "00:01:00.000");
  EXPECT_EQ(clock_text(360000), "100:00:00.000");
  EXPECT_EQ(clock_text(-1), "00:00:00.000");
}

}  // namespace
}  // namespace monolens
