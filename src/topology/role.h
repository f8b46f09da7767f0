// What the processes of a run have in common.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/cpu_clock.h"
#include "topology/bus.h"

namespace monolens::topology {

// What a process used since it was ready: starting up is not what a service spends its time on.
class RoleMeter {
 public:
  // Prints that the process is ready.
  void ready() {
    std::fputs("ready\n", stdout);
    std::fflush(stdout);
    cpu_ = CpuClock(CpuClock::Of::kProcess);
  }

  // Around the work of one call.
  class Call {
   public:
    explicit Call(RoleMeter& meter) : meter_(meter) {}
    ~Call() {
      ++meter_.invocations_;
      meter_.function_s_ += std::ceil(cpu_.seconds() * 1000) / 1000;
      meter_.busy_s_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    RoleMeter& meter_;
    CpuClock cpu_{CpuClock::Of::kProcess};
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  };

  // Prints what was used, with `more` members beside; `parts` are CPU seconds by what they were spent on.
  void tell(nlohmann::json parts, nlohmann::json more = nlohmann::json::object()) const {
    more["cpu_s"] = cpu_.seconds();
    more["parts"] = std::move(parts);
    more["invocations"] = invocations_;
    more["function_s"] = function_s_;
    more["busy_s"] = busy_s_;
    const std::string line = more.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    std::fputs(line.c_str(), stdout);
    std::fflush(stdout);
  }

 private:
  CpuClock cpu_{CpuClock::Of::kProcess};
  std::uint64_t invocations_ = 0;
  double function_s_ = 0;  // CPU time of each call, rounded up to a millisecond
  double busy_s_ = 0;
};

inline std::string text_of(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Answers calls until `stop` is set. `work` makes the answer of a call's data; what it fails with is answered
// too.
template <class Work>
Result<void> answer_calls(Bus& bus, RoleMeter& meter, const std::atomic<bool>& stop, const Work& work) {
  while (const auto message = bus.next(stop)) {
    std::string answer;
    {
      const RoleMeter::Call call(meter);
      Result<std::string> made = work(message->data);
      answer = made ? std::move(*made) : text_of({{"error", made.error().message}});
    }
    if (auto replied = bus.reply(*message, answer); !replied) return replied;
  }
  return {};
}

}  // namespace monolens::topology
