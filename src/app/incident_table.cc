#include "app/incident_table.h"

#include <fmt/format.h>

#include "app/terminal.h"

namespace monolens {
namespace {

std::string facts(const MonitorResult& r) {
  std::string text = r.input.format.substr(0, r.input.format.find(','));
  for (const TrackInfo& t : r.input.tracks) {
    if (t.type == TrackType::kVideo) {
      text += fmt::format(", {}", t.codec);
      if (t.width > 0 && t.height > 0) text += fmt::format(" {}x{}", t.width, t.height);
      if (t.fps > 0) text += fmt::format(" {:.4g} fps", t.fps);
    } else {
      text += fmt::format(", {} {} Hz {} ch", t.codec, t.sample_rate, t.channels);
    }
  }
  if (r.input.duration) text += fmt::format(", {:.1f} s", r.input.duration->seconds());
  return text;
}

std::string measures_text(const Incident& i) {
  std::string text;
  for (const auto& [name, value] : i.measures) {
    if (value != 0) text += fmt::format("{}{} {:.4g}", text.empty() ? "" : ", ", name, value);
  }
  return text.empty() ? "" : " (" + text + ")";
}

}  // namespace

std::string track_text(const InputInfo& input, int track) {
  if (track < 0) return "";
  const TrackInfo& t = input.tracks[static_cast<std::size_t>(track)];
  const std::string language =
      t.language.empty() || t.language == "und" ? "" : fmt::format(" ({})", t.language);
  return fmt::format("{} {}{}", t.type == TrackType::kVideo ? "video" : "audio", t.index, language);
}

std::string incident_table(const MonitorResult& r, bool colours) {
  std::string text = fmt::format("{}\n  {}\n", r.input.url, faint(facts(r), colours));
  if (!r.incidents.empty()) {
    text += faint(fmt::format("  {:<12}  {:<12}  {:<8}  {:<22} {:<8}  what\n", "start", "end", "severity",
                              "kind", "track"),
                  colours);
  }
  for (const Incident& i : r.incidents) {
    const std::string severity = coloured(fmt::format("{:<8}", name_of(i.severity)), i.severity, colours);
    text += fmt::format("  {}  {}  {}  {:<22} {:<8}  {}{}\n", clock_text(i.start.seconds()),
                        clock_text(i.end->seconds()), severity, i.kind, track_text(r.input, i.track),
                        i.evidence.note, faint(measures_text(i), colours));
  }
  const double media = r.input.duration ? r.input.duration->seconds() : 0;
  text += fmt::format("  {}: {} incident{}", r.interrupted ? "interrupted" : "done", r.incidents.size(),
                      r.incidents.size() == 1 ? "" : "s");
  if (r.integrated_loudness_lufs) text += fmt::format(", {:.1f} LUFS", *r.integrated_loudness_lufs);
  if (r.true_peak_dbtp) text += fmt::format(", {:.1f} dBTP", *r.true_peak_dbtp);
  text += fmt::format("; {:.1f} s in {:.2f} s", media, r.wall_s);
  if (r.wall_s > 0 && !r.interrupted) text += fmt::format(", {:.0f}x real time", media / r.wall_s);
  return text + "\n";
}

}  // namespace monolens
