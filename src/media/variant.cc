#include "media/variant.h"

#include <fmt/format.h>

#include <string>

#include "base/text.h"

namespace monolens {

Result<Variant> parse_variant(std::string_view name) {
  if (name == "highest") return Variant::kHighest;
  if (name == "lowest") return Variant::kLowest;
  return Error{ErrorCode::kUsage, fmt::format("unknown variant '{}'{}", printable(std::string(name)),
                                              suggestion(name, {"highest", "lowest"}))};
}

std::string_view name_of(Variant variant) { return variant == Variant::kLowest ? "lowest" : "highest"; }

}  // namespace monolens
