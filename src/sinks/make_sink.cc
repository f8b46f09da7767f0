#include "sinks/make_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"

namespace monolens {
namespace {

using nlohmann::json;

constexpr std::int64_t kLongestTimeout = 600'000;  // ms

// Headers that the webhook or the transport set; a second one would contradict it.
constexpr std::string_view kOwnHeaders[] = {"content-length", "content-type",      "expect",
                                            "host",           "connection",        "transfer-encoding",
                                            "user-agent",     "monolens-signature"};

bool is_header_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token_character);
}

// The keys of a description, taken one by one; the first that is wrong is told at the end, as is any that
// nobody took.
class Keys {
 public:
  Keys(const json& object, std::string what) : object_(object), what_(std::move(what)) {}

  void text(const char* key, std::string& to) {
    const json* value = take(key);
    if (value == nullptr) return;
    if (!value->is_string()) return wrong(key, "is no text");
    if (value->get_ref<const std::string&>().find('\0') != std::string::npos)
      return wrong(key, "holds a zero byte");
    to = value->get<std::string>();
  }
  void required_text(const char* key, std::string& to) {
    text(key, to);
    if (to.empty()) wrong(key, "is missing");
  }
  void flag(const char* key, bool& to) {
    const json* value = take(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) return wrong(key, "is neither true nor false");
    to = value->get<bool>();
  }
  void duration(const char* key, std::chrono::milliseconds& to) {
    const json* value = take(key);
    if (value == nullptr) return;
    const bool valid = value->is_number_integer() && *value >= 1 && *value <= kLongestTimeout;
    if (!valid)
      return wrong(key, fmt::format("is no whole number of milliseconds up to {}", kLongestTimeout));
    to = std::chrono::milliseconds(value->get<std::int64_t>());
  }
  void texts(const char* key, std::vector<std::string>& to) {
    const json* value = take(key);
    if (value == nullptr) return;
    if (!value->is_array()) return wrong(key, "is no list");
    for (const json& item : *value) {
      if (!item.is_string() || item.get_ref<const std::string&>().empty())
        return wrong(key, "holds what is no text");
      to.push_back(item.get<std::string>());
    }
  }
  void headers(const char* key, HttpHeaders& to) {
    const json* value = take(key);
    if (value == nullptr) return;
    if (!value->is_object()) return wrong(key, "is no object");
    for (const auto& [name, content] : value->items()) header(key, name, content, to);
  }

  void wrong(const char* key, const std::string& why) {
    if (!error_) error_ = Error{ErrorCode::kUsage, fmt::format("{}: {} {}", what_, key, why)};
  }
  Result<void> done() const {
    if (error_) return *error_;
    for (const auto& item : object_.items()) {
      if (std::find(known_.begin(), known_.end(), item.key()) == known_.end()) {
        return Error{ErrorCode::kUsage, fmt::format("{}: unknown key '{}'{}", what_, printable(item.key()),
                                                    suggestion(item.key(), known_))};
      }
    }
    return {};
  }

