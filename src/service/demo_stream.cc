#include "service/demo_stream.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <numbers>
#include <vector>

#include "media/media_writer.h"
#include "media/ts_loop.h"

namespace monolens {
namespace {

using Clock = std::chrono::steady_clock;

// A turn: 600 pictures, and as long 1125 frames of AAC, of which the encoder makes the first itself.
constexpr auto kTurn = std::chrono::seconds(24);
constexpr int kRate = 25;
constexpr int kPictures = 600;
constexpr int kSampleRate = 48'000;
constexpr std::int64_t kSamples = 1124 * 1024;
constexpr int kWidth = 640;
constexpr int kHeight = 360;
constexpr double kDisc = kHeight / 8.0;  // its radius
constexpr std::size_t kPacketsADatagram = 7;

struct Stretch {
  double from, to;  // seconds of the turn
  bool holds(double t) const { return t >= from && t < to; }
};
constexpr Stretch kFrozen{5, 8.5};
constexpr Stretch kBlack{12, 14.5};
constexpr Stretch kSilent{18, 21.5};
constexpr double kFade = 0.05;  // of the tone, so that nothing clicks

struct Picture {
  std::vector<std::uint8_t> luma = std::vector<std::uint8_t>(static_cast<std::size_t>(kWidth * kHeight));
  std::array<std::vector<std::uint8_t>, 2> chroma = {
      std::vector<std::uint8_t>(static_cast<std::size_t>(kWidth * kHeight / 4)),
      std::vector<std::uint8_t>(static_cast<std::size_t>(kWidth* kHeight / 4))};

  std::array<Plane, 3> planes() const {
    return {Plane{luma.data(), kWidth, kWidth, kHeight},
            Plane{chroma[0].data(), kWidth / 2, kWidth / 2, kHeight / 2},
            Plane{chroma[1].data(), kWidth / 2, kWidth / 2, kHeight / 2}};
  }
};

// Slopes of colour that drift, and a disc that goes round once in six seconds.
void paint(Picture& picture, double t) {
  const double turn = 2 * std::numbers::pi * t / 6;
  const double disc_x = kWidth / 2.0 + 0.3 * kWidth * std::cos(turn);
  const double disc_y = kHeight / 2.0 + 0.3 * kHeight * std::sin(turn);
  std::array<double, kWidth> across{};
  for (int x = 0; x < kWidth; ++x) across[static_cast<std::size_t>(x)] = std::sin((x + 40 * t) / 37);
  for (int y = 0; y < kHeight; ++y) {
    const double down = std::sin((y - 25 * t) / 23);
    for (int x = 0; x < kWidth; ++x) {
      const double dx = x - disc_x;
      const double dy = y - disc_y;
      const bool disc = dx * dx + dy * dy < kDisc * kDisc;
      const double wave = across[static_cast<std::size_t>(x)] + down;
      picture.luma[static_cast<std::size_t>(y * kWidth + x)] =
          static_cast<std::uint8_t>(disc ? 205 : 95 + 22 * wave);
    }
  }
  std::array<std::uint8_t, kWidth / 2> blue{};
  for (int x = 0; x < kWidth / 2; ++x)
    blue[static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(128 + 40 * std::sin((x + 30 * t) / 60));
  for (int y = 0; y < kHeight / 2; ++y) {
    const auto at = static_cast<std::ptrdiff_t>(y) * (kWidth / 2);
    std::copy(blue.begin(), blue.end(), picture.chroma[0].begin() + at);
    std::fill_n(picture.chroma[1].begin() + at, kWidth / 2,
                static_cast<std::uint8_t>(128 + 40 * std::sin((y + 20 * t) / 45)));
  }
}

void blacken(Picture& picture) {
  std::fill(picture.luma.begin(), picture.luma.end(), 16);
  for (auto& plane : picture.chroma) std::fill(plane.begin(), plane.end(), 128);
}

double tone(double t) {
  const auto fade = [](double distance) { return std::clamp(distance / kFade, 0.0, 1.0); };
  double gain = std::min(fade(t), fade(static_cast<double>(kSamples) / kSampleRate - t));
  if (t >= kSilent.from - kFade && t < kSilent.to + kFade)
    gain = kSilent.holds(t) ? 0 : std::max(fade(kSilent.from - t), fade(t - kSilent.to));
  return 0.1 * gain * std::sin(2 * std::numbers::pi * 440 * t);
}

Result<std::vector<std::uint8_t>> make_turn() {
  const VideoCoding video{.width = kWidth,
                          .height = kHeight,
                          .rate_num = kRate,
                          .gop = kRate,
                          .options = {{"preset", "ultrafast"}, {"tune", "zerolatency"}, {"crf", "26"}}};
  auto writer = MediaWriter::create("mpegts", video, AudioCoding{.bit_rate = 96'000});
  if (!writer) return writer.error();
  Picture picture;
  for (int n = 0; n < kPictures; ++n) {
    const double t = static_cast<double>(n) / kRate;
    if (kBlack.holds(t)) {
      blacken(picture);
    } else if (!kFrozen.holds(t)) {
      paint(picture, t);
    }
    auto added = (*writer)->add_picture(picture.planes(), n);
    if (!added) return added.error();
  }
  std::vector<float> samples(static_cast<std::size_t>(kSamples));
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = static_cast<float>(tone(static_cast<double>(i) / kSampleRate));
  const std::array<const float*, 2> channels = {samples.data(), samples.data()};
  auto added = (*writer)->add_sound(channels, kSamples, [](std::int64_t sample) { return sample; });
  if (!added) return added.error();
  auto bytes = (*writer)->finish();
  if (!bytes) return bytes.error();
  const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes->data());
  return std::vector<std::uint8_t>(begin, begin + bytes->size());
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// One that nobody listens on now; 0 if there is none.
int free_port() {
  const int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  int port = 0;
  if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
      getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    port = ntohs(address.sin_port);
  close(socket_);
  return port;
}

}  // namespace

DemoStream::DemoStream() : port_(free_port()), url_(fmt::format("udp://127.0.0.1:{}", port_)) {
  auto turn = make_turn();
  if (turn)
    thread_ = std::thread([this, bytes = std::move(*turn)]() mutable { send_for_ever(std::move(bytes)); });
}

DemoStream::~DemoStream() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void DemoStream::send_for_ever(std::vector<std::uint8_t> turn) {
  TsLoop loop(std::move(turn), kTurn);
  const int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const sockaddr_in to = loopback(port_);
  const auto began = Clock::now();
  std::vector<std::uint8_t> datagram;
  std::unique_lock lock(mutex_);
  while (!stop_) {
    datagram.clear();
    std::chrono::nanoseconds due{};
    for (std::size_t i = 0; i < kPacketsADatagram; ++i) {
      const TsLoop::Next next = loop.next();
      datagram.insert(datagram.end(), next.packet.begin(), next.packet.end());
      due = next.due;
    }
    if (woken_.wait_until(lock, began + due, [this] { return stop_; })) break;
    (void)sendto(socket_, datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&to),
                 sizeof to);
  }
  close(socket_);
}

}  // namespace monolens
