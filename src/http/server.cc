// All of Boost is in this file, which takes long to compile.
#include "http/server.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <exception>
#include <optional>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/ascii.h"
#include "http/header_scanner.h"
#include "http/host_list.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/request_head.h"
#include "http/response_head.h"
#include "http/token_bucket.h"

namespace monolens {
namespace {

namespace net = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using boost::system::error_code;
using net::ip::tcp;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kLinger{1000};  // for a client to read the last answer before the connection closes
constexpr milliseconds kDrain{500};    // for answers under way when the server stops
constexpr milliseconds kAcceptPause{100};  // when the process has no file descriptor left
constexpr int kMostTurnedAway = 32;        // connections beyond the limit that are told so at one time

// A connection's bytes, as they are or through TLS. One read and one write may be under way at a time.
class Transport {
 public:
  using Done = std::function<void(error_code, std::size_t)>;

  virtual ~Transport() = default;
  virtual tcp::socket& socket() = 0;
  virtual void handshake(Done done) = 0;
  virtual void read_some(net::mutable_buffer into, Done done) = 0;
  virtual void write_some(net::const_buffer from, Done done) = 0;
  // Says that nothing more will be sent. What still arrives is then read from the socket itself.
  virtual void finish(Done done) = 0;
};

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(tcp::socket socket) : socket_(std::move(socket)) {}

  tcp::socket& socket() override { return socket_; }
  void handshake(Done done) override {
    net::post(socket_.get_executor(), [done = std::move(done)] { done({}, 0); });
  }
  void read_some(net::mutable_buffer into, Done done) override {
    socket_.async_read_some(into, std::move(done));
  }
  void write_some(net::const_buffer from, Done done) override {
    socket_.async_write_some(from, std::move(done));
  }
  void finish(Done done) override {
    error_code failed;
    socket_.shutdown(tcp::socket::shutdown_send, failed);
    net::post(socket_.get_executor(), [done = std::move(done), failed] { done(failed, 0); });
  }

 private:
  tcp::socket socket_;
};

class TlsTransport final : public Transport {
 public:
  TlsTransport(tcp::socket socket, ssl::context& context) : stream_(std::move(socket), context) {}

  tcp::socket& socket() override { return stream_.next_layer(); }
  void handshake(Done done) override {
    stream_.async_handshake(ssl::stream_base::server,
                            [done = std::move(done)](error_code ec) { done(ec, 0); });
  }
  void read_some(net::mutable_buffer into, Done done) override {
    stream_.async_read_some(into, std::move(done));
  }
  void write_some(net::const_buffer from, Done done) override {
    stream_.async_write_some(from, std::move(done));
  }
  // A client that answers close_notify with data, or not at all, has its connection finished all the same.
  void finish(Done done) override {
    stream_.async_shutdown([this, done = std::move(done)](error_code) {
      error_code failed;
      socket().shutdown(tcp::socket::shutdown_send, failed);
      done(failed, 0);
    });
  }

 private:
  ssl::stream<tcp::socket> stream_;
};

// Stays quiet until armed; each arming replaces the one before.
class Deadline {
 public:
  explicit Deadline(const net::any_io_executor& executor)
      : timer_(std::make_shared<net::steady_timer>(executor)) {}
  ~Deadline() { disarm(); }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  void arm(milliseconds after, std::function<void()> passed) {
    timer_->expires_after(after);
    timer_->async_wait([timer = timer_, passed = std::move(passed)](error_code ec) {
      // A wait that was over when it was replaced completes without an error.
      if (!ec && timer->expiry() <= Clock::now()) passed();
    });
  }
  void disarm() { timer_->expires_at(Clock::time_point::max()); }

