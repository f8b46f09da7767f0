#include "media/hls_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace monolens {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Type = StreamEvent::Type;

struct List {
  int first = 0;
  int segments = 3;
  std::string tags = {};       // of the playlist
  std::string prefix = "s";    // of the segments' names
  int interrupted = -1;        // number of a segment before which a discontinuity stands
  std::string length = "2.0";  // of a segment, seconds
};

std::string text_of(const List& list) {
  std::string text = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(list.first) +
                     "\n" + list.tags;
  for (int n = list.first; n < list.first + list.segments; ++n) {
    if (n == list.interrupted) text += "#EXT-X-DISCONTINUITY\n";
    text += "#EXTINF:" + list.length + ",\n" + list.prefix + std::to_string(n) +
            ".ts?token=" + std::to_string(list.first) + "\n";
  }
  return text;
}

class HlsWatchTest : public testing::Test {
 protected:
  // What is told of a playlist that is fetched so long after the last one.
  std::vector<Type> fetch(HlsWatch::Clock::duration later, const List& list,
                          const std::string& url = "http://h/live.m3u8") {
    now_ += later;
    HlsWatch::Events events;
    watch_.playlist(url, text_of(list), now_, events);
    return types_of(events);
  }

  std::vector<Type> types_of(const HlsWatch::Events& events) {
    std::vector<Type> types;
    for (const StreamEvent& e : events) types.push_back(e.type);
    if (!events.empty()) last_ = events.back();
    return types;
  }

  HlsWatch watch_;
  HlsWatch::Clock::time_point now_{1h};
  StreamEvent last_;
};

TEST_F(HlsWatchTest, SaysNothingOfAPlaylistThatGrows) {
  for (int n = 0; n < 50; ++n) {
    EXPECT_THAT(fetch(1s, {.first = n}), IsEmpty());
    EXPECT_THAT(fetch(1s, {.first = n}), IsEmpty());
    EXPECT_FALSE(watch_.stale(now_));
  }
}

TEST_F(HlsWatchTest, TellsOnceOfOneThatDoesNotGrowUntilItDoes) {
  fetch(0s, {.first = 5});
  EXPECT_THAT(fetch(3s, {.first = 5}), IsEmpty());  // 1.5 target durations are allowed
  EXPECT_FALSE(watch_.stale(now_));
  EXPECT_THAT(fetch(100ms, {.first = 5}), ElementsAre(Type::kPlaylistStale));
  EXPECT_EQ(last_.detail, "the playlist live.m3u8 has not changed for 3.1 s; its target duration is 2 s");
  EXPECT_THAT(fetch(1s, {.first = 5}), IsEmpty());
  EXPECT_TRUE(watch_.stale(now_));
  EXPECT_THAT(watch_.trouble(), HasSubstr("has not changed for 4.1 s"));
  EXPECT_THAT(fetch(1s, {.first = 6}), ElementsAre(Type::kPlaylistGrew));
  EXPECT_FALSE(watch_.stale(now_));
  EXPECT_EQ(watch_.trouble(), "");
}

TEST_F(HlsWatchTest, IsNotFooledByATokenThatChanges) {
  fetch(0s, {.first = 5});
  EXPECT_THAT(fetch(4s, {.first = 5}, "http://h/live.m3u8?token=2"), ElementsAre(Type::kPlaylistStale));
}

TEST_F(HlsWatchTest, KnowsAStalePlaylistAgainAfterAPause) {
  fetch(0s, {.first = 5});
  fetch(4s, {.first = 5});
  EXPECT_FALSE(watch_.stale(now_ + 30s));  // nobody knows
  fetch(30s, {.first = 5});
  EXPECT_TRUE(watch_.stale(now_));
}

TEST_F(HlsWatchTest, SaysNothingOfOneOnDemand) {
  for (const char* tag : {"#EXT-X-ENDLIST\n", "#EXT-X-PLAYLIST-TYPE:VOD\n"}) {
    const std::string url = std::string("http://h/") + tag;
    EXPECT_THAT(fetch(0s, {.tags = tag}, url), IsEmpty());
    EXPECT_THAT(fetch(1h, {.tags = tag}, url), IsEmpty());
    EXPECT_FALSE(watch_.stale(now_));
  }
  EXPECT_EQ(watch_.longest_interval(), MediaDuration());
}

TEST_F(HlsWatchTest, SaysNothingOfALiveStreamThatEnds) {
  fetch(0s, {.first = 5});
  fetch(1s, {.first = 5, .tags = "#EXT-X-ENDLIST\n"});
  EXPECT_THAT(fetch(10s, {.first = 5, .tags = "#EXT-X-ENDLIST\n"}), IsEmpty());
  EXPECT_FALSE(watch_.stale(now_));
}

TEST_F(HlsWatchTest, SaysNothingOfVariantsThatAreNotFetchedAnyMore) {
  const std::string low = "http://h/low.m3u8";
  fetch(0s, {.first = 5});
  fetch(0s, {.first = 5}, low);
  fetch(4s, {.first = 5}, low);
  EXPECT_TRUE(watch_.stale(now_));
  for (int n = 6; n < 12; ++n) fetch(2s, {.first = n});
  EXPECT_FALSE(watch_.stale(now_));
}

TEST_F(HlsWatchTest, IsNotStaleWhileOneOfThoseThatAreReadGrows) {
  const std::string sound = "http://h/sound.m3u8";
  for (int n = 0; n < 4; ++n) {
    fetch(1s, {.first = 5});
    fetch(1s, {.first = n}, sound);
  }
  EXPECT_FALSE(watch_.stale(now_));
  fetch(1s, {.first = 3}, sound);
  fetch(4s, {.first = 3}, sound);
  fetch(0s, {.first = 5});
  EXPECT_TRUE(watch_.stale(now_));
}

