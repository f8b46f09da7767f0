#include "sinks/jsonl.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/atomic_file.h"
#include "base/text.h"

namespace monolens {
namespace {

class Jsonl final : public Sink {
 public:
  explicit Jsonl(JsonlOptions options) : options_(std::move(options)) {}
  ~Jsonl() override { close_file(); }
  Jsonl(const Jsonl&) = delete;
  Jsonl& operator=(const Jsonl&) = delete;

  Result<void> send(const SinkEvent& event) override {
    if (fd_ >= 0 && !still_has_its_name()) close_file();
    if ((fd_ < 0 && !open_file()) || !append(event.json + "\n")) {
      const int cause = errno;
      close_file();
      return Error{ErrorCode::kWrite,
                   fmt::format("{}: can't be written: {}", printable(options_.path), std::strerror(cause))};
    }
    return {};
  }

 private:
  bool still_has_its_name() const {
    struct stat named {};
    struct stat opened {};
    return stat(options_.path.c_str(), &named) == 0 && fstat(fd_, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
  }

  bool open_file() {
    fd_ = open(options_.path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd_ < 0) return false;
    line_is_open_ = ends_within_a_line();
    return true;
  }

  bool ends_within_a_line() const {
    struct stat st {};
    char last = '\n';
    return fstat(fd_, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
           pread(fd_, &last, 1, st.st_size - 1) == 1 && last != '\n';
  }

  // In one piece, so that others may append to the file too.
  bool append(const std::string& line) {
    if (!write_all(fd_, line_is_open_ ? "\n" + line : line)) return false;
    line_is_open_ = false;
    return !options_.fsync || fsync(fd_) == 0 || errno == EINVAL;  // EINVAL: a pipe or a device
  }

  void close_file() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

  JsonlOptions options_;
  int fd_ = -1;
  bool line_is_open_ = false;
};

}  // namespace

std::unique_ptr<Sink> make_jsonl(JsonlOptions options) { return std::make_unique<Jsonl>(std::move(options)); }

}  // namespace monolens
