// Child: a process of a run: started, talked to over its standard input and output, watched, and ended.
#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace monolens::topology {

// One thread at a time.
class Child {
 public:
  // `command` is the program and its arguments. Its standard error is this program's.
  static Result<Child> start(const std::string& name, const std::vector<std::string>& command);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();  // ends it

  // Waits for the line "ready".
  Result<void> wait_until_ready();
  // Writes a line.
  void begin();
  // Asks it to end.
  void stop() const;
  bool has_ended() const;
  // Waits until it has told what it used.
  Result<void> wait_for_line();
  // What it told, once it has ended; waits for both. Fails if it ends with an error.
  Result<nlohmann::json> wait();

  // Adds to the sum of what it holds in memory now.
  void sample();

  const std::string& name() const { return name_; }
  double mean_gib() const;  // resident, of the samples
  double peak_gib() const;  // resident, as the system tells after its end

 private:
  Child(std::string name, pid_t pid, int in, int out);
  // The next line, or what there is at the end.
  std::string read_line();

  std::string name_;
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string buffered_;
  std::string told_;
  double sum_gib_ = 0;
  int samples_ = 0;
  double peak_gib_ = 0;
};

}  // namespace monolens::topology
