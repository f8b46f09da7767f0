#include "sinks/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/x509.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>

namespace monolens {
namespace {

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

void start_curl_once() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw std::runtime_error("libcurl can't be initialised");
}

bool holds_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool are_sendable(const HttpHeaders& headers) {
  return std::none_of(headers.begin(), headers.end(), [](const auto& header) {
    return header.first.empty() || holds_control(header.first) || holds_control(header.second);
  });
}

// libcurl adds headers of its own; an empty one of the same name keeps them away.
HeaderList header_list(const HttpHeaders& headers) {
  HeaderList list;
  const auto add = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    [[maybe_unused]] curl_slist* same = list.release();
    list.reset(longer);
  };
  add("Expect:");
  add("Content-Type:");
  for (const auto& [name, value] : headers) add(value.empty() ? name + ";" : name + ": " + value);
  return list;
}

// REQUIRES: it is none of success.
ErrorCode code_of(int status) {
  if (status == 400 || status == 413 || status == 422) return ErrorCode::kRejected;
  const bool passes = status == 408 || status == 425 || status == 429 || status >= 500;
  return passes ? ErrorCode::kWrite : ErrorCode::kRefused;
}

}  // namespace

struct HttpClient::Handle {
  CURL* curl;
  const HttpClientOptions& options;
  HttpResult result{};
  bool address_refused = false;
  bool too_long = false;

  explicit Handle(const HttpClientOptions& o) : curl(nullptr), options(o) {
    start_curl_once();
    curl = curl_easy_init();
    if (curl == nullptr) throw std::bad_alloc();
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_TCP_KEEPALIVE, 1L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
    if (options.longest_silence.count() > 0) {
      set(CURLOPT_LOW_SPEED_LIMIT, 1L);
      set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.longest_silence.count()));
    }
    if (options.stop != nullptr) {
      set(CURLOPT_NOPROGRESS, 0L);
      set(CURLOPT_XFERINFOFUNCTION, &Handle::go_on);
      set(CURLOPT_XFERINFODATA, this);
    }
    if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_OPENSOCKETFUNCTION, &Handle::open_socket);
    set(CURLOPT_OPENSOCKETDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Handle::take_body);
    set(CURLOPT_WRITEDATA, this);
  }
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  template <class Value>
  void set(CURLoption option, Value value) {
    if (curl_easy_setopt(curl, option, value) != CURLE_OK)
      throw std::runtime_error("libcurl lacks an option");
  }

  // A child process must not inherit the connection.
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address) {
    auto* handle = static_cast<Handle*>(self);
    const auto& allow = handle->options.allow_address;
    if (allow && !allow(&address->addr)) {
      handle->address_refused = true;
      return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  }

  static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
    auto* handle = static_cast<Handle*>(self);
    const HttpClientOptions& options = handle->options;
    if (options.on_body && handle->status() / 100 == 2) {
      return options.on_body({data, size}) ? size : 0;
    }
    std::string& body = handle->result.body;
    body.append(data, std::min(size, options.longest_body - body.size()));
    handle->too_long = handle->too_long || body.size() == options.longest_body;
    return handle->too_long ? 0 : size;
  }

  static int go_on(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const std::atomic<bool>* stop = static_cast<Handle*>(self)->options.stop;
    return stop != nullptr && stop->load() ? 1 : 0;
  }

  int status() const {
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return static_cast<int>(status);
  }

  // The status is told before the body, so a body that is too long takes nothing away from it.
  Result<HttpResult> outcome(CURLcode code, std::string_view host) {
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && too_long)) {
      result.status = status();
      return std::move(result);
    }
    if (code == CURLE_ABORTED_BY_CALLBACK || code == CURLE_WRITE_ERROR)
      return Error{ErrorCode::kInterrupted, fmt::format("{}: interrupted", host)};
    if (address_refused)
      return Error{ErrorCode::kRefused, fmt::format("{}: its address is not allowed", host)};
    if (code == CURLE_OPERATION_TIMEDOUT)
      return Error{ErrorCode::kTimeout, fmt::format("{}: no answer in time", host)};
    if (code == CURLE_PEER_FAILED_VERIFICATION) {
      return Error{ErrorCode::kWrite, fmt::format("{}: its certificate is not trusted{}", host, distrust())};
    }
    return Error{ErrorCode::kWrite, fmt::format("{}: {}", host, curl_easy_strerror(code))};
  }

  std::string distrust() const {
    long verified = X509_V_OK;
    curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &verified);
    return verified == X509_V_OK ? "" : fmt::format(": {}", X509_verify_cert_error_string(verified));
  }
};

HttpClient::HttpClient(HttpClientOptions options)
    : options_(std::move(options)), handle_(std::make_unique<Handle>(options_)) {}

HttpClient::~HttpClient() = default;

Result<HttpResult> HttpClient::send(const HttpCall& call) {
  auto host = http_host(call.url);
  if (!host) return Error{ErrorCode::kRefused, host.error().message};
  if (!are_sendable(call.headers)) {
    return Error{ErrorCode::kRefused, fmt::format("{}: a header holds what may not stand in one", *host)};
  }
  const HeaderList headers = header_list(call.headers);
  handle_->result = {};
  handle_->address_refused = handle_->too_long = false;
  handle_->set(CURLOPT_URL, call.url.c_str());
  handle_->set(CURLOPT_HTTPHEADER, headers.get());
  handle_->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  handle_->set(CURLOPT_POSTFIELDS, call.body.c_str());
  handle_->set(CURLOPT_CUSTOMREQUEST, call.method.c_str());
  const CURLcode code = curl_easy_perform(handle_->curl);
  handle_->set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
  return handle_->outcome(code, *host);
}

Result<std::string> http_host(std::string_view url) {
  start_curl_once();
  const Error no_address{ErrorCode::kUsage, "this is no http:// or https:// address with a host"};
  if (holds_control(url)) return no_address;
  const std::unique_ptr<CURLU, UrlDeleter> parsed(curl_url());
  const std::string text(url);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return no_address;
  const auto part = [&](CURLUPart which, unsigned flags) {
    char* value = nullptr;
    if (curl_url_get(parsed.get(), which, &value, flags) != CURLUE_OK) return std::string();
    std::string copy = value;
    curl_free(value);
    return copy;
  };
  const std::string scheme = part(CURLUPART_SCHEME, 0);
  const std::string host = part(CURLUPART_HOST, 0);
  const std::string port = part(CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
  if ((scheme != "http" && scheme != "https") || host.empty()) return no_address;
  return port.empty() ? host : host + ":" + port;
}

std::string_view http_path(std::string_view url) {
  const auto slash = url.find('/', url.find("//") + 2);
  return slash == std::string_view::npos ? "/" : url.substr(slash);
}

Result<void> accepted(std::string_view host, int status) {
  if (status >= 200 && status < 300) return {};
  const std::string_view moved = status >= 300 && status < 400 ? ", and redirects are not followed" : "";
  return Error{code_of(status), fmt::format("{}: answered {}{}", host, status, moved)};
}

}  // namespace monolens
