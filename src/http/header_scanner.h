// HeaderScanner: finds the end of a request's header in what has arrived so far, and refuses early what can't
// become one.
//
// Lines end in CR LF and in nothing else, and none goes on with the one before: what is read otherwise
// elsewhere is how requests are smuggled past a proxy.
#pragma once

#include <cstddef>
#include <string_view>

namespace monolens {

class HeaderScanner {
 public:
  // `max_target` bounds the request line, `max_header` all that follows it; both in bytes.
  HeaderScanner(std::size_t max_target, std::size_t max_header)
      : max_line_(max_target + kRestOfLine), max_header_(max_header) {}

  struct Found {
    int refused = 0;       // 400, 414 or 431, or 0
    std::size_t size = 0;  // of the header with its empty line, or 0 if more must arrive
  };
  // REQUIRES: `text` begins with what it was called with before.
  Found scan(std::string_view text);

 private:
  static constexpr std::size_t kRestOfLine = 32;  // the longest method known, the version, spaces

  std::size_t max_line_, max_header_;
  std::size_t at_ = 0;  // scanned so far
  std::size_t line_start_ = 0;
  std::size_t first_line_ = 0;  // its size, or 0 while it lasts
};

}  // namespace monolens
