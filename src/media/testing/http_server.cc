#include "media/testing/http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>
#include <vector>

#include "base/atomic_file.h"

namespace monolens {

HttpServer::HttpServer(Answers answers) : answers_(std::move(answers)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no socket on the loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  stop_ = true;
  thread_.join();
  close(listener_);
}

std::string HttpServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::string HttpServer::ok(const std::string& type, const std::string& body) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", type,
      body.size(), body);
}

std::string HttpServer::redirect(const std::string& to) {
  return fmt::format("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                     to);
}

void HttpServer::serve() {
  std::vector<int> unanswered;
  while (!stop_) {
    pollfd ready{listener_, POLLIN, 0};
    if (poll(&ready, 1, 20) <= 0) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    std::string request;
    char piece[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t n = read(connection, piece, sizeof piece);
      if (n <= 0) break;
      request.append(piece, static_cast<std::size_t>(n));
    }
    ++requests_;
    const auto begin = request.find(' ') + 1;
    const auto answer = answers_.find(request.substr(begin, request.find(' ', begin) - begin));
    if (answer == answers_.end()) {
      unanswered.push_back(connection);
      continue;
    }
    write_all(connection, answer->second);
    close(connection);
  }
  for (const int connection : unanswered) close(connection);
}

}  // namespace monolens
