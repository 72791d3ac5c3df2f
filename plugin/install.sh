#!/bin/sh
# install.sh - puts what was built in its places and takes it away again; `make install` calls it.
#
#   plugin/install.sh install|uninstall
#
# The Makefile hands everything in by the environment: BUILD, DESTDIR, INSTALL, PKG_CONFIG, LUAS
# ("5.4=lua5.4 ...": the Lua versions built for, each with its name in pkg-config) and the places.
#
# table() says what goes where.  What an installation wrote, and which folders it had to make, stands
# in $datadir/postil/installed; a later one removes what is no longer in the table, `uninstall` all.
# Every file is written in a folder beside its place and renamed, so that a program or an editor that
# has the old one open keeps it.
set -eu
umask 022
: "${prefix:?}" "${bindir:?}" "${libdir:?}" "${includedir:?}" "${datadir:?}" "${mandir:?}" \
  "${docdir:?}" "${nvimdir:?}" "${lispdir:?}" "${luadir=}" "${luacdir=}" "${DESTDIR=}" \
  "${INSTALL:=install}"
record=$DESTDIR$datadir/postil/installed
newline='
'
tab=$(printf '\t')

stop() { # WORDS
  printf 'install: %s\n' "$1" >&2
  exit 1
}

# --- what goes where: mode, source, place; each line a file

entry() { printf '%s\t%s\t%s\n' "$1" "$2" "$3"; }

# The Lua files that hosts use; the command carries its own in itself.
lua_files() { # PLACE
  find lua/postil -type f ! -path 'lua/postil/command*' | LC_ALL=C sort |
    while IFS= read -r file; do entry 644 "$file" "$1/${file#lua/}"; done
}

# Where a Lua looks: below the prefix of its own package where that says, as distributions differ
# there; below any other prefix as Lua's own sources have it.
lua_place() { # LMOD|CMOD VERSION PACKAGE
  own=
  [ "$("$PKG_CONFIG" --variable=prefix "$3")" != "$prefix" ] ||
    own=$("$PKG_CONFIG" --variable="INSTALL_$1" "$3")
  case $1 in
    LMOD) chosen=${luadir:+$luadir/$2} usual=$datadir/lua/$2 ;;
    CMOD) chosen=${luacdir:+$luacdir/$2} usual=$prefix/lib/lua/$2 ;;
  esac
  : "${chosen:=$own}"
  printf '%s\n' "${chosen:-$usual}"
}

# The index of the help, unless others have theirs there: then `:helptags` makes one of both.
help_index() { # PLACE
  [ -e plugin/doc/tags ] || return 0
  if [ -e "$DESTDIR$1" ] && ! recorded | grep -q -x -F "$1"; then
    echo "there is an index of help already: type :helptags ${1%/tags} in Neovim" >&2
  else
    entry 644 plugin/doc/tags "$1"
  fi
}

# A folder of Vim's 'runtimepath', as Vim wants it.
vim_files() { # PLACE
  entry 644 plugin/postil.vim "$1/plugin/postil.vim"
  find plugin/vim -type f \( -name '*.vim' -o -name '*.txt' \) | LC_ALL=C sort |
    while IFS= read -r file; do entry 644 "$file" "$1/${file#plugin/vim/}"; done
}

