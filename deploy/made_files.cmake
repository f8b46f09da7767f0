# Run by the installation: what the program prints about itself, and what Debian wants compressed.
#
# Needs `monolens`, the program, and `source`, the checkout.
set(share $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/share)
set(readable OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

function(print_into file)
  get_filename_component(folder ${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  execute_process(COMMAND ${ARGN} OUTPUT_FILE ${file} COMMAND_ERROR_IS_FATAL ANY)
  file(CHMOD ${file} PERMISSIONS ${readable})
endfunction()

# -n leaves the time out, so that the same sources give the same bytes.
function(compress_into file from)
  print_into(${file} gzip -9nc ${from})
endfunction()

print_into(${share}/bash-completion/completions/monolens ${monolens} completion)
print_into(${share}/man/man1/monolens.1 ${monolens} man)
compress_into(${share}/man/man1/monolens.1.gz ${share}/man/man1/monolens.1)
file(REMOVE ${share}/man/man1/monolens.1)
compress_into(${share}/doc/monolens/changelog.gz ${source}/CHANGELOG.md)
compress_into(${share}/doc/monolens/changelog.Debian.gz ${source}/deploy/debian/changelog)
compress_into(${share}/doc/monolens/NOTICE.gz ${source}/NOTICE)
