# Turns a text file into C++:
#   cmake -DINPUT=FILE -DOUTPUT=FILE.cc -DHEADER=FILE.h -DFUNCTION=NAME -P embed.cmake
#
# OUTPUT defines monolens::NAME(), declared in HEADER as `std::span<const std::string_view> NAME();`: the
# text in pieces of whole lines, each short enough for any compiler's limit on a literal. Before that,
# `{{include FILE}}` in INPUT becomes the text of FILE, which stands beside it, and `{{csp FILE}}` the source
# expression that lets a Content-Security-Policy run exactly that text.

set(piece_bytes 8000)

# RFC 4648, section 4, for the 64 hexadecimal digits of a SHA-256: 3 digits are 2 characters.
function(sha256_base64 hex out)
  set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  set(base64 "")
  string(REGEX MATCHALL "..." triples "${hex}00")
  foreach(triple IN LISTS triples)
    math(EXPR high "0x${triple} >> 6")
    math(EXPR low "0x${triple} & 63")
    string(SUBSTRING "${alphabet}" ${high} 1 first)
    string(SUBSTRING "${alphabet}" ${low} 1 second)
    string(APPEND base64 "${first}${second}")
  endforeach()
  string(SUBSTRING "${base64}" 0 43 base64)
  set(${out} "${base64}=" PARENT_SCOPE)
endfunction()

get_filename_component(folder "${INPUT}" DIRECTORY)
file(READ "${INPUT}" text)
string(REGEX MATCHALL "{{(include|csp) [^}]+}}" marks "${text}")
foreach(mark IN LISTS marks)
  string(REGEX REPLACE "{{(include|csp) ([^}]+)}}" "\\2" name "${mark}")
  file(READ "${folder}/${name}" part)
  if(mark MATCHES "^{{csp")
    string(SHA256 hash "${part}")
    sha256_base64("${hash}" hash)
    set(part "'sha256-${hash}'")
  endif()
  string(REPLACE "${mark}" "${part}" text "${text}")
endforeach()

set(pieces "")
string(LENGTH "${text}" left)
while(left GREATER 0)
  set(cut ${left})
  if(left GREATER piece_bytes)
    string(SUBSTRING "${text}" 0 ${piece_bytes} head)
    string(FIND "${head}" "\n" cut REVERSE)
    math(EXPR cut "${cut} + 1")
    if(cut EQUAL 0)
      message(FATAL_ERROR "${INPUT}: a line is longer than ${piece_bytes} bytes")
    endif()
  endif()
  string(SUBSTRING "${text}" 0 ${cut} head)
  string(SUBSTRING "${text}" ${cut} -1 text)
  string(LENGTH "${text}" left)
  string(APPEND pieces "    R\"embed(${head})embed\",\n")
endwhile()

file(WRITE "${OUTPUT}" "#include \"${HEADER}\"

namespace monolens {
namespace {

constexpr std::string_view kPieces[] = {
${pieces}};

}  // namespace

std::span<const std::string_view> ${FUNCTION}() { return kPieces; }

}  // namespace monolens
")
