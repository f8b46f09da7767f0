#include "topology/segment.h"

#include <gtest/gtest.h>

namespace monolens::topology {
namespace {

TEST(Segment, KeepsAllThatDetectorsAreToldOfAPicture) {
  Segment segment{.stream = 3, .second = 7};
  segment.objects.push_back({"pictures/3/7", 900, true});
  segment.items.push_back({.type = Item::Type::kPicture,
                           .track = 1,
                           .time = MediaTime::seconds(7.24),
                           .front = MediaTime::seconds(7.28),
                           .stored = {.object = 0, .offset = 100, .size = 200},
                           .duration = MediaDuration::milliseconds(40),
                           .shape = "yuv420p:64x48:0:0",
                           .key = true,
                           .interlaced = true,
                           .top_field_first = true,
                           .suspect = true,
                           .coded_bytes = 4711});
  const auto parsed = parse_segment(segment_json(segment));
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed->items.size(), 1U);
  const Item& sent = segment.items[0];
  const Item& got = parsed->items[0];
  EXPECT_EQ(got.time, sent.time);
  EXPECT_EQ(got.front, sent.front);
  EXPECT_EQ(got.stored.offset, sent.stored.offset);
  EXPECT_EQ(got.stored.size, sent.stored.size);
  EXPECT_EQ(got.duration, sent.duration);
  EXPECT_EQ(got.shape, sent.shape);
  EXPECT_TRUE(got.key && got.interlaced && got.top_field_first && got.suspect);
  EXPECT_EQ(got.coded_bytes, 4711);
}

}  // namespace
}  // namespace monolens::topology
