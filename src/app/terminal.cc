#include "app/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>

namespace monolens {

bool is_terminal(std::FILE* stream) {
  const char* term = std::getenv("TERM");
  return isatty(fileno(stream)) != 0 && std::getenv("NO_COLOR") == nullptr &&
         (term == nullptr || std::string_view(term) != "dumb");
}

std::string coloured(std::string_view text, Severity severity, bool colours) {
  if (!colours) return std::string(text);
  constexpr const char* kCodes[] = {"36", "33", "35", "1;31"};  // info, minor, major, critical
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(severity)], text);
}

std::string faint(std::string_view text, bool colours) {
  return colours ? fmt::format("\x1b[2m{}\x1b[0m", text) : std::string(text);
}

std::string clock_text(double seconds) {
  const auto ms = static_cast<long long>(std::llround(std::max(0.0, seconds) * 1000));
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

}  // namespace monolens
