// EventLog: incident events as JSON lines, each written the moment it is known.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "base/result.h"
#include "report/json_report.h"

namespace monolens {

class EventLog {
 public:
  // Without a path nothing is written. "-" is standard output.
  static Result<std::unique_ptr<EventLog>> open(const std::string& path);
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // Thread-safe. The line is with the operating system when this returns.
  void write(const InputInfo& input, const IncidentEvent& event);

  // The first failure to write, if any.
  Result<void> status() const;

  // Takes the file away again if this object made it and nothing was written.
  void discard_if_empty();

 private:
  EventLog(std::string path, int fd, bool made) : path_(std::move(path)), fd_(fd), made_(made) {}

  std::string path_;
  int fd_;
  bool made_;
  std::mutex mutex_;
  bool written_ = false;
  int error_ = 0;  // errno
};

}  // namespace monolens
