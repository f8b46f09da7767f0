#include "media/testing/http_server.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "base/atomic_file.h"

namespace monolens {

HttpServer::HttpServer(Answers answers, in_addr_t address)
    : answers_(std::move(answers)), listener_(SOCK_STREAM, address) {
  thread_ = std::thread([this] { serve(); });
}

HttpServer::~HttpServer() {
  stop_ = true;
  thread_.join();
}

std::string HttpServer::url(const std::string& path) const {
  return fmt::format("http://{}:{}{}", inet_ntoa(listener_.address().sin_addr), listener_.port(), path);
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
    pollfd ready{listener_.descriptor(), POLLIN, 0};
    if (poll(&ready, 1, 20) <= 0) continue;
    const int connection = listener_.accept_one();
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
