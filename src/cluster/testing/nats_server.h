// A real nats-server with JetStream on a free port of loopback, for a test; it ends with it.
#pragma once

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "base/testing/temporary_folder.h"

extern char** environ;

namespace monolens {

class NatsServer {
 public:
  NatsServer() { start("-1"); }
  ~NatsServer() { kill(); }
  NatsServer(const NatsServer&) = delete;
  NatsServer& operator=(const NatsServer&) = delete;

  bool is_there() const { return !url_.empty(); }
  const std::string& url() const { return url_; }

  // As a power cut does.
  void kill() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    pid_ = 0;
  }
  // On the same port, with what it kept.
  void start_again() { start(url_.substr(url_.rfind(':') + 1)); }
  void freeze() const { ::kill(pid_, SIGSTOP); }
  void go_on() const { ::kill(pid_, SIGCONT); }

 private:
  void start(const std::string& port) {
    std::filesystem::remove_all(folder_.at("ports"));
    std::filesystem::create_directories(folder_.at("ports"));
    std::string arguments[] = {"nats-server",
                               "-a",
                               "127.0.0.1",
                               "-p",
                               port,
                               "-js",
                               "-sd",
                               folder_.at("store"),
                               "--ports_file_dir",
                               folder_.at("ports"),
                               "-l",
                               folder_.at("log")};
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    // Debian's place is not in everybody's PATH.
    const char* program =
        std::filesystem::exists("/usr/sbin/nats-server") ? "/usr/sbin/nats-server" : "nats-server";
    if (posix_spawnp(&pid_, program, nullptr, nullptr, argv.data(), environ) != 0) return;
    for (int i = 0; i < 500 && !find_port(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }

  bool find_port() {
    for (const auto& entry : std::filesystem::directory_iterator(folder_.at("ports"))) {
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      const auto begin = text.find("nats://");
      if (begin == std::string::npos) return false;
      url_ = text.substr(begin, text.find('"', begin) - begin);
      return true;
    }
    return false;
  }

  TemporaryFolder folder_;
  std::string url_;
  pid_t pid_ = 0;
};

}  // namespace monolens
