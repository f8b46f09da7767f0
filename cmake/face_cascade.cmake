# cmake -DINPUT=cascade.xml -DOUTPUT=file.cc -P face_cascade.cmake
#
# Makes the tables of features/face_cascade.h from an LBP cascade in OpenCV's format.
file(READ ${INPUT} xml)
string(REGEX REPLACE "<stageParams>.*</stageParams>" "" stages "${xml}")
string(REGEX REPLACE "[ \t\r\n]+" " " stages "${stages}")

# The contents of all elements of a name, as initialisers.
function(elements name out)
  string(REGEX MATCHALL "<${name}> ?[^<]*</${name}>" found "${stages}")
  set(rows "")
  foreach(element IN LISTS found)
    string(REGEX REPLACE "</?${name}>" "" values "${element}")
    string(STRIP "${values}" values)
    if(values MATCHES " ")
      string(REPLACE " " ", " values "{${values}}")
    endif()
    string(APPEND rows "    ${values},\n")
  endforeach()
  set(${out} "${rows}" PARENT_SCOPE)
endfunction()

elements(maxWeakCount counts)
elements(stageThreshold thresholds)
elements(internalNodes nodes)
elements(leafValues leaves)
elements(rect rects)
file(WRITE ${OUTPUT} "// Made by cmake/face_cascade.cmake from ${INPUT}.
#include \"features/face_cascade.h\"

namespace monolens::cascade {

const int kCounts[kStages] = {
${counts}};
const double kThresholds[kStages] = {
${thresholds}};
const Node kNodes[kTrees] = {
${nodes}};
const double kLeaves[kTrees][2] = {
${leaves}};
const Rect kRects[kFeatures] = {
${rects}};

}  // namespace monolens::cascade
")
