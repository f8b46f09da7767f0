#include "app/remote.h"

#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <utility>

#include "base/text.h"

namespace monolens {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestAnswer = 256U << 20U;
constexpr std::chrono::seconds kLongestSilence{
    60};  // of a stream, in which the server sends a comment every 15 s

ErrorCode code_of(int status) {
  if (status == 404) return ErrorCode::kNotFound;
  return status == 400 || status == 422 ? ErrorCode::kUsage : ErrorCode::kRefused;
}

// What the server says is wrong, in one line.
Error problem_of(const std::string& server, const HttpResult& answer) {
  const Json problem = Json::parse(answer.body, nullptr, false);
  const auto text = [&](const char* member) {
    return problem.is_object() && problem.contains(member) && problem[member].is_string()
               ? problem[member].get<std::string>()
               : std::string();
  };
  std::string why = text("detail").empty() ? text("title") : text("detail");
  if (why.empty()) why = fmt::format("answered {}", answer.status);
  return {code_of(answer.status), fmt::format("{}: {}", server, why)};
}

}  // namespace

Result<HttpResult> Remote::send(HttpClientOptions options, HttpCall call) const {
  if (!token_.empty()) call.headers.emplace_back("Authorization", "Bearer " + token_);
  HttpClient client(std::move(options));
  auto answer = client.send(call);
  if (!answer) {
    const ErrorCode code =
        answer.error().code == ErrorCode::kInterrupted ? ErrorCode::kInterrupted : ErrorCode::kUnreadable;
    return Error{code, answer.error().message};
  }
  if (answer->status / 100 != 2) return problem_of(server_, *answer);
  return answer;
}

Result<Json> Remote::call(const std::string& method, const std::string& path, const Json* body) {
  HttpClientOptions how = options();
  how.longest_body = kLongestAnswer;
  HttpCall call{method, server_ + path};
  if (body != nullptr) {
    call.headers.emplace_back("Content-Type", "application/json");
    call.body = body->dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  auto answer = send(std::move(how), std::move(call));
  if (!answer) return answer.error();
  if (answer->body.empty()) return Json(nullptr);
  Json json = Json::parse(answer->body, nullptr, false);
  if (json.is_discarded())
    return Error{ErrorCode::kUnreadable, server_ + ": does not answer as monolens serve does"};
  return json;
}

Result<void> Remote::stream(const std::string& path, const HttpHeaders& headers,
                            const std::function<bool(std::string_view)>& on_body,
                            const std::atomic<bool>& stop) {
  HttpClientOptions how = options();
  how.timeout = std::chrono::milliseconds(0);
  how.longest_silence = kLongestSilence;
  how.on_body = on_body;
  how.stop = &stop;
  auto answer = send(std::move(how), {"GET", server_ + path, headers});
  if (!answer) return answer.error();
  return {};
}

void RemoteArguments::add_to(CLI::App& command) {
  command.add_option("--server", server_, "where monolens serve listens (http://127.0.0.1:8080)")
      ->type_name("URL");
  command.add_option("--token-file", token_file_, "a file that holds the token to show")->type_name("FILE");
  command.add_option("--ca-file", ca_file_, "authorities to trust instead of the system's")
      ->type_name("FILE.pem");
}

Result<Remote> RemoteArguments::remote() const {
  auto host = http_host(server_);
  if (!host) return Error{ErrorCode::kUsage, "--server: " + host.error().message};
  std::string token;
  if (!token_file_.empty()) {
    std::ifstream file(token_file_);
    if (!(file >> token))
      return Error{ErrorCode::kUnreadable, fmt::format("{}: holds no token", token_file_)};
  }
  std::signal(SIGPIPE, SIG_IGN);  // of a connection that breaks
  return Remote(server_.ends_with('/') ? server_.substr(0, server_.size() - 1) : server_, std::move(token),
                ca_file_);
}

}  // namespace monolens