 private:
  const json* take(const char* key) {
    known_.emplace_back(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  void header(const char* key, const std::string& name, const json& content, HttpHeaders& to) {
    if (!is_header_name(name)) return wrong(key, fmt::format("has the invalid name '{}'", printable(name)));
    if (std::find(std::begin(kOwnHeaders), std::end(kOwnHeaders), lower_ascii(name)) !=
        std::end(kOwnHeaders)) {
      return wrong(key, fmt::format("may not set {}", name));
    }
    const bool is_line =
        content.is_string() && printable(content.get<std::string>()) == content.get<std::string>();
    if (!is_line) return wrong(key, fmt::format("has no line of text for {}", name));
    to.emplace_back(name, content.get<std::string>());
  }

  const json& object_;
  std::string what_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

void read_kinds(Keys& keys, SinkFilter& filter) {
  keys.texts("kinds", filter.kinds);
  std::vector<std::string> names;
  for (const KindInfo& kind : all_kinds()) names.emplace_back(kind.name);
  for (const std::string& pattern : filter.kinds) {
    const auto named = [&](const std::string& name) { return matches_kind(pattern, name); };
    if (std::any_of(names.begin(), names.end(), named)) continue;
    return keys.wrong(
        "kinds", fmt::format("names the unknown '{}'{}", printable(pattern), suggestion(pattern, names)));
  }
}

void read_severity(Keys& keys, SinkFilter& filter) {
  std::string wanted(name_of(filter.least_severity));
  keys.text("severity", wanted);
  std::vector<std::string> names;
  for (const Severity s : {Severity::kInfo, Severity::kMinor, Severity::kMajor, Severity::kCritical}) {
    if (wanted == name_of(s)) {
      filter.least_severity = s;
      return;
    }
    names.emplace_back(name_of(s));
  }
  keys.wrong("severity", fmt::format("is the unknown '{}'{}", printable(wanted), suggestion(wanted, names)));
}

void read_filter(Keys& keys, SinkFilter& filter) {
  read_kinds(keys, filter);
  read_severity(keys, filter);
  keys.texts("monitors", filter.monitors);
}

void read_http(Keys& keys, HttpClientOptions& http) {
  keys.duration("timeout_ms", http.timeout);
  keys.text("ca_file", http.ca_file);
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void read_credentials(Keys& keys, AwsCredentials& credentials) {
  keys.text("access_key", credentials.access_key);
  keys.text("secret_key", credentials.secret_key);
  keys.text("session_token", credentials.session_token);
  if (credentials.access_key.empty() && credentials.secret_key.empty() && credentials.session_token.empty()) {
    credentials = {from_environment("AWS_ACCESS_KEY_ID"), from_environment("AWS_SECRET_ACCESS_KEY"),
                   from_environment("AWS_SESSION_TOKEN")};
  }
  if (credentials.access_key.empty()) keys.wrong("access_key", "is missing");
  if (credentials.secret_key.empty()) keys.wrong("secret_key", "is missing");
}

WebhookOptions read_webhook(Keys& keys) {
  WebhookOptions to;
  keys.required_text("url", to.url);
  keys.text("secret", to.secret);
  keys.headers("headers", to.headers);
  read_http(keys, to.http);
  return to;
}

SnsOptions read_sns(Keys& keys) {
  SnsOptions to;
  keys.required_text("topic_arn", to.topic_arn);
  keys.text("endpoint", to.endpoint);
  read_credentials(keys, to.credentials);
  read_http(keys, to.http);
  return to;
}

S3Options read_s3(Keys& keys) {
  S3Options to;
  keys.required_text("bucket", to.bucket);
  keys.text("region", to.region);
  keys.text("prefix", to.prefix);
  keys.text("endpoint", to.endpoint);
  to.path_style = !to.endpoint.empty();
  keys.flag("path_style", to.path_style);
  read_credentials(keys, to.credentials);
  read_http(keys, to.http);
  return to;
}

NatsOptions read_nats(Keys& keys) {
  NatsOptions to;
  keys.required_text("url", to.url);
  keys.text("prefix", to.prefix);
  keys.text("credentials_file", to.credentials_file);
  keys.text("token", to.token);
  keys.text("user", to.user);
  keys.text("password", to.password);
  keys.flag("tls", to.tls);
  keys.text("tls_hostname", to.tls_hostname);
  keys.text("ca_file", to.ca_file);
  keys.text("certificate_file", to.certificate_file);
  keys.text("key_file", to.key_file);
  keys.duration("timeout_ms", to.timeout);
  if (to.certificate_file.empty() != to.key_file.empty())
    keys.wrong("certificate_file", "and key_file go together");
  return to;
}

JsonlOptions read_jsonl(Keys& keys) {
  JsonlOptions to;
  keys.required_text("path", to.path);
  keys.flag("fsync", to.fsync);
  return to;
}

struct Maker {
  using Made = Result<std::unique_ptr<Sink>>;
  const std::function<bool(const sockaddr*)>& allow_address;

  Made operator()(WebhookOptions o) const { return make_webhook(guarded(std::move(o))); }
  Made operator()(SnsOptions o) const { return make_sns(guarded(std::move(o))); }
  Made operator()(S3Options o) const { return make_s3(guarded(std::move(o))); }
  Made operator()(NatsOptions o) const { return make_nats(std::move(o)); }
  Made operator()(JsonlOptions o) const { return make_jsonl(std::move(o)); }

  template <class Options>
  Options guarded(Options o) const {
    o.http.allow_address = allow_address;
    return o;
  }
};

}  // namespace

Result<SinkOptions> parse_sink(const json& description) {
  if (!description.is_object()) return Error{ErrorCode::kUsage, "a sink is described by an object"};
  std::string type;
  Keys untyped(description, "sink");
  untyped.required_text("type", type);
  if (type.empty()) return untyped.done().error();

  Keys keys(description, "sink " + printable(type));
  keys.text("type", type);
  SinkOptions options;
  read_filter(keys, options.filter);
  if (type == "webhook") {
    options.target = read_webhook(keys);
  } else if (type == "sns") {
    options.target = read_sns(keys);
  } else if (type == "s3") {
    options.target = read_s3(keys);
  } else if (type == "nats") {
    options.target = read_nats(keys);
  } else if (type == "jsonl") {
    options.target = read_jsonl(keys);
  } else {
    return Error{ErrorCode::kUsage, fmt::format("sink: unknown type '{}'{}", printable(type),
                                                suggestion(type, {"webhook", "sns", "s3", "nats", "jsonl"}))};
  }
  if (auto done = keys.done(); !done) return done.error();
  return options;
}

Result<std::unique_ptr<Sink>> make_sink(SinkOptions options,
                                        const std::function<bool(const sockaddr*)>& allow_address) {
  return std::visit(Maker{allow_address}, std::move(options.target));
}

}  // namespace monolens
