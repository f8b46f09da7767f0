// ClipFolder: clips of incidents, a file each, within a budget of bytes: the oldest go first.
//
// Incidents that share a clip share its bytes (hard links). A file appears whole or not at all. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace monolens {

class ClipFolder {
 public:
  // Makes the folder. What is in it from before stays, as far as the budget goes.
  static Result<std::unique_ptr<ClipFolder>> open(std::string folder, std::uint64_t most_bytes);

  // REQUIRES: `incidents` is not empty.
  Result<void> put(std::span<const std::string> incidents, std::span<const std::uint8_t> mp4);
  // nullopt if there is none, or `incident` is no incident's id.
  std::optional<std::string> get(const std::string& incident) const;
  // Clips that were put before, milliseconds since 1970.
  void forget(std::int64_t before_ms);

 private:
  struct File;
  ClipFolder(std::string folder, std::uint64_t most_bytes)
      : folder_(std::move(folder)), most_bytes_(most_bytes) {}
  std::string path_of(const std::string& incident) const;
  std::vector<File> oldest_first() const;
  void keep_to_budget();

  std::string folder_;
  std::uint64_t most_bytes_;
  std::mutex mutex_;
};

}  // namespace monolens
