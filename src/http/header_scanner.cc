#include "http/header_scanner.h"

#include "base/ascii.h"

namespace monolens {

HeaderScanner::Found HeaderScanner::scan(std::string_view text) {
  for (; at_ < text.size(); ++at_) {
    const char c = text[at_];
    const bool after_return = at_ > line_start_ && text[at_ - 1] == '\r';
    if ((c == '\n') != after_return) return {.refused = 400};
    if (is_control(c) && c != '\r' && c != '\n' && c != '\t') return {.refused = 400};
    // RFC 9112, section 5.2: a line that begins with a blank would go on with the one before.
    if (at_ == line_start_ && first_line_ != 0 && (c == ' ' || c == '\t')) return {.refused = 400};
    if (first_line_ == 0 && at_ >= max_line_) return {.refused = 414};
    if (first_line_ != 0 && at_ - first_line_ >= max_header_) return {.refused = 431};
    if (c != '\n') continue;
    const bool is_empty = at_ == line_start_ + 1;
    if (is_empty && first_line_ == 0) return {.refused = 400};
    if (is_empty) return {.size = at_ + 1};
    line_start_ = at_ + 1;
    if (first_line_ == 0) first_line_ = line_start_;
  }
  return {};
}

}  // namespace monolens
