// HttpServer: HTTP/1.1 and server-sent events, over TCP or TLS.
//
// One thread does all input and output, and never waits for a client or a handler; handlers run on a few
// threads of their own. A client that is slow, asks too much or makes no sense costs a bounded amount of
// memory and time, and is told why by a problem document. An event stream holds a connection and no thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace monolens {

struct HttpServerOptions {
  std::string address = "127.0.0.1";  // of IPv4 or IPv6; "::" is all of both
  int port = 8080;                    // 0: any free one
  std::string certificate_file;       // PEM, with its chain; TLS 1.2 or later if set
  std::string key_file;               // PEM
  std::vector<std::string> hosts;     // that a request may name (HostList); none: any

  std::size_t max_target = 4 * 1024;   // bytes
  std::size_t max_header = 16 * 1024;  // bytes, all of it
  std::size_t max_body = 1024 * 1024;  // bytes
  int max_connections = 512;
  int max_connections_per_peer = 128;        // a peer is an IPv4 address or the /64 of an IPv6 address
  double requests_per_second_per_peer = 50;  // in the long run; 0: any number
  int request_burst_per_peer = 100;          // at once

  std::chrono::milliseconds header_timeout{10'000};  // TLS handshake; a whole header
  std::chrono::milliseconds body_timeout{30'000};    // a whole body
  std::chrono::milliseconds idle_timeout{60'000};    // between two requests
  std::chrono::milliseconds write_timeout{30'000};   // in which a client must read something
  std::chrono::milliseconds heartbeat{15'000};  // a comment on each event stream, so that no proxy ends it

  int handler_threads = 4;
  // Told what a handler threw; called by the handlers' threads.
  std::function<void(std::string_view what)> on_handler_error;
};

class HttpServer {
 public:
  // Listens when it returns. Fails if the address can't be listened on or the certificate can't be used.
  static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options, HttpHandler handler);

  ~HttpServer();  // stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  int port() const;

  // Accepts nothing more, ends the event streams, gives answers under way half a second, closes all
  // connections, and then waits for handlers that still run. REQUIRES: not called by a handler.
  void stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace monolens
