// The form in which instances send each other JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace monolens {

inline std::string cbor_of(const nlohmann::json& json) {
  std::string cbor;
  nlohmann::json::to_cbor(json, cbor);
  return cbor;
}

}  // namespace monolens