 private:
  std::shared_ptr<net::steady_timer> timer_;  // lives as long as a wait that is completing
};

net::ip::address plain_address(const net::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return net::ip::make_address_v4(net::ip::v4_mapped, address.to_v6());
}

// Who counts as one client. Anybody with IPv6 has 2^64 addresses at least.
std::string peer_key(const net::ip::address& address) {
  if (address.is_v4()) return address.to_string();
  auto bytes = address.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return net::ip::make_address_v6(bytes).to_string();
}

HttpResponse too_many(std::string_view detail, double retry_after_s) {
  HttpResponse response = problem(429, status_phrase(429), detail);
  response.headers.emplace_back("Retry-After",
                                fmt::format("{:.0f}", std::max(1.0, std::ceil(retry_after_s))));
  return response;
}

HttpResponse full() {
  HttpResponse response = problem(503, status_phrase(503), "too many connections");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

// "GET / HTTP/2.0" is of another version, "GET / HTML" of none.
bool names_a_version(std::string_view request_line) {
  const std::string_view version = request_line.substr(request_line.rfind(' ') + 1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return version.size() == 8 && version.starts_with("HTTP/") && is_digit(version[5]) && version[6] == '.' &&
         is_digit(version[7]);
}

HttpResponse parse_problem(error_code ec, std::string_view header) {
  if (ec == http::error::body_limit) return problem(413);
  if (ec == http::error::header_limit) return problem(431);
  if (ec == http::error::bad_version && names_a_version(header.substr(0, header.find('\r'))))
    return problem(505);
  return problem(400, status_phrase(400), "the request is not well-formed HTTP");
}

}  // namespace

// Everything but the handlers runs on one thread, that of io_; so nothing here needs a lock.
class HttpServer::Impl {
 public:
  Impl(HttpServerOptions options, HttpHandler handler);
  ~Impl() { stop(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> listen();
  int port() const { return port_; }
  void stop();

 private:
  class Session;
  struct Peer {
    std::string address;
    std::string key;
    bool loopback = false;
  };

  Result<void> load_certificate();
  void run();
  void accept();
  void admit(tcp::socket socket);
  void remove(const std::shared_ptr<Session>& session);
  void drain();
  void close_all();
  HttpReply call_handler(const HttpRequest& request) const;
  // Whether the request names a host that is served, in its header and, if it is there, in its target.
  bool is_addressed_by(const RequestHead& head) const;

  const HttpServerOptions options_;
  const HttpHandler handler_;
  const HostList hosts_;
  net::io_context io_{1};
  ssl::context tls_{ssl::context::tls_server};
  tcp::acceptor acceptor_{io_};
  Deadline accept_pause_{io_.get_executor()};
  Deadline drained_{io_.get_executor()};
  int port_ = 0;
  bool draining_ = false;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  int admitted_ = 0;
  std::unordered_map<std::string, int> admitted_of_peer_;
  std::optional<PeerLimiter> limiter_;
  std::thread thread_;
  std::atomic<bool> stopped_ = false;
  net::thread_pool handlers_;
};

// One connection: requests are read, handed over and answered one after the other.
class HttpServer::Impl::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Impl& server, std::unique_ptr<Transport> transport, Peer peer, bool admitted)
      : server_(server),
        options_(server.options_),
        transport_(std::move(transport)),
        deadline_(transport_->socket().get_executor()),
        heartbeat_(transport_->socket().get_executor()),
        peer_(std::move(peer)),
        admitted_(admitted) {}

  void start();
  // Answers without reading anything, then closes.
  void turn_away(const HttpResponse& response);
  // Ends once what is under way is done.
  void drain();
  void close();

  bool admitted() const { return admitted_; }
  const std::string& peer_key() const { return peer_.key; }

 private:
  using Parser = http::request_parser<http::string_body>;
  using Step = void (Session::*)();

  void next_request();
  void read(Step next);
  void read_header();
  void take_header(std::size_t size);
  void begin_body();
  void read_body();
  void dispatch();
  void reply(HttpReply reply);
  void respond(const HttpResponse& response);
  void refuse(const HttpResponse& response);
  void after_response();
  void linger();
  void discard();

  void start_stream(std::shared_ptr<EventStream> stream);
  void watch_client();
  void beat();
  void pump();
  std::string framed(const std::string& text) const;

  void write(std::string text, Step next);
  void write_rest();
  void arm(milliseconds after, Step passed);
  void time_out();
  bool over_rate();
  // The callback of an operation: calls the step if it went well, and closes the connection if not.
  Transport::Done then(Step step);

  Impl& server_;
  const HttpServerOptions& options_;
  std::unique_ptr<Transport> transport_;
  Deadline deadline_;
  Deadline heartbeat_;
  const Peer peer_;
  const bool admitted_;  // counts towards the limits

  std::array<char, 8192> arrived_{};
  std::string input_;  // arrived and not yet parsed
  std::optional<HeaderScanner> scanner_;
  std::optional<Parser> parser_;
  HttpRequest request_;
  bool without_body_ = false;  // the request is a HEAD
  bool keep_alive_ = false;
  bool timed_out_ = false;
  bool waits_ = false;  // for a request of which nothing has arrived
  bool http_1_0_ = false;
  bool closed_ = false;

  std::shared_ptr<EventStream> stream_;
  bool stream_ended_ = false;

  std::string output_;
  std::size_t written_ = 0;
  bool writing_ = false;
  Step after_write_ = nullptr;
};

void HttpServer::Impl::Session::start() {
  arm(options_.header_timeout, &Session::close);
  transport_->handshake(then(&Session::next_request));
}

void HttpServer::Impl::Session::turn_away(const HttpResponse& response) { refuse(response); }

void HttpServer::Impl::Session::drain() {
  keep_alive_ = false;
  if (stream_) stream_->close();
  if (waits_) close();
}

void HttpServer::Impl::Session::close() {
  if (closed_) return;
  closed_ = true;
  if (stream_) stream_->detach();
  deadline_.disarm();
  heartbeat_.disarm();
  error_code ignored;
  transport_->socket().close(ignored);
  server_.remove(shared_from_this());
}

Transport::Done HttpServer::Impl::Session::then(Step step) {
  return [self = shared_from_this(), step](error_code ec, std::size_t) {
    if (self->closed_) return;
    if (ec) return self->close();
    (self.get()->*step)();
  };
}

void HttpServer::Impl::Session::arm(milliseconds after, Step passed) {
  deadline_.arm(after, [self = weak_from_this(), passed] {
    if (const auto session = self.lock(); session && !session->closed_) (session.get()->*passed)();
  });
}

// The client is told by who waits for the read that this cancels.
void HttpServer::Impl::Session::time_out() {
  timed_out_ = true;
  error_code ignored;
  transport_->socket().cancel(ignored);
}

void HttpServer::Impl::Session::read(Step next) {
  const auto done = [self = shared_from_this(), next](error_code ec, std::size_t size) {
    if (self->closed_) return;
    if (self->timed_out_) return self->refuse(problem(408));
    if (ec) return self->close();
    self->input_.append(self->arrived_.data(), size);
    (self.get()->*next)();
  };
  transport_->read_some(net::buffer(arrived_), done);
}

void HttpServer::Impl::Session::next_request() {
  scanner_.emplace(options_.max_target, options_.max_header);
  parser_.emplace();
  parser_->eager(true);
  parser_->body_limit(options_.max_body);
  // Both are bounded by the scanner, which sees the whole header before the parser does.
  parser_->header_limit(static_cast<std::uint32_t>(options_.max_target + options_.max_header + 1024));
  request_ = {};
  without_body_ = http_1_0_ = false;
  waits_ = true;
  if (server_.draining_) return close();
  read_header();
}

void HttpServer::Impl::Session::read_header() {
  // RFC 9112, section 2.2: some clients send an empty line after a body.
  while (input_.starts_with("\r\n")) input_.erase(0, 2);
  if (waits_ && !input_.empty()) {
    waits_ = false;
    arm(options_.header_timeout, &Session::time_out);
  }
  const HeaderScanner::Found found = scanner_->scan(input_);
  if (found.refused != 0) return refuse(problem(found.refused));
  if (found.size == 0) return read(&Session::read_header);
  take_header(found.size);
}

void HttpServer::Impl::Session::take_header(std::size_t size) {
  const std::string header = input_.substr(0, size);
  input_.erase(0, size);
  error_code ec;
  parser_->put(net::buffer(header), ec);
  if (ec == http::error::need_more) ec = {};
  if (ec || !parser_->is_header_done()) return refuse(parse_problem(ec, header));

  RequestHead head;
  head.method = std::string(parser_->get().method_string());
  head.target = std::string(parser_->get().target());
  head.version = static_cast<int>(parser_->get().version());
  for (const auto& field : parser_->get()) {
    head.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  http_1_0_ = head.version < 11;
  without_body_ = head.method == "HEAD";
  if (const auto refused = head_problem(head)) return refuse(*refused);
  if (!server_.is_addressed_by(head))
    return refuse(problem(421, status_phrase(421), "the host is not served"));
  if (head.target.size() > options_.max_target) return refuse(problem(414));
  auto target = parse_target(head.target);
  if (!target)
    return refuse(problem(400, status_phrase(400), "the target is not a well-formed path and query"));

  keep_alive_ = !http_1_0_ && parser_->keep_alive() && !server_.draining_;
  request_ = {.method = without_body_ ? "GET" : head.method,
              .path = std::move(target->path),
              .query = std::move(target->query),
              .headers = head.headers,
              .body = {},
              .peer = peer_.address,
              .loopback = peer_.loopback};
  if (over_rate()) return;
  if (parser_->is_done()) return dispatch();
  arm(options_.body_timeout, &Session::time_out);
  if (!expects_continue(head) || !input_.empty()) return read_body();
  write("HTTP/1.1 100 Continue\r\n\r\n", &Session::begin_body);
}

void HttpServer::Impl::Session::begin_body() {
  arm(options_.body_timeout, &Session::time_out);
  read_body();
}

bool HttpServer::Impl::Session::over_rate() {
  if (!server_.limiter_) return false;
  const double wait_s = server_.limiter_->take(peer_.key, Clock::now()).count();
  if (wait_s <= 0) return false;
  const HttpResponse response = too_many("too many requests from this address", wait_s);
  if (parser_->is_done()) {
    respond(response);
  } else {
    refuse(response);
  }
  return true;
}

void HttpServer::Impl::Session::read_body() {
  error_code ec;
  if (!input_.empty()) {
    const std::size_t parsed = parser_->put(net::buffer(input_), ec);
    input_.erase(0, parsed);
  }
  if (ec == http::error::need_more) ec = {};
  if (ec) return refuse(parse_problem(ec, {}));
  if (parser_->is_done()) return dispatch();
  // What the parser leaves is the line of a chunk, or trailers.
  if (input_.size() > options_.max_header) return refuse(problem(431));
  read(&Session::read_body);
}

void HttpServer::Impl::Session::dispatch() {
  deadline_.disarm();
  request_.body = std::move(parser_->get().body());
  net::post(server_.handlers_, [self = shared_from_this(), request = std::move(request_)]() mutable {
    HttpReply reply = self->server_.call_handler(request);
    net::io_context& io = self->server_.io_;
    net::post(
        io, [self = std::move(self), reply = std::move(reply)]() mutable { self->reply(std::move(reply)); });
  });
}

void HttpServer::Impl::Session::reply(HttpReply reply) {
  auto* const stream = std::get_if<std::shared_ptr<EventStream>>(&reply);
  if (stream == nullptr) {
    if (!closed_) respond(std::get<HttpResponse>(reply));
  } else if (closed_ || without_body_ || server_.draining_) {
    (*stream)->detach();
    if (!closed_) respond({.status = 200, .headers = {}, .body = {}, .content_type = "text/event-stream"});
  } else {
    start_stream(std::move(*stream));
  }
}

void HttpServer::Impl::Session::respond(const HttpResponse& response) {
  if (server_.draining_) keep_alive_ = false;
  std::string text = response_head(response, BodyFraming::kLength, keep_alive_, std::time(nullptr));
  if (!without_body_ && may_have_body(response.status)) text += response.body;
  write(std::move(text), &Session::after_response);
}

// For requests of which the rest can't be told from the next one.
void HttpServer::Impl::Session::refuse(const HttpResponse& response) {
  keep_alive_ = false;
  respond(response);
}

void HttpServer::Impl::Session::after_response() {
  if (!keep_alive_) return linger();
  arm(options_.idle_timeout, &Session::close);
  next_request();
}

// A socket closed with bytes unread is reset, and the client may lose the answer.
void HttpServer::Impl::Session::linger() {
  arm(kLinger, &Session::close);
  transport_->finish(then(&Session::discard));
}

void HttpServer::Impl::Session::discard() {
  transport_->socket().async_read_some(net::buffer(arrived_), then(&Session::discard));
}

void HttpServer::Impl::Session::start_stream(std::shared_ptr<EventStream> stream) {
  stream_ = std::move(stream);
  keep_alive_ = false;
  // The server's thread may be gone when the stream is fed, but then the stream is detached.
  stream_->attach([self = weak_from_this(), io = &server_.io_] {
    net::post(*io, [self] {
      if (const auto session = self.lock(); session && !session->closed_) session->pump();
    });
  });
  const HttpResponse head{.status = 200,
                          .headers = {{"X-Accel-Buffering", "no"}},  // nginx would hold events back
                          .body = {},
                          .content_type = "text/event-stream"};
  const BodyFraming framing = http_1_0_ ? BodyFraming::kUntilClose : BodyFraming::kChunked;
  write(response_head(head, framing, keep_alive_, std::time(nullptr)), &Session::pump);
  beat();
  watch_client();
}

// A client has nothing more to say on this connection, so whatever comes is the end.
void HttpServer::Impl::Session::watch_client() {
  transport_->read_some(net::buffer(arrived_), [self = shared_from_this()](error_code ec, std::size_t) {
    if (!self->stream_ended_ || ec) self->close();
  });
}

void HttpServer::Impl::Session::beat() {
  heartbeat_.arm(options_.heartbeat, [self = weak_from_this()] {
    const auto session = self.lock();
    if (!session || session->closed_ || session->stream_ended_) return;
    if (!session->writing_) session->write(session->framed(":\n\n"), &Session::pump);
    session->beat();
  });
}

void HttpServer::Impl::Session::pump() {
  if (stream_->too_slow()) return close();
  if (writing_ || stream_ended_) return;
  EventStream::Batch batch = stream_->take();
  stream_ended_ = batch.ended;
  std::string text = batch.text.empty() ? std::string() : framed(batch.text);
  if (batch.ended && !http_1_0_) text += "0\r\n\r\n";
  if (!text.empty()) return write(std::move(text), batch.ended ? &Session::linger : &Session::pump);
  if (batch.ended) linger();
}

std::string HttpServer::Impl::Session::framed(const std::string& text) const {
  return http_1_0_ ? text : fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

void HttpServer::Impl::Session::write(std::string text, Step next) {
  output_ = std::move(text);
  written_ = 0;
  writing_ = true;
  after_write_ = next;
  write_rest();
}

void HttpServer::Impl::Session::write_rest() {
  arm(options_.write_timeout, &Session::close);
  transport_->write_some(net::buffer(output_) + written_,
                         [self = shared_from_this()](error_code ec, std::size_t size) {
                           if (self->closed_) return;
                           if (ec) return self->close();
                           self->written_ += size;
                           if (self->written_ < self->output_.size()) return self->write_rest();
                           self->writing_ = false;
                           self->output_ = {};
                           self->deadline_.disarm();
                           (self.get()->*self->after_write_)();
                         });
}

HttpServer::Impl::Impl(HttpServerOptions options, HttpHandler handler)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      hosts_(options_.hosts),
      handlers_(static_cast<std::size_t>(std::max(1, options_.handler_threads))) {
  if (options_.requests_per_second_per_peer > 0) {
    limiter_.emplace(options_.requests_per_second_per_peer, std::max(1, options_.request_burst_per_peer));
  }
}

Result<void> HttpServer::Impl::load_certificate() {
  if (options_.certificate_file.empty()) return {};
  tls_.set_options(ssl::context::default_workarounds | ssl::context::no_compression);
  SSL_CTX_set_options(tls_.native_handle(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(tls_.native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20");  // of TLS 1.2
  error_code ec;
  tls_.use_certificate_chain_file(options_.certificate_file, ec);
  if (ec) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: no usable certificate: {}", options_.certificate_file, ec.message())};
  }
  tls_.use_private_key_file(options_.key_file, ssl::context::pem, ec);
  if (!ec && SSL_CTX_check_private_key(tls_.native_handle()) != 1) ec = net::error::invalid_argument;
  if (ec) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: no usable private key: {}", options_.key_file, ec.message())};
  }
  return {};
}

Result<void> HttpServer::Impl::listen() {
  if (const auto loaded = load_certificate(); !loaded) return loaded;
  error_code ec;
  const net::ip::address address = net::ip::make_address(options_.address, ec);
  if (ec || options_.port < 0 || options_.port > 65535) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{} port {}: not an IP address and a port", options_.address, options_.port)};
  }
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options_.port));
  acceptor_.open(endpoint.protocol(), ec);
  if (!ec) acceptor_.set_option(net::socket_base::reuse_address(true), ec);
  if (!ec && address.is_v6()) acceptor_.set_option(net::ip::v6_only(!address.is_unspecified()), ec);
  if (!ec) acceptor_.bind(endpoint, ec);
  if (!ec) acceptor_.listen(net::socket_base::max_listen_connections, ec);
  if (ec) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{} port {}: can't listen: {}", options_.address, options_.port, ec.message())};
  }
  port_ = acceptor_.local_endpoint().port();
  accept();
  thread_ = std::thread([this] { run(); });
  return {};
}

// What one connection does to the heap must not end the others.
void HttpServer::Impl::run() {
  const auto work = net::make_work_guard(io_);
  while (!io_.stopped()) {
    try {
      io_.run();
    } catch (const std::exception&) {
      continue;
    }
  }
}

void HttpServer::Impl::accept() {
  acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
    if (draining_) return;
    if (ec == net::error::no_descriptors || ec == net::error::no_memory ||
        ec == net::error::no_buffer_space) {
      return accept_pause_.arm(kAcceptPause, [this] { accept(); });
    }
    accept();
    if (!ec) admit(std::move(socket));
  });
}

