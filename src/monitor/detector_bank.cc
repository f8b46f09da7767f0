#include "monitor/detector_bank.h"

#include <utility>

namespace monolens {
namespace {

bool watches(Scope scope, TrackType type) {
  switch (scope) {
    case Scope::kVideo:
      return type == TrackType::kVideo;
    case Scope::kAudio:
      return type == TrackType::kAudio;
    case Scope::kTrack:
      return true;
    case Scope::kInput:
    case Scope::kProgramme:
      return false;
  }
  return false;
}

}  // namespace

DetectorBank::DetectorBank(InputInfo input, InHand& in_hand, OnFinding on_finding)
    : input_(std::move(input)), in_hand_(in_hand), on_finding_(std::move(on_finding)) {}

Result<std::unique_ptr<DetectorBank>> DetectorBank::open(InputInfo input,
                                                         std::span<const ChosenDetector> chosen,
                                                         InHand& in_hand, OnFinding on_finding) {
  std::unique_ptr<DetectorBank> bank(new DetectorBank(std::move(input), in_hand, std::move(on_finding)));
  if (auto started = bank->start(chosen); !started) return started.error();
  return bank;
}

Result<void> DetectorBank::add(Row& row, const ChosenDetector& chosen, const TrackInfo* track) {
  row.push_back({chosen.info, chosen.info->make(chosen.options)});
  return row.back().detector->open({.input = &input_, .track = track});
}

Result<void> DetectorBank::start(std::span<const ChosenDetector> chosen) {
  for (const TrackInfo& track : input_.tracks) {
    if (track.type == TrackType::kAudio && first_audio_ < 0) first_audio_ = static_cast<int>(tracks_.size());
    Row& row = tracks_.emplace_back();
    for (const ChosenDetector& c : chosen) {
      if (!watches(c.info->scope, track.type)) continue;
      if (auto added = add(row, c, &track); !added) return added;
    }
  }
  for (const ChosenDetector& c : chosen) {
    const bool programme = c.info->scope == Scope::kProgramme;
    if (!programme && c.info->scope != Scope::kInput) continue;
    if (auto added = add(programme ? programme_ : whole_input_, c, nullptr); !added) return added;
  }
  return {};
}

void DetectorBank::observe(int track, const Measured& measured) {
  if (track >= 0) observe(tracks_[static_cast<std::size_t>(track)], track, measured);
  if (measured.audio == nullptr || track == first_audio_) observe(programme_, -1, measured);
  if (measured.event != nullptr) observe(whole_input_, -1, measured);
}

void DetectorBank::observe(Row& row, int track, const Measured& measured) {
  for (Running& r : row) {
    const InHand::Step step(in_hand_, r.info->name.data());
    r.detector->observe(measured, findings_);
    tell(r, track);
  }
}

void DetectorBank::advance(MediaTime now) {
  for (std::size_t i = 0; i < tracks_.size(); ++i) advance(tracks_[i], static_cast<int>(i), now);
  advance(programme_, -1, now);
  advance(whole_input_, -1, now);
}

void DetectorBank::advance(Row& row, int track, MediaTime now) {
  for (Running& r : row) {
    const InHand::Step step(in_hand_, r.info->name.data());
    r.detector->advance(now, findings_);
    tell(r, track);
  }
}

void DetectorBank::finish(int track, MediaTime end) {
  if (track >= 0) return finish(tracks_[static_cast<std::size_t>(track)], track, end);
  finish(programme_, -1, end);
  finish(whole_input_, -1, end);
}

void DetectorBank::finish(Row& row, int track, MediaTime end) {
  for (Running& r : row) {
    r.detector->finish(end, findings_);
    tell(r, track);
  }
}

void DetectorBank::tell(const Running& from, int track) {
  if (findings_.empty()) return;
  for (const Finding& f : findings_) on_finding_(*from.info, track, f);
  findings_.clear();
}

std::optional<double> DetectorBank::programme_measure(std::string_view name) const {
  for (const Running& r : programme_) {
    for (const auto& [measure, value] : r.detector->measures()) {
      if (measure == name) return value;
    }
  }
  return std::nullopt;
}

}  // namespace monolens
