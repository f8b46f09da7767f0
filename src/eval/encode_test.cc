#include "eval/encode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "eval/programme_reader.h"

namespace monolens::eval {
namespace {

// Grey for 3 s with a white picture and a click at 2 s.
Programme marked() {
  Programme p;
  const auto grey = std::make_shared<const Picture>(flat_picture(160, 96, 100));
  for (int i = 0; i < 75; ++i) {
    p.pictures.push_back(i == 50 ? std::make_shared<const Picture>(flat_picture(160, 96, 220)) : grey);
    p.ticks.push_back(i);
  }
  p.sample_rate = 48000;
  p.channels.assign(2, std::vector<float>(144000, 0.0F));
  for (auto& c : p.channels) {
    c[0] = 0.01F;
    for (std::size_t i = 96000; i < 96048; ++i) c[i] = 0.8F;
  }
  return p;
}

Programme through_a_file(const std::vector<std::byte>& bytes, const std::string& name) {
  const auto path = std::filesystem::path(testing::TempDir()) / name;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  auto read = read_programme(path.string(), {});
  std::filesystem::remove(path);
  EXPECT_TRUE(read.ok());
  return std::move(*read);
}

double white_at(const Programme& p) {
  for (std::size_t i = 0; i < p.pictures.size(); ++i) {
    if (p.pictures[i]->plane(0)[80] > 180) return static_cast<double>(i) * p.interval();
  }
  return -1;
}

double click_at(const Programme& p) {
  const auto loudest = std::ranges::max_element(p.channels[0]);
  return static_cast<double>(loudest - p.channels[0].begin()) / p.sample_rate;
}

TEST(Encode, PresentsAPictureAndTheSoundOfOneTimeTogether) {
  for (const Carrier& carrier : {Carrier{.container = "mp4"}, Carrier{.container = "mpegts"},
                                 Carrier{.container = "matroska", .audio_codec = "flac"}}) {
    const auto bytes = encode(marked(), carrier);
    ASSERT_TRUE(bytes.ok()) << bytes.error().message;
    const Programme read = through_a_file(*bytes, "encode_test." + carrier.container);
    EXPECT_NEAR(click_at(read) - white_at(read), 0, 0.021) << carrier.container;
    EXPECT_NEAR(click_at(read), 2, 0.05) << carrier.container;
  }
}

TEST(Encode, GivesTheSameBytesEachTime) {
  const auto a = encode(marked(), {});
  const auto b = encode(marked(), {});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(*a, *b);
}

TEST(Encode, DelaysTheSoundByWhatTheCarrierSays) {
  Carrier late{.container = "matroska", .audio_codec = "flac"};
  late.sample_time = [](std::int64_t n) { return n + 9600; };
  const auto bytes = encode(marked(), late);
  ASSERT_TRUE(bytes.ok());
  const Programme read = through_a_file(*bytes, "encode_test_late.mkv");
  EXPECT_NEAR(click_at(read) - white_at(read), 0.2, 0.021);
}

TEST(Encode, SaysWhichEncoderIsMissing) {
  const auto bytes = encode(marked(), {.audio_codec = "nosuch"});
  ASSERT_FALSE(bytes.ok());
  EXPECT_EQ(bytes.error().message, "this FFmpeg has no encoder 'nosuch'");
}

TEST(ReadPictures, KeepsTheTimesOfPicturesWhenOthersAreMissing) {
  Programme p = marked();
  p.pictures.erase(p.pictures.begin() + 20, p.pictures.begin() + 25);
  p.ticks.erase(p.ticks.begin() + 20, p.ticks.begin() + 25);
  const auto bytes = encode_pictures(p, plain_h264(p));
  ASSERT_TRUE(bytes.ok());
  const auto read = read_pictures(*bytes);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->ticks, p.ticks);
}

}  // namespace
}  // namespace monolens::eval
