#include "topology/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <utility>

extern char** environ;  // NOLINT: POSIX's own

namespace monolens::topology {
namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;

void close_if_open(int fd) {
  if (fd >= 0) close(fd);
}

}  // namespace

Child::Child(std::string name, pid_t pid, int in, int out)
    : name_(std::move(name)), pid_(pid), in_(in), out_(out) {}

Child::Child(Child&& other) noexcept
    : name_(std::move(other.name_)),
      pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_(std::exchange(other.out_, -1)),
      buffered_(std::move(other.buffered_)),
      told_(std::move(other.told_)),
      sum_gib_(other.sum_gib_),
      samples_(other.samples_),
      peak_gib_(other.peak_gib_) {}

Child::~Child() {
  close_if_open(in_);
  close_if_open(out_);
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

Result<Child> Child::start(const std::string& name, const std::vector<std::string>& command) {
  std::array<int, 2> in{-1, -1};
  std::array<int, 2> out{-1, -1};
  const bool piped = pipe2(in.data(), O_CLOEXEC) == 0 && pipe2(out.data(), O_CLOEXEC) == 0;
  std::vector<char*> arguments;
  for (const std::string& a : command) arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);
  pid_t pid = -1;
  int failed = piped ? 0 : errno;
  if (piped) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    failed = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
  }
  close_if_open(in[0]);
  close_if_open(out[1]);
  if (failed == 0) return Child(name, pid, in[1], out[0]);
  close_if_open(in[1]);
  close_if_open(out[0]);
  return Error{ErrorCode::kInternal, fmt::format("{}: can't be started: {}", name, std::strerror(failed))};
}

std::string Child::read_line() {
  std::array<char, 65536> bytes{};
  for (;;) {
    if (const auto end = buffered_.find('\n'); end != std::string::npos) {
      std::string line = buffered_.substr(0, end);
      buffered_.erase(0, end + 1);
      return line;
    }
    const ssize_t n = read(out_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::exchange(buffered_, {});
    buffered_.append(bytes.data(), static_cast<std::size_t>(n));
  }
}

Result<void> Child::wait_until_ready() {
  if (read_line() == "ready") return {};
  return Error{ErrorCode::kInternal, fmt::format("{}: ended before it was ready", name_)};
}

void Child::begin() { [[maybe_unused]] const ssize_t n = write(in_, "\n", 1); }

void Child::stop() const { kill(pid_, SIGTERM); }

bool Child::has_ended() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

Result<void> Child::wait_for_line() {
  told_ = read_line();
  if (!told_.empty()) return {};
  return Error{ErrorCode::kInternal, fmt::format("{}: ended with an error", name_)};
}

Result<nlohmann::json> Child::wait() {
  if (told_.empty()) told_ = read_line();
  const auto told = nlohmann::json::parse(told_, nullptr, false);
  int status = 0;
  rusage usage{};
  while (wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  peak_gib_ = static_cast<double>(usage.ru_maxrss) * 1024 / kGib;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && told.is_object()) return told;
  return Error{ErrorCode::kInternal, fmt::format("{}: ended with an error", name_)};
}

// proc(5): the second field of statm is the resident set, pages.
void Child::sample() {
  std::ifstream file(fmt::format("/proc/{}/statm", pid_));
  double size = 0;
  double resident = 0;
  if (!(file >> size >> resident)) return;
  sum_gib_ += resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / kGib;
  ++samples_;
}

double Child::mean_gib() const { return samples_ > 0 ? sum_gib_ / samples_ : 0; }
double Child::peak_gib() const { return peak_gib_; }

}  // namespace monolens::topology
