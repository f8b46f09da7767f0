// WorkerProcess: starts the worker, hears it, and starts it again when it is gone.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "service/wire.h"

namespace monolens {

class WorkerProcess {
 public:
  struct Listener {
    std::function<void()> on_start;  // a new process listens: tell it what to watch
    std::function<void(const nlohmann::json&)> on_message;
    // It is gone; `blamed` are the streams that threads had in hand when it crashed.
    std::function<void(const std::vector<std::string>& blamed)> on_exit;
  };

  // `command` is the program and its arguments; "--wire N" and "--note N" are added. All of the listener's
  // calls come from one thread.
  WorkerProcess(std::vector<std::string> command, Listener listener);
  ~WorkerProcess() { stop(); }
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Starts it. Call it once, when the listener can be called.
  void start() {
    thread_ = std::thread([this] { supervise(); });
  }

  // Ends the process without giving it time to close incidents. The listener is not called any more once it
  // returns.
  void stop();

  // Thread-safe. False while there is no process: on_start will come.
  bool send(const nlohmann::json& message);
  std::uint64_t restarts() const { return restarts_.load(); }
  pid_t pid() const { return pid_.load(); }

 private:
  void supervise();
  bool launch();
  std::vector<std::string> blamed(int note);

  std::vector<std::string> command_;
  Listener listener_;
  std::mutex mutex_;
  std::shared_ptr<Wire> wire_;  // guarded by mutex_
  int note_ = -1;               // the end that is read
  std::atomic<pid_t> pid_ = -1;
  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> restarts_ = 0;
  std::thread thread_;
};

}  // namespace monolens
