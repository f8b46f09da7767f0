#include "base/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace monolens {
namespace {

std::string gunzip(const std::string& bytes, std::size_t size) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(size + 1, '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST(Gzip, ComesBackAsItWas) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += static_cast<char>(i % 251 * (i % 7) % 127);
  for (const std::string& t : {std::string(), std::string("a"), text})
    EXPECT_EQ(gunzip(gzip(t), t.size()), t);
}

TEST(Gzip, IsSmallerWhereTextRepeats) { EXPECT_LT(gzip(std::string(10'000, 'a')).size(), 100U); }

TEST(Gzip, HasNoTimeInIt) {
  const std::string bytes = gzip("text");
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00", 8));
}

}  // namespace
}  // namespace monolens
