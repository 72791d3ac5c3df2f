#!/bin/sh
# embed.sh - prints a C file that holds every .lua and .tsv file below lua/postil; see embed.h.
# Run from the top of the source tree.  Same files, same output.
set -eu
LC_ALL=C
export LC_ALL

files=$(find lua/postil -type f \( -name '*.lua' -o -name '*.tsv' \) | sort)

echo '/* Written by plugin/command/embed.sh. */'
echo '#include "embed.h"'
n=0
for file in $files; do
  # The last zero is not counted; it keeps the array of an empty file from having no element.
  echo "static const unsigned char bytes_${n}[] = {"
  od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
  echo '0};'
  n=$((n + 1))
done

echo 'const embed_file embed_files[] = {'
n=0
for file in $files; do
  echo "  {\"${file#lua/}\", bytes_$n, sizeof bytes_$n - 1},"
  n=$((n + 1))
done
echo '  {0, 0, 0}};'
echo "const size_t embed_count = $n;"