void HttpServer::Impl::admit(tcp::socket socket) {
  error_code ec;
  const tcp::endpoint endpoint = socket.remote_endpoint(ec);
  if (ec) return;
  socket.set_option(tcp::no_delay(true), ec);
  const net::ip::address address = plain_address(endpoint.address());
  Peer peer{.address = address.to_string(), .key = peer_key(address), .loopback = address.is_loopback()};

  const bool is_full = admitted_ >= options_.max_connections;
  const auto known = admitted_of_peer_.find(peer.key);
  const bool peer_is_full =
      known != admitted_of_peer_.end() && known->second >= options_.max_connections_per_peer;
  const bool admitted = !is_full && !peer_is_full;
  const bool tls = !options_.certificate_file.empty();
  // A handshake is too dear for somebody who can't be served.
  if (!admitted && (tls || static_cast<int>(sessions_.size()) - admitted_ >= kMostTurnedAway)) return;

  std::unique_ptr<Transport> transport;
  if (tls) {
    transport = std::make_unique<TlsTransport>(std::move(socket), tls_);
  } else {
    transport = std::make_unique<PlainTransport>(std::move(socket));
  }
  const auto session = std::make_shared<Session>(*this, std::move(transport), peer, admitted);
  sessions_.insert(session);
  if (is_full) return session->turn_away(full());
  if (peer_is_full) return session->turn_away(too_many("too many connections from this address", 1));
  ++admitted_;
  ++admitted_of_peer_[peer.key];
  session->start();
}

