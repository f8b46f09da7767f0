#include "service/worker_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

extern char** environ;

namespace monolens {
namespace {

// The descriptors that the worker finds its ends at.
constexpr int kWire = 3;
constexpr int kNote = 4;

constexpr auto kShortLife = std::chrono::seconds(5);
constexpr auto kPause = std::chrono::milliseconds(500);  // before the next start, after a short life

pid_t spawn(const std::vector<std::string>& command, int wire, int note) {
  std::vector<std::string> words = command;
  for (const std::string& word :
       {std::string("--wire"), std::to_string(kWire), std::string("--note"), std::to_string(kNote)})
    words.push_back(word);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, wire, kWire);
  posix_spawn_file_actions_adddup2(&actions, note, kNote);
  pid_t pid = -1;
  const int rc = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return rc == 0 ? pid : -1;
}

// dup2() onto itself would leave close-on-exec set, so the ends are kept clear of the worker's numbers.
int clear_of_worker(int descriptor) {
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, kNote + 1);
  close(descriptor);
  return moved;
}

}  // namespace

WorkerProcess::WorkerProcess(std::vector<std::string> command, Listener listener)
    : command_(std::move(command)), listener_(std::move(listener)) {}

void WorkerProcess::stop() {
  stop_.store(true);
  if (const pid_t pid = pid_.load(); pid > 0) kill(pid, SIGKILL);
  {
    const std::lock_guard lock(mutex_);
    if (wire_) wire_->shut();
  }
  if (thread_.joinable()) thread_.join();
}

bool WorkerProcess::send(const nlohmann::json& message) {
  std::shared_ptr<Wire> wire;
  {
    const std::lock_guard lock(mutex_);
    wire = wire_;
  }
  return wire && wire->send(message);
}

bool WorkerProcess::launch() {
  int sockets[2];
  int pipe_ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) return false;
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    close(sockets[0]);
    close(sockets[1]);
    return false;
  }
  for (int* end : {&sockets[0], &sockets[1], &pipe_ends[0], &pipe_ends[1]}) *end = clear_of_worker(*end);
  pid_.store(spawn(command_, sockets[1], pipe_ends[1]));
  close(sockets[1]);
  close(pipe_ends[1]);
  note_ = pipe_ends[0];
  const std::lock_guard lock(mutex_);
  wire_ = std::make_shared<Wire>(sockets[0]);
  return pid_.load() > 0;
}

std::vector<std::string> WorkerProcess::blamed(int note) {
  std::string text;
  char bytes[4096];
  for (ssize_t n = 0; (n = read(note, bytes, sizeof bytes)) > 0;)
    text.append(bytes, static_cast<std::size_t>(n));
  std::vector<std::string> streams;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    streams.push_back(line.substr(0, line.rfind(' ')));
    at = end + 1;
  }
  return streams;
}

void WorkerProcess::supervise() {
  while (!stop_.load()) {
    const auto began = std::chrono::steady_clock::now();
    if (launch()) {
      if (stop_.load()) {  // stop() came before there was anything to end
        kill(pid_.load(), SIGKILL);
        wire_->shut();
      }
      listener_.on_start();
      while (const auto message = wire_->receive()) listener_.on_message(*message);
      kill(pid_.load(), SIGKILL);  // a worker that is no longer understood is no use
      waitpid(pid_.load(), nullptr, 0);
    }
    pid_.store(-1);
    const auto streams = note_ >= 0 ? blamed(note_) : std::vector<std::string>();
    {
      const std::lock_guard lock(mutex_);
      wire_.reset();
    }
    if (note_ >= 0) close(note_);
    note_ = -1;
    if (stop_.load()) return;
    ++restarts_;
    listener_.on_exit(streams);
    if (std::chrono::steady_clock::now() - began < kShortLife) std::this_thread::sleep_for(kPause);
  }
}

}  // namespace monolens
