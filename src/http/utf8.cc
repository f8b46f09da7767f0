#include "http/utf8.h"

namespace monolens {
namespace {

// RFC 3629, section 4: the first byte decides how many follow and where the second may lie.
struct Lead {
  unsigned char first, last;
  std::size_t bytes;
  unsigned char second_first, second_last;
};
constexpr Lead kLeads[] = {
    {0x00, 0x7f, 1, 0x80, 0xbf}, {0xc2, 0xdf, 2, 0x80, 0xbf}, {0xe0, 0xe0, 3, 0xa0, 0xbf},
    {0xe1, 0xec, 3, 0x80, 0xbf}, {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf}, {0xf4, 0xf4, 4, 0x80, 0x8f},
};

bool within(char c, unsigned char first, unsigned char last) {
  return static_cast<unsigned char>(c) >= first && static_cast<unsigned char>(c) <= last;
}

}  // namespace

std::size_t utf8_character(std::string_view text) {
  if (text.empty()) return 0;
  for (const Lead& lead : kLeads) {
    if (!within(text[0], lead.first, lead.last)) continue;
    if (text.size() < lead.bytes) return 0;
    if (lead.bytes > 1 && !within(text[1], lead.second_first, lead.second_last)) return 0;
    for (std::size_t i = 2; i < lead.bytes; ++i) {
      if (!within(text[i], 0x80, 0xbf)) return 0;
    }
    return lead.bytes;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t bytes = utf8_character(text);
    if (bytes == 0) return false;
    text.remove_prefix(bytes);
  }
  return true;
}

}  // namespace monolens
