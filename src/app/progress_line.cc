#include "app/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace monolens {

ProgressLine::ProgressLine(std::size_t inputs)
    : shown_(isatty(STDERR_FILENO) != 0), inputs_(inputs), started_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::update(std::size_t input, const Progress& progress) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  inputs_[input] = progress;
  draw();
}

void ProgressLine::done(std::size_t input) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  inputs_[input].share = 1.0;
}

void ProgressLine::clear() {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  if (drawn_) std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

void ProgressLine::draw() {
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  double media = 0;
  double share = 0;
  std::size_t incidents = 0;
  bool share_known = true;
  for (const Progress& p : inputs_) {
    media += p.position.seconds();
    incidents += p.incidents;
    share += p.share.value_or(0);
    share_known = share_known && (p.share || p.position == MediaTime());
  }
  share /= static_cast<double>(inputs_.size());
  std::string line = fmt::format("{:.1f} s analysed  {:.1f}x real time  {} incident{}", media,
                                 media / std::max(wall, 0.1), incidents, incidents == 1 ? "" : "s");
  if (share_known && share > 0.01) {
    line = fmt::format("{:3.0f} %  {}  {:.0f} s left", share * 100, line, wall / share * (1 - share));
  }
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace monolens
