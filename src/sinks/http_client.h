// HttpClient: one HTTP request at a time, over a connection that is kept for the next one (libcurl).
//
// Only http and https, no redirects (what was signed for one receiver is not sent to another), no proxy, no
// cookies; certificates are verified. Messages name the host and nothing else of an address.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

struct sockaddr;

namespace monolens {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpClientOptions {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{10'000};  // of the whole request; 0 = for ever
  std::chrono::seconds longest_silence{0};    // in which nothing arrives; 0 = any
  std::size_t longest_body = 64 * 1024;       // bytes kept of an answer
  std::string ca_file{};                      // PEM; empty = the system's authorities
  // Asked of every address that a name resolves to, before it is connected to; unset = all may be.
  std::function<bool(const sockaddr*)> allow_address{};
  // Takes the body of a success piece by piece, which then is not kept, until it returns false; unset = it is
  // kept.
  std::function<bool(std::string_view)> on_body{};
  const std::atomic<bool>* stop = nullptr;  // set by another thread, or a signal, to end within a second
};

struct HttpCall {
  std::string method;
  std::string url;
  HttpHeaders headers{};
  std::string body{};
};

struct HttpResult {
  int status = 0;
  std::string body{};  // at most the first `longest_body` bytes
};

class HttpClient {
 public:
  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // REQUIRES: the program ignores SIGPIPE, which a connection that breaks under TLS may raise.
  //
  // Any answer is a result, whatever its status. kRefused: the address may not be connected to, or is not
  // http(s); kTimeout: a deadline passed; kInterrupted: `stop` or on_body() ended it; kWrite: no connection,
  // or it broke.
  Result<HttpResult> send(const HttpCall& call);

 private:
  struct Handle;
  HttpClientOptions options_;
  std::unique_ptr<Handle> handle_;
};

// "host" or "host:port" of an http(s) address, as the Host header has it: the port only where it is not the
// scheme's own. kUsage if it is no such address; the message does not repeat it.
Result<std::string> http_host(std::string_view url);

// What stands in the request line for an address that http_host() takes and that has no query or fragment.
std::string_view http_path(std::string_view url);

// Success for 2xx. What passes by itself is kWrite (408, 425, 429, 5xx); what the receiver can't make sense
// of, kRejected (400, 413, 422); all else is for somebody to mend, kRefused.
Result<void> accepted(std::string_view host, int status);

}  // namespace monolens