table() {
  entry 644 core/postil.h "$includedir/postil.h"
  entry 644 "$BUILD/libpostil.a" "$libdir/libpostil.a"
  entry 644 "$work/postil.pc" "$libdir/pkgconfig/postil.pc"
  if [ -e "$BUILD/postil" ]; then
    entry 755 "$BUILD/postil" "$bindir/postil"
    entry 644 plugin/command/postil.1 "$mandir/man1/postil.1"
  fi
  for file in README.md LICENSE lua/RULES.md plugin/PROTOCOL.md; do
    entry 644 "$file" "$docdir/${file##*/}"
  done
  entry 644 plugin/less/lesskey "$datadir/postil/lesskey"
  entry 644 plugin/emacs/postil.el "$lispdir/postil.el"
  entry 644 plugin/emacs/README.md "$docdir/emacs.md"
  entry 644 plugin/kak/README.md "$docdir/kak.md"
  for file in plugin/kak/*.*[!d]; do
    case $file in *.sh) mode=755 ;; *) mode=644 ;; esac
    entry "$mode" "$file" "$datadir/postil/${file#plugin/}"
  done
  # What it requires are links there: as files they make a folder that stands alone.
  find -L plugin/micro -type f | LC_ALL=C sort |
    while IFS= read -r file; do entry 644 "$file" "$datadir/postil/${file#plugin/}"; done
  for lua in $LUAS; do
    abi=${lua%%=*}
    lua_files "$(lua_place LMOD "$abi" "${lua#*=}")"
    entry 644 "$BUILD/$abi/postil/core.so" "$(lua_place CMOD "$abi" "${lua#*=}")/postil/core.so"
  done
  vim_files "$datadir/vim/vimfiles"
  entry 644 plugin/vis/init.lua "$datadir/vis/plugins/postil/init.lua"
  entry 644 plugin/vis/README.md "$docdir/vis.md"
  # Neovim finds all it needs in one folder of its 'runtimepath', wherever its LuaJIT looks.
  case " $LUAS" in *' 5.1='*)
    lua_files "$nvimdir/lua"
    entry 644 "$BUILD/5.1/postil/core.so" "$nvimdir/lua/postil/core.so"
    for file in plugin/*.lua; do
      [ ! -e "$file" ] || entry 644 "$file" "$nvimdir/$file"
    done
    entry 644 plugin/doc/postil.txt "$nvimdir/doc/postil.txt"
    help_index "$nvimdir/doc/tags"
    ;;
  esac
}

# --- postil.pc

# A folder as pkg-config reads it, as the right side of a sed command; FOLDER below the prefix where
# it can be, so that the file may be moved with the whole tree.
pc_folder() { # FOLDER [PREFIX]
  # shellcheck disable=SC2016  # pkg-config expands it
  case $1 in "${2-/}"/*) printf '${prefix}' && set -- "${1#"$2"}" ;; esac
  printf %s "$1" | sed 's/ /\\ /g; s/[\\&|]/\\&/g'
}

pc_file() {
  version=$(sed -n 's/^#define POSTIL_VERSION "\(.*\)"/\1/p' core/postil.h)
  sed -e "s|@prefix@|$(pc_folder "$prefix")|" -e "s|@version@|$version|" \
    -e "s|@includedir@|$(pc_folder "$includedir" "$prefix")|" \
    -e "s|@libdir@|$(pc_folder "$libdir" "$prefix")|" core/postil.pc.in
}

# --- the record: paths without DESTDIR, those of folders end in /

recorded() { [ ! -e "$record" ] || cat "$record"; }

# The folders above a place that are not there yet.
missing_above() { # PLACE
  folder=${1%/*}
  while [ -n "$folder" ] && [ ! -d "$DESTDIR$folder" ]; do
    printf '%s/\n' "$folder"
    folder=${folder%/*}
  done
}

write_record() { # LIST
  mkdir -p "${record%/*}"
  LC_ALL=C sort -u "$1" >"$record.new"
  mv -f "$record.new" "$record"
}

remove() { # LIST: its files, then its folders that are empty, the deepest first
  while IFS= read -r path; do
    case $path in */) ;; *) rm -f "$DESTDIR$path" ;; esac
  done <"$1"
  LC_ALL=C sort -r "$1" | while IFS= read -r path; do
    case $path in */) rmdir "$DESTDIR$path" 2>/dev/null || : ;; esac
  done
}

# --- the two verbs

# Puts files of one mode into one folder.
put() { # MODE FOLDER SOURCE ...
  bits=$1 into=$DESTDIR$2 new=$DESTDIR$2/.postil.new
  shift 2
  rm -rf "$new" # of an installation that was broken off
  mkdir -p "$new"
  $INSTALL -m "$bits" "$@" "$new"
  mv -f "$new"/* "$into"
  rmdir "$new"
}

# Has a source be one under the name that it has at its place.
name_source() { # NAME
  [ "${source##*/}" != "$1" ] || return 0
  mkdir -p "$work/$source"
  cp "$source" "$work/$source/$1"
  source=$work/$source/$1
}

# All of the table, what goes into one folder together: a few processes a file would take a minute.
put_all() {
  awk -F "$tab" -v OFS="$tab" '{ folder = name = $3
    sub(/\/[^\/]*$/, "", folder); sub(/.*\//, "", name); print $1, folder, $2, name }' "$work/table" |
    LC_ALL=C sort | {
    old_mode='' old_folder=''
    while IFS=$tab read -r mode folder source name; do
      if [ $# -gt 0 ] && [ "$mode $folder" != "$old_mode $old_folder" ]; then
        put "$old_mode" "$old_folder" "$@"
        set --
      fi
      old_mode=$mode old_folder=$folder
      name_source "$name"
      set -- "$@" "$source"
    done
    put "$old_mode" "$old_folder" "$@"
  }
}

# The record is whole at each moment: what will be there before it is, what was there until it is gone.
install_all() {
  pc_file >"$work/postil.pc"
  table >"$work/table"
  recorded >"$work/old"
  { cut -f 3 "$work/table" && echo "${record#"$DESTDIR"}"; } >"$work/files"
  while IFS= read -r path; do missing_above "$path"; done <"$work/files" >"$work/folders"
  cat "$work/files" "$work/folders" "$work/old" >"$work/all"
  write_record "$work/all"
  put_all
  { grep -v '/$' "$work/old" || :; } | { grep -v -x -F -f "$work/files" || :; } >"$work/gone"
  { grep '/$' "$work/old" || :; } | cat "$work/folders" - >"$work/kept"
  cat "$work/gone" "$work/kept" >"$work/clean"
  remove "$work/clean"
  cat "$work/files" "$work/kept" >"$work/all"
  write_record "$work/all"
}

uninstall_all() {
  [ -e "$record" ] || echo "nothing is installed: there is no $record"
  recorded >"$work/old"
  remove "$work/old"
}

for place in "$prefix" "$bindir" "$libdir" "$includedir" "$datadir" "$mandir" "$docdir" "$nvimdir" \
  "$lispdir"; do
  case $place in
    *"$newline"* | *"$tab"*) stop 'no place may have a tab or a line end in its name' ;;
    /*) ;;
    *) stop "a place must begin with /, unlike $place" ;;
  esac
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
case ${1-} in
  install | uninstall) "$1_all" ;;
  *) stop 'say install or uninstall' ;;
esac
