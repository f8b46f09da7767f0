#include "eval/clip_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
#include "eval/random.h"

namespace monolens::eval {
namespace {

namespace fs = std::filesystem;

using Rows = std::map<std::string, std::vector<std::string>>;  // by the first column

Result<Rows> read_table(const std::string& path) {
  Rows rows;
  if (path.empty()) return rows;
  std::ifstream file(path);
  if (!file) return Error{ErrorCode::kUsage, fmt::format("{}: can't be read", path)};
  std::string line;
  std::getline(file, line);  // the header
  while (std::getline(file, line)) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    rows[cells.front()] = {cells.begin() + 1, cells.end()};
  }
  return rows;
}

bool looks_like_media(const fs::path& path) {
  static const std::set<std::string> kOther{".tsv", ".md", ".txt", ".json", ".py", ".html", ".jpg", ".png"};
  return path.has_extension() && !kOther.contains(path.extension().string());
}

// A playlist stands for the segments beside it.
std::vector<fs::path> media_below(const fs::path& folder) {
  std::vector<fs::path> found;
  std::set<fs::path> playlists;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (!entry.is_regular_file(ignored) || !looks_like_media(entry.path())) continue;
    found.push_back(entry.path());
    if (entry.path().extension() == ".m3u8") playlists.insert(entry.path().parent_path());
  }
  std::erase_if(found, [&](const fs::path& p) {
    return playlists.contains(p.parent_path()) && p.extension() != ".m3u8";
  });
  return found;
}

double number(const std::string& text, double fallback) {
  double value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

ClipFacts facts_of(const Rows& rows, const std::string& name) {
  ClipFacts facts;
  const auto found = rows.find(name);
  if (found == rows.end()) return facts;
  const auto cell = [&](std::size_t i) {
    return i < found->second.size() ? found->second[i] : std::string();
  };
  facts.start_s = number(cell(0), facts.start_s);
  facts.length_s = number(cell(1), facts.length_s);
  facts.most_height = static_cast<int>(number(cell(2), facts.most_height));
  facts.speaking_s = number(cell(3), 0);
  const std::string kinds = cell(4);
  for (const std::string_view kind : split(kinds, ',')) facts.explained.emplace_back(kind);
  return facts;
}

}  // namespace

std::string split_by_hash(const std::string& name) {
  return Random(hash(name)).below(2) == 0 ? "tune" : "score";
}

Result<std::vector<Clip>> find_clips(const ClipSearch& search) {
  const auto splits = read_table(search.split_file);
  if (!splits) return splits.error();
  const auto facts = read_table(search.facts_file);
  if (!facts) return facts.error();
  std::vector<Clip> clips;
  const auto add = [&](const std::string& name, const std::string& path) {
    const auto row = splits->find(name);
    Clip clip{
        .name = name,
        .path = path,
        .split = row != splits->end() && !row->second.empty() ? row->second.front() : split_by_hash(name),
        .facts = facts_of(*facts, name)};
    if (search.split == "all" || search.split == clip.split) clips.push_back(std::move(clip));
  };
  for (const std::string& file : search.files) add(fs::path(file).filename().string(), file);
  if (!search.folder.empty()) {
    if (!fs::is_directory(search.folder))
      return Error{ErrorCode::kNotFound, fmt::format("{}: no such folder", search.folder)};
    for (const fs::path& path : media_below(search.folder))
      add(path.lexically_relative(search.folder).string(), path.string());
  }
  std::ranges::sort(clips, {}, &Clip::name);
  return clips;
}

}  // namespace monolens::eval
