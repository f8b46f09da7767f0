// A file of JSON lines: each event is appended as a line.
//
// The file may be renamed away at any time (logrotate): the next event goes to a new one under the old name.
// A line that was written in part, because a disk was full or the machine stopped, is ended before the next.
#pragma once

#include <memory>
#include <string>

#include "sinks/sink.h"

namespace monolens {

struct JsonlOptions {
  std::string path;
  bool fsync = false;  // true = a line is on the disk, not only with the operating system, when it is sent
};

std::unique_ptr<Sink> make_jsonl(JsonlOptions options);

}  // namespace monolens
