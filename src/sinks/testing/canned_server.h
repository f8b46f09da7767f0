// CannedServer: an HTTP server on 127.0.0.1 that takes one request after the other, keeps it and answers with
// the bytes that the test gives. Used by tests alone.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/loopback.h"

namespace monolens {

class CannedServer {
 public:
  // What to answer to a request; nothing means to stay silent.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit CannedServer(Answer answer) : answer_(std::move(answer)) {
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~CannedServer() {
    thread_.request_stop();
    thread_.join();
  }
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  static std::string answer(int status, const std::string& body = "", const std::string& headers = "") {
    return "HTTP/1.1 " + std::to_string(status) + " Canned\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  int port() const { return listener_.port(); }
  std::string host() const { return "127.0.0.1:" + std::to_string(port()); }
  std::string url(const std::string& path = "/") const { return "http://" + host() + path; }
  int connections() const { return connections_; }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  static bool readable(int fd, const std::stop_token& stop) {
    pollfd waiting{fd, POLLIN, 0};
    while (!stop.stop_requested()) {
      if (poll(&waiting, 1, 20) > 0) return true;
    }
    return false;
  }

  void serve(const std::stop_token& stop) {
    while (readable(listener_.descriptor(), stop)) {
      const int client = listener_.accept_one();
      if (client < 0) continue;
      ++connections_;
      while (serve_one(client, stop)) {
      }
      close(client);
    }
  }

  // Whether the connection lasts.
  bool serve_one(int client, const std::stop_token& stop) {
    std::string request;
    while (!complete(request)) {
      char bytes[4096];
      const ssize_t n = readable(client, stop) ? recv(client, bytes, sizeof(bytes), 0) : 0;
      if (n <= 0) return false;
      request.append(bytes, static_cast<std::size_t>(n));
    }
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
    }
    const std::string reply = answer_(request);
    return send(client, reply.data(), reply.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(reply.size());
  }

  static bool complete(const std::string& request) {
    const auto end = request.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const auto length = request.find("Content-Length: ");
    const std::size_t body =
        length == std::string::npos || length > end ? 0 : std::stoul(request.substr(length + 16));
    return request.size() >= end + 4 + body;
  }

  Answer answer_;
  LoopbackSocket listener_{SOCK_STREAM};
  std::atomic<int> connections_{0};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::jthread thread_;
};

}  // namespace monolens
