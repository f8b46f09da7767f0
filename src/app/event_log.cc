#include "app/event_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/atomic_file.h"

namespace monolens {

Result<std::unique_ptr<EventLog>> EventLog::open(const std::string& path) {
  if (path.empty()) return std::unique_ptr<EventLog>(new EventLog(path, -1, false));
  if (path == "-")
    return std::unique_ptr<EventLog>(new EventLog("standard output", dup(STDOUT_FILENO), false));
  const bool exists = access(path.c_str(), F_OK) == 0;
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
  if (fd < 0)
    return Error{ErrorCode::kWrite, fmt::format("{}: can't be written: {}", path, std::strerror(errno))};
  return std::unique_ptr<EventLog>(new EventLog(path, fd, !exists));
}

EventLog::~EventLog() {
  if (fd_ >= 0) close(fd_);
}

void EventLog::write(const InputInfo& input, const IncidentEvent& event) {
  if (fd_ < 0) return;
  const std::string line = to_text(make_event(input, event)) + "\n";
  const std::lock_guard lock(mutex_);
  written_ = true;
  if (error_ == 0 && !write_all(fd_, line)) error_ = errno;
}

Result<void> EventLog::status() const {
  if (error_ == 0) return {};
  return Error{ErrorCode::kWrite, fmt::format("{}: can't be written: {}", path_, std::strerror(error_))};
}

void EventLog::discard_if_empty() {
  if (made_ && !written_) unlink(path_.c_str());
}

}  // namespace monolens
