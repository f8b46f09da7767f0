// DemoStream: a live stream to try the service with: a moving picture with a tone, in which something breaks
// every few seconds: the picture stands still, goes black, the sound is gone.
//
// It is made once, and then sent in real time to a UDP port of loopback, again and again, as long as this
// lives.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace monolens {

// What a monitor's `url` says to watch it.
inline constexpr const char* kDemoUrl = "demo:";

class DemoStream {
 public:
  // Takes a second. Where FFmpeg lacks the encoders nothing is sent, which its monitor will tell.
  DemoStream();
  ~DemoStream();
  DemoStream(const DemoStream&) = delete;
  DemoStream& operator=(const DemoStream&) = delete;

  // "udp://127.0.0.1:PORT"
  const std::string& url() const { return url_; }

 private:
  void send_for_ever(std::vector<std::uint8_t> turn);

  int port_ = 0;
  std::string url_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stop_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace monolens
