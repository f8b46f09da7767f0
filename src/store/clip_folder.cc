#include "store/clip_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/atomic_file.h"

namespace monolens {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffix = ".mp4";

bool is_id(std::string_view id) {
  return !id.empty() && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

struct ClipFolder::File {
  fs::path path;
  std::int64_t written_ms;
  std::uint64_t bytes;
  std::uint64_t content;  // files of the same content have the same
};

Result<std::unique_ptr<ClipFolder>> ClipFolder::open(std::string folder, std::uint64_t most_bytes) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Error{ErrorCode::kWrite, fmt::format("{}: {}", folder, error.message())};
  auto opened = std::unique_ptr<ClipFolder>(new ClipFolder(std::move(folder), most_bytes));
  opened->keep_to_budget();
  return opened;
}

std::string ClipFolder::path_of(const std::string& incident) const {
  return (fs::path(folder_) / (incident + kSuffix)).string();
}

Result<void> ClipFolder::put(std::span<const std::string> incidents, std::span<const std::uint8_t> mp4) {
  if (!std::all_of(incidents.begin(), incidents.end(), is_id))
    return Error{ErrorCode::kInternal, "a clip of what is no incident"};
  const std::lock_guard lock(mutex_);
  const std::string path = path_of(incidents.front());
  auto file = AtomicFile::create(path);
  if (!file) return file.error();
  auto written = file->commit({reinterpret_cast<const char*>(mp4.data()), mp4.size()});
  if (!written) return written;
  for (const std::string& other : incidents.subspan(1)) {
    std::error_code error;
    fs::remove(path_of(other), error);
    fs::create_hard_link(path, path_of(other), error);
    if (error) return Error{ErrorCode::kWrite, fmt::format("{}: {}", path_of(other), error.message())};
  }
  keep_to_budget();
  return {};
}

std::optional<std::string> ClipFolder::get(const std::string& incident) const {
  if (!is_id(incident)) return std::nullopt;
  std::ifstream file(path_of(incident), std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<ClipFolder::File> ClipFolder::oldest_first() const {
  std::vector<File> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    struct stat status {};
    if (entry.path().extension() != kSuffix || stat(entry.path().c_str(), &status) != 0) continue;
    files.push_back({entry.path(), status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000,
                     static_cast<std::uint64_t>(status.st_size), status.st_ino});
  }
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.written_ms < b.written_ms; });
  return files;
}

void ClipFolder::keep_to_budget() {
  std::vector<File> files = oldest_first();
  std::set<std::uint64_t> kept;
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (!kept.contains(file->content)) bytes += file->bytes;
    if (bytes > most_bytes_) {
      fs::remove(file->path, ignored);
    } else {
      kept.insert(file->content);
    }
  }
}

void ClipFolder::forget(std::int64_t before_ms) {
  const std::lock_guard lock(mutex_);
  std::error_code ignored;
  for (const File& file : oldest_first()) {
    if (file.written_ms < before_ms) fs::remove(file.path, ignored);
  }
}

}  // namespace monolens
