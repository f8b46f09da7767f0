#include "media/hls_playlist.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace monolens {
namespace {

using namespace time_literals;
using testing::SizeIs;

TEST(HlsPlaylist, SaysWhichSegmentsAreThere) {
  const auto playlist = parse_hls_playlist(
      "#EXTM3U\r\n#EXT-X-VERSION:3\r\n#EXT-X-TARGETDURATION:6\r\n#EXT-X-MEDIA-SEQUENCE:41\r\n"
      "#EXT-X-DISCONTINUITY-SEQUENCE:7\r\n#EXTINF:5.96,a title\r\na.ts\r\n"
      "#EXT-X-DISCONTINUITY\r\n#EXT-X-KEY:METHOD=NONE\r\n#EXTINF:4,\r\nsub/b.ts?token=1\r\n");
  ASSERT_TRUE(playlist);
  EXPECT_EQ(playlist->target, 6_for_s);
  EXPECT_EQ(playlist->media_sequence, 41U);
  EXPECT_EQ(playlist->end(), 43U);
  EXPECT_FALSE(playlist->on_demand);
  ASSERT_THAT(playlist->segments, SizeIs(2));
  EXPECT_EQ(playlist->segments[0].duration, 5.96_for_s);
  EXPECT_EQ(playlist->segments[1].uri, "sub/b.ts?token=1");
  EXPECT_EQ(playlist->discontinuities(41), 7U);
  EXPECT_EQ(playlist->discontinuities(42), 8U);
}

TEST(HlsPlaylist, IsOnDemandIfNothingWillBeAdded) {
  const std::string head = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n";
  EXPECT_FALSE(parse_hls_playlist(head)->on_demand);
  EXPECT_FALSE(parse_hls_playlist(head + "#EXT-X-PLAYLIST-TYPE:EVENT\n")->on_demand);
  EXPECT_TRUE(parse_hls_playlist(head + "#EXT-X-PLAYLIST-TYPE:VOD\n")->on_demand);
  EXPECT_TRUE(parse_hls_playlist(head + "#EXTINF:2,\na.ts\n#EXT-X-ENDLIST")->on_demand);
}

TEST(HlsPlaylist, IsNoneIfTheTextIsNone) {
  for (const char* text :
       {"", "#EXTM3", "#EXTM3U", "#EXTM3U8\n#EXT-X-TARGETDURATION:2\n", "#EXTM3U\na.ts\n",
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:-1\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:18446744073709551615\n"}) {
    EXPECT_FALSE(parse_hls_playlist(text)) << text;
  }
}

TEST(HlsPlaylist, BelievesNoLengthThatLies) {
  const struct {
    const char* text;
    MediaDuration duration;
  } rows[] = {{"-3", {}},
              {"nan", {}},
              {"inf", {}},
              {"1e9", 1_for_s},
              {"", {}},
              {"x", {}},
              {"99999999", 86'400_for_s},
              {"0.5", 0.5_for_s}};
  for (const auto& row : rows) {
    const auto playlist = parse_hls_playlist("#EXTM3U\n#EXTINF:" + std::string(row.text) + ",\na.ts\n");
    ASSERT_TRUE(playlist) << row.text;
    EXPECT_EQ(playlist->segments[0].duration, row.duration) << row.text;
  }
}

TEST(HlsPlaylist, WaitsForTheTargetDurationOrTheLongestSegment) {
  const auto interval = [](const std::string& text) {
    return parse_hls_playlist("#EXTM3U\n" + text)->interval();
  };
  EXPECT_EQ(interval("#EXT-X-TARGETDURATION:4\n#EXTINF:9,\na.ts\n"), 4_for_s);
  EXPECT_EQ(interval("#EXTINF:3,\na.ts\n#EXTINF:5,\nb.ts\n"), 5_for_s);
  EXPECT_EQ(interval("#EXT-X-TARGETDURATION:0\n"), 1_for_s);
}

TEST(HlsPlaylist, KnowsTheAddressesThatAnEntryBecomes) {
  const struct {
    const char* address;
    const char* uri;
    bool is;
  } rows[] = {
      {"http://h/live/a.ts", "a.ts", true},
      {"http://h/live/ba.ts", "a.ts", false},
      {"http://h/a.ts", "../a.ts", true},
      {"http://h/a.ts", "/a.ts", true},
      {"http://h/live/a.ts?t=1", "a.ts?t=1", true},
      {"http://h/live/a.ts", "a.ts?t=1", false},
      {"https://cdn/a.ts", "https://cdn/a.ts", true},
      {"https://other/a.ts", "https://cdn/a.ts", false},
      {"crypto+http://h/live/a.ts", "a.ts", true},
      {"crypto:live/a.ts", "a.ts", true},
      {"a.ts", "a.ts", true},
      {"http://h/live/", "", false},
      {"http://h/live/", "../", false},
  };
  for (const auto& row : rows) EXPECT_EQ(is_address_of(row.address, row.uri), row.is) << row.address;
}

TEST(HlsPlaylist, ShowsAFileNameWithoutSecrets) {
  EXPECT_EQ(file_name_of("https://user:pw@h/live/a.ts?token=secret#x"), "a.ts");
  EXPECT_EQ(file_name_of("crypto+https://user:pw@h/live/a.ts"), "a.ts");
  EXPECT_EQ(file_name_of("https://user:pw@h").find("pw"), std::string::npos);
  EXPECT_EQ(file_name_of("http://h/a\nb.ts"), "a_b.ts");
  EXPECT_LE(file_name_of("http://h/" + std::string(5'000, 'x')).size(), 110U);
}

TEST(HlsPlaylist, SurvivesAnything) {
  const std::string good =
      "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXT-X-MEDIA-SEQUENCE:41\n#EXT-X-DISCONTINUITY-SEQUENCE:7\n"
      "#EXTINF:5.96,\na.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:4,\nb.ts\n#EXT-X-ENDLIST\n";
  std::mt19937 random(1);
  for (int i = 0; i < 5'000; ++i) {
    std::string text = good;
    for (unsigned n = random() % 8; n > 0; --n) text[random() % text.size()] = static_cast<char>(random());
    text.resize(random() % (text.size() + 1));
    const auto playlist = parse_hls_playlist(text);
    EXPECT_TRUE(!playlist || playlist->interval() >= 1_for_s);
  }
}

}  // namespace
}  // namespace monolens