void HttpServer::Impl::remove(const std::shared_ptr<Session>& session) {
  if (sessions_.erase(session) == 0) return;
  if (session->admitted()) {
    --admitted_;
    const auto peer = admitted_of_peer_.find(session->peer_key());
    if (--peer->second == 0) admitted_of_peer_.erase(peer);
  }
  if (draining_ && sessions_.empty()) io_.stop();
}

bool HttpServer::Impl::is_addressed_by(const RequestHead& head) const {
  const auto named = std::find_if(head.headers.begin(), head.headers.end(),
                                  [](const auto& h) { return equals_any_case(h.first, "Host"); });
  const std::string_view authority = authority_of(head.target);
  return hosts_.allows(named == head.headers.end() ? "" : named->second) &&
         (authority.empty() || hosts_.allows(authority));
}

HttpReply HttpServer::Impl::call_handler(const HttpRequest& request) const {
  std::string failure;
  try {
    HttpReply reply = handler_(request);
    const auto* const response = std::get_if<HttpResponse>(&reply);
    if (response != nullptr && can_be_sent(*response)) return reply;
    if (response == nullptr && std::get<std::shared_ptr<EventStream>>(reply)) return reply;
    failure = fmt::format("the answer to {} {} can't be sent", request.method, request.path);
  } catch (const std::exception& e) {
    failure = e.what();
  } catch (...) {
    failure = "something that is no std::exception";
  }
  if (options_.on_handler_error) options_.on_handler_error(failure);
  return problem(500);
}

void HttpServer::Impl::stop() {
  if (stopped_.exchange(true) || !thread_.joinable()) return;
  net::post(io_, [this] { drain(); });
  thread_.join();
  handlers_.stop();
  handlers_.join();
}

void HttpServer::Impl::drain() {
  draining_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  accept_pause_.disarm();
  const std::unordered_set<std::shared_ptr<Session>> sessions = sessions_;
  for (const auto& session : sessions) session->drain();
  if (sessions_.empty()) return io_.stop();
  drained_.arm(kDrain, [this] { close_all(); });
}

void HttpServer::Impl::close_all() {
  const std::unordered_set<std::shared_ptr<Session>> sessions = sessions_;
  for (const auto& session : sessions) session->close();
  io_.stop();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, HttpHandler handler) {
  try {
    auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
    if (const auto listening = impl->listen(); !listening) return listening.error();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
  } catch (const std::exception& e) {
    return Error{ErrorCode::kInternal, fmt::format("the HTTP server can't be started: {}", e.what())};
  }
}

int HttpServer::port() const { return impl_->port(); }

void HttpServer::stop() { impl_->stop(); }

}  // namespace monolens
