#include "http/query.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "http/utf8.h"

namespace monolens {
namespace {

// The text up to the separator, which are both taken off `rest`.
std::string_view take_until(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::optional<std::string> form_decoded(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decoded(spaced);
}

bool is_dots(std::string_view segment) { return segment == "." || segment == ".."; }

bool has_escaped_slash(std::string_view text) {
  for (std::size_t at = text.find("%2"); at != std::string_view::npos; at = text.find("%2", at + 1)) {
    if (at + 2 < text.size() && lower_ascii(text[at + 2]) == 'f') return true;
  }
  return false;
}

// What follows the authority of an absolute form; the text itself if it has none.
std::string_view without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (equals_any_case(target.substr(0, scheme.size()), scheme)) {
      target.remove_prefix(scheme.size());
      return target.substr(std::min(target.find_first_of("/?"), target.size()));
    }
  }
  return target;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (out.find('\0') != std::string::npos || !is_utf8(out)) return std::nullopt;
  return out;
}

std::optional<HttpFields> parse_query(std::string_view text) {
  HttpFields fields;
  while (!text.empty()) {
    std::string_view value = take_until(text, '&');
    if (value.empty()) continue;
    auto name = form_decoded(take_until(value, '='));
    auto decoded = form_decoded(value);
    if (!name || !decoded) return std::nullopt;
    fields.emplace_back(*std::move(name), *std::move(decoded));
  }
  return fields;
}

std::optional<std::string> parse_path(std::string_view text) {
  if (!text.starts_with('/') || has_escaped_slash(text)) return std::nullopt;
  auto path = percent_decoded(text);
  if (!path || std::any_of(path->begin(), path->end(), is_control)) return std::nullopt;
  std::string_view rest = *path;
  while (!rest.empty()) {
    if (is_dots(take_until(rest, '/'))) return std::nullopt;
  }
  return path;
}

std::optional<HttpTarget> parse_target(std::string_view target) {
  if (target == "*") return HttpTarget{.path = "*", .query = {}};
  if (target.find('#') != std::string_view::npos) return std::nullopt;
  std::string_view rest = without_authority(target);
  const bool has_host = rest.size() != target.size();
  std::string_view encoded = take_until(rest, '?');
  if (has_host && encoded.empty()) encoded = "/";
  auto path = parse_path(encoded);
  auto query = parse_query(rest);
  if (!path || !query) return std::nullopt;
  return HttpTarget{.path = *std::move(path), .query = *std::move(query)};
}

}  // namespace monolens
