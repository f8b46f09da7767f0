// Remote: a running `monolens serve`, for the commands that talk to one.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"
#include "sinks/http_client.h"

namespace monolens {

class Remote {
 public:
  // One request that was answered with success: its JSON, or null. An error is what the server's problem
  // document says: kUsage for what was asked wrongly, kNotFound, else kRefused; kUnreadable if there is no
  // answer.
  Result<nlohmann::json> call(const std::string& method, const std::string& path,
                              const nlohmann::json* body = nullptr);

  // A GET whose body is handed over as it comes, until the server ends it. kInterrupted if on_body() returned
  // false or `stop` was set.
  Result<void> stream(const std::string& path, const HttpHeaders& headers,
                      const std::function<bool(std::string_view)>& on_body, const std::atomic<bool>& stop);

 private:
  friend class RemoteArguments;
  Remote(std::string server, std::string token, std::string ca_file)
      : server_(std::move(server)), token_(std::move(token)), ca_file_(std::move(ca_file)) {}

  HttpClientOptions options() const { return {.ca_file = ca_file_}; }
  Result<HttpResult> send(HttpClientOptions options, HttpCall call) const;

  std::string server_;  // without a slash at its end
  std::string token_;
  std::string ca_file_;
};

// --server, --token-file and --ca-file.
class RemoteArguments {
 public:
  void add_to(CLI::App& command);
  // kUsage if the address is none, kUnreadable if a file can't be read.
  Result<Remote> remote() const;

 private:
  std::string server_ = "http://127.0.0.1:8080";
  std::string token_file_;
  std::string ca_file_;
};

}  // namespace monolens
