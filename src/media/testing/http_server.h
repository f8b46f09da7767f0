// HttpServer: a server on the loopback that gives fixed answers, or none.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <thread>

#include "base/testing/loopback.h"

namespace monolens {

class HttpServer {
 public:
  using Answers = std::map<std::string, std::string>;

  // `answers` are whole responses by path. A path that is not there is never answered: the connection stays
  // open until the server ends.
  explicit HttpServer(Answers answers, in_addr_t address = INADDR_LOOPBACK);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::string url(const std::string& path) const;
  int requests() const { return requests_; }

  static std::string ok(const std::string& type, const std::string& body);
  static std::string redirect(const std::string& to);

 private:
  void serve();

  Answers answers_;
  LoopbackSocket listener_;
  std::atomic<int> requests_{0};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace monolens
