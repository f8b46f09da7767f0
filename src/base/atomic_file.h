// AtomicFile: a file that appears whole or not at all: written under a temporary name beside it, then
// renamed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace monolens {

class AtomicFile {
 public:
  // Makes the temporary file, so that a path that can't be written is known before the work. "-" is standard
  // output; a path that exists and is no regular file (a device, a pipe) is written in place.
  static Result<AtomicFile> create(const std::string& path);

  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  ~AtomicFile();  // without commit() nothing is left behind

  // Writes the content and gives the file its name. Call it once.
  Result<void> commit(std::string_view content);

 private:
  AtomicFile(std::string path, std::string temporary, int fd);

  std::string path_;
  std::string temporary_;  // empty when written in place
  int fd_ = -1;
};

// Writes all of `content`, however often the system takes only a part. False with errno set on failure.
bool write_all(int fd, std::string_view content);

}  // namespace monolens
