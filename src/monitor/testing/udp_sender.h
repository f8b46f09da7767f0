// UdpSender: sends a transport stream of constant rate to a port of the loopback, in real time. Used by tests
// alone.
#pragma once

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "base/testing/loopback.h"
#include "media/testing/test_media.h"

namespace monolens {

class UdpSender {
 public:
  using WallTime = std::chrono::system_clock::time_point;

  // `stream` lasts `seconds`. Nothing is sent before go().
  UdpSender(Bytes stream, double seconds) : stream_(std::move(stream)), seconds_(seconds) {
    socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    to_ = LoopbackSocket(SOCK_DGRAM).address();  // free once the socket that found it is closed
  }
  ~UdpSender() {
    stop();
    close(socket_);
  }
  UdpSender(const UdpSender&) = delete;
  UdpSender& operator=(const UdpSender&) = delete;

  std::string url() const { return "udp://127.0.0.1:" + std::to_string(ntohs(to_.sin_port)); }

  // Goes on where it stopped.
  void go() {
    stop_ = false;
    began_ = std::chrono::system_clock::now() - offset(sent_);
    thread_ = std::thread([this] { send_all(); });
  }
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

  // When a moment of the stream was or will be sent, if it does not stop in between.
  WallTime when(double seconds) const {
    return began_ + std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(seconds));
  }

 private:
  static constexpr std::size_t kDatagram = 7 * 188;

  WallTime::duration offset(std::size_t bytes) const {
    const double share = static_cast<double>(bytes) / static_cast<double>(stream_.size());
    return std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(share * seconds_));
  }

  void send_all() {
    while (!stop_ && sent_ < stream_.size()) {
      std::this_thread::sleep_until(began_ + offset(sent_));
      const std::size_t n = std::min(kDatagram, stream_.size() - sent_);
      sendto(socket_, stream_.data() + sent_, n, 0, reinterpret_cast<const sockaddr*>(&to_), sizeof to_);
      sent_ += n;
    }
  }

  Bytes stream_;
  double seconds_;
  int socket_ = -1;
  sockaddr_in to_{};
  std::size_t sent_ = 0;
  WallTime began_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace monolens
