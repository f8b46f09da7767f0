// Bus: a process's line to the others over NATS: calls and answers, and durable messages through JetStream.
//
// Everything that arrives waits in one queue for next(), so that whoever owns the bus is one thread. Neither
// address nor login stands in a message of an error. One at a time in a process: the library ends with it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace monolens::topology {

class Bus {
 public:
  struct Message {
    std::string subject;
    std::string data;
    // Keeps what reply() and acknowledge() need.
    std::shared_ptr<void> handle;
  };

  static Result<std::unique_ptr<Bus>> connect(const std::string& url);
  ~Bus();
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;

  // What is sent to `subject` comes out of next(). The server knows of it when this returns.
  Result<void> listen(const std::string& subject);

  // The answer comes out of next(), with the subject that is returned.
  Result<std::string> ask(const std::string& subject, std::string_view data);
  Result<void> reply(const Message& to, std::string_view data);

  // A stream that keeps messages on disk until they are acknowledged, each taken once; replaces one of that
  // name.
  Result<void> make_work_queue(const std::string& stream, const std::string& subjects);
  void delete_stream(const std::string& stream);
  // What is in the stream comes out of next(), in order, and again if it is not acknowledged.
  Result<void> consume(const std::string& stream, const std::string& subjects);
  Result<void> acknowledge(const Message& message);

  // Done when the server has acknowledged that each is kept; they are on their way at once.
  Result<void> publish(const std::vector<std::pair<std::string, std::string>>& subjects_and_data);

  // The next message, or nothing once `stop` is set.
  std::unique_ptr<Message> next(const std::atomic<bool>& stop);

 private:
  class Impl;
  explicit Bus(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens::topology
