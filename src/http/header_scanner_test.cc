#include "http/header_scanner.h"

#include <gtest/gtest.h>

#include <string>

namespace monolens {
namespace {

using namespace std::string_literals;

HeaderScanner::Found scan(std::string_view text) { return HeaderScanner(100, 200).scan(text); }

TEST(HeaderScanner, FindsTheEndOfTheHeaderAndNotOfWhatFollows) {
  const std::string header = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(scan(header).size, header.size());
  EXPECT_EQ(scan(header + "body\n\0\r\n\r\n"s).size, header.size());
  EXPECT_EQ(scan("GET / HTTP/1.0\r\n\r\n").size, 18u);
}

TEST(HeaderScanner, FindsItByteByByte) {
  const std::string header = "GET / HTTP/1.1\r\nA:\tb\r\nHost: a\r\n\r\n";
  HeaderScanner scanner(100, 200);
  for (std::size_t size = 0; size < header.size(); ++size) {
    const auto found = scanner.scan(std::string_view(header).substr(0, size));
    EXPECT_EQ(found.size, 0u);
    EXPECT_EQ(found.refused, 0);
  }
  EXPECT_EQ(scanner.scan(header).size, header.size());
}

TEST(HeaderScanner, RefusesOtherLineEndsAndControlCharacters) {
  for (const std::string& text :
       {"GET / HTTP/1.1\n"s, "GET / HTTP/1.1\r\nA: b\n\r\n"s, "GET / HTTP/1.1\r\nA: b\r\r\n"s,
        "GET / HTTP/1.1\rA"s, "GET / HTTP/1.1\r\nA: b\rC: d\r\n"s, "GET / HTTP/1.1\r\n\n"s, "\n"s, "\r\n"s,
        "\r\r"s, "GET /\0"s, "\x16\x03\x01"s, "GET / HTTP/1.1\r\nA: \x7f"s, "GET / HTTP/1.1\r\nA: \x0b"s,
        "GET / HTTP/1.1\r\n\r\r"s}) {
    EXPECT_EQ(scan(text).refused, 400) << text;
  }
}

TEST(HeaderScanner, RefusesALineThatGoesOnWithTheOneBefore) {
  for (const std::string& text :
       {"GET / HTTP/1.1\r\n A: b"s, "GET / HTTP/1.1\r\nA: b\r\n c"s, "GET / HTTP/1.1\r\nA: b\r\n\tc"s,
        "GET / HTTP/1.1\r\nHost: a\r\n \r\n"s, "GET / HTTP/1.1\r\n\t\r\n\r\n"s}) {
    EXPECT_EQ(scan(text).refused, 400) << text;
  }
}

TEST(HeaderScanner, RefusesTooLongARequestLineAsSoonAsItIs) {
  EXPECT_EQ(scan("GET /" + std::string(90, 'a')).refused, 0);
  EXPECT_EQ(scan("GET /" + std::string(200, 'a')).refused, 414);
}

TEST(HeaderScanner, RefusesTooLongAHeaderAsSoonAsItIs) {
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: " + std::string(190, 'a')).refused, 0);
  EXPECT_EQ(scan("GET / HTTP/1.1\r\nA: " + std::string(200, 'a')).refused, 431);
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 60; ++i) many += "a:\r\n";
  EXPECT_EQ(scan(many).refused, 431);
}

}  // namespace
}  // namespace monolens
