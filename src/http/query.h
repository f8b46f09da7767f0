// The target of a request: its path and its query, decoded strictly. What two readers could take for
// different things is refused rather than repaired.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace monolens {

// The text with its %XX decoded; none if an escape is broken, or if the result holds NUL or is no UTF-8 (an
// overlong form of '/' or '.', say).
std::optional<std::string> percent_decoded(std::string_view text);

// "a=1&b=x+y" decoded, where '+' is a space; a name without '=' has an empty value.
std::optional<HttpFields> parse_query(std::string_view text);

// A path that begins with '/', decoded. Refused besides: control characters, "." and ".." as segments, and an
// escaped '/', which after decoding would pass for a separator.
std::optional<std::string> parse_path(std::string_view text);

struct HttpTarget {
  std::string path;
  HttpFields query;
};

// RFC 9112, section 3.2, in origin form ("/path?query") or absolute form ("http://host/path?query", of which
// the host is dropped), or "*", which stands for itself.
std::optional<HttpTarget> parse_target(std::string_view target);

}  // namespace monolens
