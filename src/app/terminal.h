// What a person sees on a terminal, and a pipe does not: colours and progress.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "incidents/kinds.h"

namespace monolens {

// Whether the stream is a terminal that wants colours (NO_COLOR, TERM=dumb).
bool is_terminal(std::FILE* stream);

// `text` in the severity's colour, or as it is.
std::string coloured(std::string_view text, Severity severity, bool colours);
std::string faint(std::string_view text, bool colours);

// 01:02:03.456
std::string clock_text(double seconds);

}  // namespace monolens
