#include "sinks/nats.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sinks/uri_encode.h"

namespace monolens {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Nats final : public Sink {
 public:
  Nats(NatsOptions options, NatsOwned<natsOptions> library)
      : options_(std::move(options)), hosts_(nats_hosts(options_)), library_(std::move(library)) {}

  Result<void> send(const SinkEvent& event) override {
    const auto deadline = steady_clock::now() + options_.timeout;
    if (auto connected = connect(); !connected) return connected;
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
    return publish(event, std::max(left, milliseconds(1)));
  }

 private:
  // A connection that broke is made anew by the library; one that it gave up, as after two refusals of the
  // login, by this.
  Result<void> connect() {
    if (connection_ && natsConnection_IsClosed(connection_.get())) {
      jetstream_.reset();
      connection_.reset();
    }
    if (!connection_) {
      natsConnection* made = nullptr;
      if (const natsStatus status = natsConnection_Connect(&made, library_.get()); status != NATS_OK) {
        return failure(status);
      }
      connection_.reset(made);
      jsCtx* context = nullptr;
      if (const natsStatus status = natsConnection_JetStream(&context, made, nullptr); status != NATS_OK) {
        connection_.reset();
        return failure(status);
      }
      jetstream_.reset(context);
    }
    if (natsConnection_Status(connection_.get()) != NATS_CONN_STATUS_CONNECTED) {
      return Error{ErrorCode::kWrite, fmt::format("{}: connecting again", hosts_)};
    }
    return {};
  }

  Result<void> publish(const SinkEvent& event, milliseconds patience) {
    jsPubOptions how;
    jsPubOptions_Init(&how);
    how.MaxWait = patience.count();
    how.MsgId = event.id.c_str();
    const std::string subject = nats_subject(options_.prefix, event);
    jsPubAck* acknowledged = nullptr;
    auto code = static_cast<jsErrCode>(0);
    const natsStatus status = js_Publish(&acknowledged, jetstream_.get(), subject.c_str(), event.json.data(),
                                         static_cast<int>(event.json.size()), &how, &code);
    const NatsOwned<jsPubAck> owned(acknowledged);
    if (status == NATS_OK) return {};
    if (status == NATS_NO_RESPONDERS) {
      return Error{ErrorCode::kWrite, fmt::format("{}: no stream takes {}", hosts_, printable(subject))};
    }
    return failure(status, code);
  }

  // What the library says at length may hold an address with its password.
  Error failure(natsStatus status, jsErrCode code = static_cast<jsErrCode>(0)) const {
    if (status == NATS_TIMEOUT)
      return {ErrorCode::kTimeout, fmt::format("{}: no acknowledgement in time", hosts_)};
    const bool too_long = status == NATS_MAX_PAYLOAD || code == JSStreamMessageExceedsMaximumErr;
    const bool refused = status == NATS_CONNECTION_AUTH_FAILED || status == NATS_NOT_PERMITTED;
    std::string message = fmt::format("{}: {}", hosts_, natsStatus_GetText(status));
    if (code != 0) message += fmt::format(" (JetStream {})", static_cast<int>(code));
    if (too_long) return {ErrorCode::kRejected, std::move(message)};
    return {refused ? ErrorCode::kRefused : ErrorCode::kWrite, std::move(message)};
  }

  NatsOptions options_;
  std::string hosts_;
  NatsOwned<natsOptions> library_;
  NatsOwned<natsConnection> connection_;
  NatsOwned<jsCtx> jetstream_;  // uses connection_
};

}  // namespace

Result<std::unique_ptr<Sink>> make_nats(NatsOptions options) {
  auto library = nats_library_options(options);
  if (!library) return library.error();
  if (!is_nats_subject(options.prefix)) {
    return Error{ErrorCode::kUsage, fmt::format("'{}' is no subject", printable(options.prefix))};
  }
  return std::unique_ptr<Sink>(std::make_unique<Nats>(std::move(options), std::move(*library)));
}

std::string nats_subject(std::string_view prefix, const SinkEvent& event) {
  std::string monitor;
  for (const char c : uri_encode(event.monitor)) monitor += c == '.' ? "%2E" : std::string(1, c);
  return fmt::format("{}.{}.{}", prefix, monitor, event.kind);
}

}  // namespace monolens