TEST_F(HlsWatchTest, SaysNothingOfAVariantThatIsFetchedWhenASourceIsOpenedAlone) {
  const std::string low = "http://h/low.m3u8";
  for (int n = 0; n < 30; ++n) {
    if (n % 10 == 0) {
      EXPECT_THAT(fetch(0s, {.first = 5}, low), IsEmpty());
    }
    fetch(2s, {.first = n});
    EXPECT_FALSE(watch_.stale(now_));
  }
}

TEST_F(HlsWatchTest, TellsOfAJumpAheadBeyondTheWindow) {
  fetch(0s, {.first = 5});
  EXPECT_THAT(fetch(1s, {.first = 105}), ElementsAre(Type::kPlaylistJump));
  EXPECT_EQ(last_.count, 97U);
  EXPECT_EQ(last_.detail, "the media sequence jumps ahead from 8 to 105");
  EXPECT_THAT(fetch(2s, {.first = 106}), IsEmpty());
}

TEST_F(HlsWatchTest, TellsOfAJumpThatNoClockCouldCount) {
  fetch(0s, {.first = 5, .length = "99999999"});
  EXPECT_THAT(fetch(2s, {.first = 2'000'000'000, .length = "99999999"}), ElementsAre(Type::kPlaylistJump));
}

TEST_F(HlsWatchTest, SaysNothingOfAWindowThatPassedByWhileNobodyLooked) {
  fetch(0s, {.first = 5});
  EXPECT_THAT(fetch(60s, {.first = 35}), IsEmpty());
}

TEST_F(HlsWatchTest, TellsOfAJumpBack) {
  fetch(0s, {.first = 105});
  EXPECT_THAT(fetch(1s, {.first = 0}), ElementsAre(Type::kPlaylistJump));
  EXPECT_EQ(last_.detail, "the media sequence goes back from 105 to 0");
  EXPECT_THAT(fetch(2s, {.first = 1}), IsEmpty());
}

TEST_F(HlsWatchTest, TellsOfANewBeginningUnderNumbersThatOverlap) {
  fetch(0s, {.first = 2});
  EXPECT_THAT(fetch(1s, {.first = 0, .prefix = "new"}), ElementsAre(Type::kPlaylistJump));
}

TEST_F(HlsWatchTest, ForgivesACacheThatHandsOutAnOlderVersion) {
  fetch(0s, {.first = 5});
  EXPECT_THAT(fetch(1s, {.first = 4}), IsEmpty());
  EXPECT_THAT(fetch(1s, {.first = 6}), IsEmpty());
}

TEST_F(HlsWatchTest, TellsWhenASegmentsDiscontinuityNumberChanges) {
  const std::string tag = "#EXT-X-DISCONTINUITY-SEQUENCE:";
  fetch(0s, {.first = 5, .tags = tag + "3\n", .interrupted = 6});
  EXPECT_THAT(fetch(2s, {.first = 6, .tags = tag + "3\n", .interrupted = 6}), IsEmpty());
  EXPECT_THAT(fetch(2s, {.first = 7, .tags = tag + "4\n"}), IsEmpty());
  EXPECT_THAT(fetch(2s, {.first = 8, .tags = tag + "3\n"}), ElementsAre(Type::kDiscontinuitySequence));
  EXPECT_EQ(last_.detail, "the discontinuity sequence of segment 8 was 4 and is 3");
}

TEST_F(HlsWatchTest, ForgivesWhoNeverGivesDiscontinuityNumbers) {
  fetch(0s, {.first = 5, .interrupted = 5});
  EXPECT_THAT(fetch(2s, {.first = 6}), IsEmpty());
}

TEST_F(HlsWatchTest, TellsOfSegmentsThatCanNotBeFetchedByTheirFileName) {
  fetch(0s, {.first = 5});
  HlsWatch::Events events;
  watch_.failed("http://user:pw@h/s6.ts?token=5", "Server returned 404 Not Found", events);
  EXPECT_THAT(types_of(events), ElementsAre(Type::kSegmentMissing));
  EXPECT_EQ(last_.detail, "segment s6.ts: Server returned 404 Not Found");
  EXPECT_EQ(last_.span, MediaDuration::milliseconds(2'000));
  events.clear();
  watch_.failed("http://h/key.bin", "Server returned 403 Forbidden", events);
  EXPECT_EQ(events.at(0).detail, "key.bin: Server returned 403 Forbidden");
}

TEST_F(HlsWatchTest, KeepsWhyAPlaylistCanNotBeFetchedUntilItCan) {
  fetch(0s, {.first = 5});
  HlsWatch::Events events;
  watch_.failed("http://h/live.m3u8?token=7", "Connection refused", events);
  EXPECT_THAT(events, IsEmpty());
  EXPECT_EQ(watch_.trouble(), "the playlist live.m3u8: Connection refused");
  fetch(1s, {.first = 6});
  EXPECT_EQ(watch_.trouble(), "");
}

TEST_F(HlsWatchTest, TellsHowLongASegmentTookOfHowLongItPlays) {
  fetch(0s, {.first = 5});
  HlsWatch::Events events;
  watch_.fetched("http://h/s6.ts?token=5", 500ms, events);
  EXPECT_THAT(types_of(events), ElementsAre(Type::kSegmentFetched));
  EXPECT_EQ(last_.length, MediaDuration::milliseconds(500));
  EXPECT_EQ(last_.span, MediaDuration::milliseconds(2'000));
  events.clear();
  watch_.fetched("http://h/init.mp4", 500ms, events);
  EXPECT_THAT(events, IsEmpty());
}

}  // namespace
}  // namespace monolens
