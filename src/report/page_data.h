// Puts data into a page that draws itself with the scripts inside it.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

namespace monolens {

// The page of `pieces` with `data` in place of its mark {{data}}, as JSON that no text in it can end. Bytes
// that aren't UTF-8 become U+FFFD. REQUIRES: the mark stands in one script element, of a type that is not
// run.
std::string page_with_data(std::span<const std::string_view> pieces, const nlohmann::json& data);

}  // namespace monolens
