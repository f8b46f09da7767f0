// TestClient: a socket to a server on this machine that sends what it is told, well-formed or not. Used by
// tests alone.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "base/ascii.h"

namespace monolens {

struct Answer {
  int status = 0;  // 0: none came
  std::string head;
  std::string body;

  // The value of a header, or "" if it is not there.
  std::string header(std::string_view name) const {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
      const std::string_view line = std::string_view(head).substr(at + 2, head.find("\r\n", at + 2) - at - 2);
      const std::size_t colon = line.find(": ");
      if (colon != std::string_view::npos && equals_any_case(line.substr(0, colon), name)) {
        return std::string(line.substr(colon + 2));
      }
    }
    return {};
  }
};

class TestClient {
 public:
  explicit TestClient(int port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0)
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~TestClient() {
    if (socket_ >= 0) ::close(socket_);
  }
  TestClient(TestClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)),
        connected_(other.connected_),
        input_(std::move(other.input_)) {}
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  TestClient& operator=(TestClient&&) = delete;

  bool connected() const { return connected_; }
  int socket() const { return socket_; }

  // False if the server no longer takes it.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  void end() { ::shutdown(socket_, SHUT_WR); }

  // The next answer; `without_body` if it is one to a HEAD, or to be read as a stream.
  Answer answer(bool without_body = false) {
    Answer answer;
    const std::size_t end = wait_for("\r\n\r\n");
    if (end == std::string::npos) return answer;
    answer.head = take(end + 4);
    answer.status = std::atoi(answer.head.substr(9, 3).c_str());
    const std::string length = answer.header("Content-Length");
    if (without_body || length.empty()) return answer;
    const auto size = static_cast<std::size_t>(std::atoll(length.c_str()));
    while (input_.size() < size && receive()) continue;
    answer.body = take(size);
    return answer;
  }
  Answer ask(std::string_view request) {
    send(request);
    return answer();
  }

  // All up to and with the mark; "" if it does not come.
  std::string read_through(std::string_view mark) {
    const std::size_t at = wait_for(mark);
    return at == std::string::npos ? std::string() : take(at + mark.size());
  }
  // All until the server ends the connection.
  std::string read_to_end() {
    while (receive()) continue;
    return take(input_.size());
  }
  // True once the server has ended the connection and all was read.
  bool ended() { return read_to_end().empty() && !timed_out_; }

  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }

 private:
  std::string take(std::size_t size) {
    std::string out = input_.substr(0, size);
    input_.erase(0, size);
    return out;
  }
  std::size_t wait_for(std::string_view mark) {
    std::size_t at = input_.find(mark);
    while (at == std::string::npos && receive()) at = input_.find(mark);
    return at;
  }
  // False at the end of the connection, or if nothing arrives for too long.
  bool receive() {
    pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
    timed_out_ = ::poll(&ready, 1, static_cast<int>(patience_.count())) == 0;
    if (timed_out_) return false;
    char arrived[16 * 1024];
    const ssize_t size = ::recv(socket_, arrived, sizeof arrived, 0);
    if (size > 0) input_.append(arrived, static_cast<std::size_t>(size));
    return size > 0;
  }

  int socket_;
  bool connected_ = false;
  bool timed_out_ = false;
  std::chrono::milliseconds patience_{20'000};
  std::string input_;
};

}  // namespace monolens
