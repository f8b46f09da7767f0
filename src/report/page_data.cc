#include "report/page_data.h"

namespace monolens {
namespace {

constexpr std::string_view kDataMark = "{{data}}";

// JSON that is safe between <script> and </script>. In JSON these characters occur inside strings alone,
// where the escape means the same.
std::string script_safe_json(const nlohmann::json& value) {
  const std::string json = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string out;
  out.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = std::string_view(json).substr(i);
    if (rest[0] == '<') {
      out += "\\u003c";
    } else if (rest[0] == '>') {
      out += "\\u003e";
    } else if (rest[0] == '&') {
      out += "\\u0026";
    } else if (rest.starts_with("\u2028")) {
      out += "\\u2028";
      i += 2;
    } else if (rest.starts_with("\u2029")) {
      out += "\\u2029";
      i += 2;
    } else {
      out += rest[0];
    }
  }
  return out;
}

}  // namespace

std::string page_with_data(std::span<const std::string_view> pieces, const nlohmann::json& data) {
  std::string page;
  for (const std::string_view piece : pieces) page += piece;
  page.replace(page.find(kDataMark), kDataMark.size(), script_safe_json(data));
  return page;
}

}  // namespace monolens
