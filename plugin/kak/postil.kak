# postil.kak - names and quotations in prose, in Kakoune (2022.10 or later)
#
#   source "/path/to/postil/plugin/kak/postil.kak"
#   require-module postil
#   map global user p ': enter-user-mode postil<ret>' -docstring postil
#
# `postil-on` tags a buffer: ranges in faces that follow edits, faults of quotation marks with a
# flag beside their lines.  Nothing is mapped and nothing runs before it.  Commands and keys: the
# user mode `postil`; text objects and motions are mapped by you:
#
#   map global object q '<a-semicolon>postil-object quote<ret>'     then <a-i>q, <a-a>q, [q, ]q ...
#   map global normal <a-q> ': postil-next quote<ret>'               a count goes further
#
# README.md beside it tells all.
#
# Faces: PostilSaid (quotations), PostilNamed, PostilValue (dates, money), PostilHeading,
# PostilAside, PostilFault, PostilSpeaker (of the option postil_speakers: who said it, behind
# quotations); on top of these one a label, if you set it: PostilPerson, PostilQuote, PostilShip for
# a label `ship` of your own rules.
#
# One `postil serve` a session tags all buffers (session.sh).  It is told what has changed since the
# last pause of the keys, and asked for what is on the screen; so a large buffer costs what the edit
# does.  `postil tag` would be simpler, but it tags a text from its start each time.

declare-option -hidden str postil_source %val{source}

provide-module postil %{

declare-option -docstring 'the command; if empty, `postil` on PATH or that of the checkout' \
  str postil_command ''
declare-option -docstring %{
  rules for postil-on, packs or files; if empty, the pack news and the rule file beside the text
} str-list postil_rules
declare-option -docstring 'bytes; larger buffers are not tagged' int postil_max_size 33554432
declare-option -docstring 'complete names while text is inserted' bool postil_complete false

declare-option -docstring 'show who said it behind quotations' bool postil_speakers false

declare-option -docstring 'name of the client in which utilities display information' \
  str toolsclient
declare-option -docstring 'name of the client in which all source code jumps will be executed' \
  str jumpclient

declare-option -hidden str postil_folder /dev/null # that has no files
declare-option -hidden int postil_count 0
declare-option -hidden int postil_losses 0
declare-option -hidden int postil_serial 0
declare-option -hidden str postil_id ''
declare-option -hidden str-list postil_chosen
declare-option -hidden str postil_written ''
declare-option -hidden str postil_whole ''
declare-option -hidden str postil_seen ''
declare-option -hidden str postil_at ''
declare-option -hidden str postil_looked ''
declare-option -hidden bool postil_trusted false
declare-option -hidden range-specs postil_ranges
declare-option -hidden range-specs postil_said
declare-option -hidden range-specs postil_faults
declare-option -hidden line-specs postil_flags
declare-option -hidden completions postil_completions
declare-option -hidden str-list postil_labels
declare-option -hidden str postil_says_labels %{ printf '%s\n' $kak_opt_postil_labels }
declare-option -hidden int postil_current_line 0

# ---- faces

set-face global PostilSaid +i@string
set-face global PostilNamed +u@variable
set-face global PostilValue +b@value
set-face global PostilHeading +b@title
set-face global PostilAside +i@comment
set-face global PostilFault +r@Error
set-face global PostilSpeaker +i@comment

# ---- the process of the session

define-command -hidden postil-start %{ evaluate-commands %sh{
  # kak_session kak_client
  say() { printf "fail 'postil: %s'\n" "$1"; exit; }
  [ ! -p "$kak_opt_postil_folder/requests" ] || exit
  folder=${kak_opt_postil_source%/*}
  command=$kak_opt_postil_command
  if [ -z "$command" ]; then
    command=$(command -v postil) || command=$folder/../../build/postil
  fi
  command -v "$command" >/dev/null ||
    say 'there is no command postil on PATH; run make in its folder, or set postil_command'
  command -v kak >/dev/null || say 'there is no command kak on PATH, by which answers come'
  if ! dir=$(mktemp -d "${TMPDIR:-/tmp}/postil-kak.XXXXXXXX") ||
    ! mkfifo "$dir/requests" "$dir/reply"; then
    say 'no folder for temporary files can be made'
  fi
  exec 3<>"$dir/requests" 4<>"$dir/reply"
  "$folder/session.sh" "$dir" "$kak_session" "$command" "$kak_opt_postil_max_size" "$PPID" \
    >/dev/null 2>&1 </dev/null &
  printf "set-option global postil_folder '%s'\n" "$dir"
  echo 'evaluate-commands -buffer * %{ try %{ "postil-for-%opt{postil_id}" postil-forget } }'
}}

define-command -hidden -params 1 postil-lost %{
  set-option -add global postil_losses 1
  evaluate-commands %sh{
    printf 'set-option global postil_folder /dev/null\n'
    words=$(printf %s "$1" | sed "s/'/''/g")
    client=${kak_client_list%% *}
    if [ "$kak_opt_postil_losses" -gt 1 ]; then
      words="postil ended again: $words (postil-on starts it)"
      do=
    else
      words="postil ended and was started anew: $words"
      do='postil-start; postil-each-window'
    fi
    printf "%s\nevaluate-commands -client '%s' %%{ echo -markup %%{{Error}%s} }\n" \
      "$do" "$client" "$words"
  }
}

define-command -hidden postil-each-window %{ evaluate-commands %sh{
  for client in $kak_client_list; do
    printf "try %%{ evaluate-commands -client '%s' postil-look }\n" "$client"
  done
}}

# A line to the process.
define-command -hidden -params .. postil-say %{ nop %sh{
  requests=$kak_opt_postil_folder/requests
  [ ! -p "$requests" ] || printf '%s\n' "$(printf %s "$*" | tr '\n' ' ')" 1<>"$requests"
}}

# ---- the text and what is seen of it

# Hands over what was done to the text since it was handed over last, then a request: KIND WORDS.
# A shell costs milliseconds, so what is to be written is decided without one: the condition is an
# alias of the buffer, a command that there is or is not.
#   postil-for-ID      the buffer is on
#   postil-seen-STAMP  the text was handed over as it is
#   postil-go-on       it was handed over as a whole, so what was done since then is enough
#   postil-at-NODE     since the last time nothing was committed to the history
#   postil-by-history  else: writes the history, or where that is long the whole text
define-command -hidden -params .. postil-ask %{
  try %{ "postil-seen-%val{timestamp}" } catch %{
    "postil-for-%opt{postil_id}" postil-write
  } catch nop
  evaluate-commands %sh{
    # kak_client kak_timestamp kak_bufname kak_window_range kak_buf_line_count
    requests=$kak_opt_postil_folder/requests
    if [ -z "$kak_opt_postil_id" ]; then
      echo 'postil-on; postil-ask %arg{@}'
      exit
    elif [ ! -p "$requests" ]; then
      [ "${1-look}" = look ] || echo "fail 'postil: it does not run; postil-on starts it'"
      exit
    fi
    request=
    if [ "${1-}" = look ]; then
      [ "${2-} $kak_opt_postil_complete" != 'insert true' ] || echo postil-complete
      # shellcheck disable=SC2086  # four numbers
      set -- $kak_window_range
      now="$kak_opt_postil_folder $kak_opt_postil_id $kak_timestamp $1 $3"
      [ "$kak_opt_postil_looked" != "$now" ] || exit
      printf "set-option window postil_looked '%s'\n" "$now"
      # A screen more on either side.
      height=$(($3 > 0 ? $3 : 100))
      first=$(($1 + 1 - height)) last=$(($1 + 2 * height))
      set -- look $((first > 0 ? first : 1)) \
        $((last < kak_buf_line_count ? last : kak_buf_line_count))
      [ "$kak_opt_postil_speakers" != true ] || set -- "$@" speakers
    fi
    if [ $# -gt 0 ]; then
      request="$1 $kak_opt_postil_id ${kak_client:--}"
      shift
      request="$request${1+ $*}"
    fi
    now="$kak_opt_postil_folder $kak_opt_postil_serial"
    if [ "$kak_opt_postil_written" != "$now" ]; then
      printf "set-option buffer postil_written '%s'\n" "$now"
      printf '%s\n' "$kak_bufname" >"$kak_opt_postil_folder/$kak_opt_postil_id.name"
      printf 'text %s %s %s\n' \
        "$kak_opt_postil_id" "${kak_client:--}" "$kak_opt_postil_serial" 1<>"$requests"
    fi
    case $request in
      *"
"*) request=$(printf %s "$request" | tr '\n' ' ') ;;
    esac
    [ -z "$request" ] || printf '%s\n' "$request" 1<>"$requests"
  }
}

define-command -hidden postil-look %{ postil-ask look }

# Files of the session's folder, with the number of the text and a serial one (see session.sh): a
# text may be written twice as it is, once of itself and once because it was asked for.
define-command -hidden postil-write %{
  set-option -add buffer postil_serial 1
  evaluate-commands -draft %{
    execute-keys ge
    echo -to-file "%opt{postil_folder}/%opt{postil_id}.%opt{postil_serial}.now" -quoting kakoune -- \
      %val{history_id} %val{timestamp} %val{cursor_byte_offset} %val{uncommitted_modifications}
  }
  try %{
    postil-go-on
    try %{ "postil-at-%val{history_id}" } catch postil-by-history
  } catch %{
    postil-write-whole
    alias buffer postil-go-on nop
  }
  postil-rename seen %opt{postil_seen} %val{timestamp}
  postil-rename at %opt{postil_at} %val{history_id}
  set-option buffer postil_seen %val{timestamp}
  set-option buffer postil_at %val{history_id}
}

define-command -hidden -params 3 postil-rename %{
  unalias buffer "postil-%arg{1}-%arg{2}"
  alias buffer "postil-%arg{1}-%arg{3}" nop
}

define-command -hidden postil-write-history %{
  echo -to-file "%opt{postil_folder}/%opt{postil_id}.%opt{postil_serial}.history" -quoting kakoune -- \
    %val{history}
}

# As it is in the buffer, whatever its file has at the ends of lines.
define-command -hidden postil-write-whole %{
  evaluate-commands -no-hooks "
    set-option buffer eolformat lf
    set-option buffer BOM none
    try %%{ write -method overwrite '%opt{postil_folder}/%opt{postil_id}.%opt{postil_serial}' }
    set-option buffer eolformat %opt{eolformat}
    set-option buffer BOM %opt{BOM}
  "
  set-option buffer postil_whole "%opt{postil_folder} %val{timestamp}"
  nop %sh{
    file=$kak_opt_postil_folder/$kak_opt_postil_id
    case $kak_buffile in /*) path=$kak_buffile ;; *) path= ;; esac
    printf %s "$path" >"$file.path"
    eval set -- "$kak_quoted_opt_postil_chosen"
    [ $# = 0 ] || printf '%s\n' "$@" >"$file.rules"
  }
}

# The text is handed over as a whole the next time, unless it was so as it is now.
define-command -hidden postil-forget %{
  evaluate-commands %sh{
    [ "$kak_opt_postil_whole" = "$kak_opt_postil_folder $kak_timestamp" ] || echo "
      try %{ unalias buffer postil-go-on }
      unalias buffer postil-seen-$kak_opt_postil_seen
      set-option buffer postil_written ''"
  }
}
define-command -hidden postil-start-anew %{
  postil-forget
  postil-ask
}

define-command postil-on -params .. -file-completion -docstring %{
  postil-on [<rules>...]: show names and quotations in this buffer
  by the pack news and the rule file beside the text, or by these packs and rule files
} %{
  postil-off
  set-option global postil_losses 0
  postil-start
  set-option -add global postil_count 1
  set-option buffer postil_id %opt{postil_count}
  set-option buffer postil_chosen %arg{@}
  evaluate-commands %sh{ [ $# -gt 0 ] || echo 'set-option buffer postil_chosen %opt{postil_rules}' }
  alias buffer "postil-for-%opt{postil_id}" evaluate-commands
  alias buffer postil-by-history postil-write-history
  add-highlighter buffer/postil ranges postil_ranges
  add-highlighter buffer/postil_said replace-ranges postil_said
  add-highlighter buffer/postil_faults ranges postil_faults
  add-highlighter buffer/postil_flags flag-lines default postil_flags
  hook -group postil buffer NormalIdle .* postil-look
  hook -group postil buffer InsertIdle .* %{ postil-ask look insert }
  hook -group postil buffer BufWritePost .* postil-forget
  hook -group postil buffer BufReload .* postil-forget
  hook -group postil buffer BufReadFifo .* postil-forget
  hook -group postil buffer WinDisplay .* %{ set-option window postil_looked ''; postil-look }
  hook -group postil buffer BufClose .* postil-off
  postil-look
}

define-command postil-off -docstring 'postil-off: show nothing in this buffer any more' %{
  evaluate-commands %sh{
    [ -n "$kak_opt_postil_id" ] || exit
    echo "
      unalias buffer postil-for-$kak_opt_postil_id
      unalias buffer postil-by-history
      unalias buffer postil-seen-$kak_opt_postil_seen
      unalias buffer postil-at-$kak_opt_postil_at
      unalias buffer postil-go-on
      remove-highlighter buffer/postil
      remove-highlighter buffer/postil_said
      remove-highlighter buffer/postil_faults
      remove-highlighter buffer/postil_flags
      remove-hooks buffer postil
      postil-say close $kak_opt_postil_id -
      unset-option buffer postil_id
      unset-option buffer postil_written
      unset-option buffer postil_whole
      unset-option buffer postil_seen
      unset-option buffer postil_at
      unset-option buffer postil_labels
      try %{ unset-option window postil_faults }
      try %{ unset-option window postil_flags }
      try %{ unset-option window postil_ranges }
      try %{ unset-option window postil_said }
      try %{
        set-option -remove window completers option=postil_completions
        unset-option window postil_completions
      }"
  }
}

define-command postil-toggle -docstring 'postil-toggle: postil-on or postil-off' %{
  evaluate-commands %sh{ [ -n "$kak_opt_postil_id" ] && echo postil-off || echo postil-on }
}

# ---- what waits for the answer: selections and repairs

# Asks, and does what is answered; late after some seconds.
define-command -hidden -params 1.. postil-wait %{
  postil-ask
  evaluate-commands %sh{
    # kak_client
    if ! cd "$kak_opt_postil_folder" 2>/dev/null || [ ! -p requests ]; then
      echo "fail 'postil: it does not run'"
      exit
    fi
    kind=$1
    shift
    for pair in $kak_selections_desc; do echo "$pair"; done >selections
    printf '%s\n' "$kind $kak_opt_postil_id $kak_client $$ $*" 1<>requests
    (sleep 5 && echo "late $$" 1<>reply) </dev/null >/dev/null 2>&1 &
    while read -r answer; do
      case $answer in
        "$$") cat "reply.$$"; rm -f "reply.$$" ;;
        ended) echo "fail 'postil: it has ended'" ;;
        "late $$") echo "fail 'postil: there was no answer in 5 seconds'" ;;
        *) continue ;;
      esac
      break
    done <>reply
    kill $! 2>/dev/null
  }
}

define-command postil-next -params 0..1 -docstring %{
  postil-next [<label>]: select the next tag, of a label (or several: person|org)
  a count goes further
} %{ postil-wait place next %sh{ echo "${1:--} $((kak_count > 0 ? kak_count : 1)) replace -" } }

define-command postil-previous -params 0..1 -docstring %{
  postil-previous [<label>]: select the tag before, of a label (or several: person|org)
} %{ postil-wait place previous %sh{ echo "${1:--} $((kak_count > 0 ? kak_count : 1)) replace -" } }

define-command postil-extend-next -params 0..1 -docstring %{
  postil-extend-next [<label>]: extend selections to the end of the next tag
} %{ postil-wait place next %sh{ echo "${1:--} $((kak_count > 0 ? kak_count : 1)) extend -" } }

define-command postil-partner -docstring %{
  postil-partner: from a quotation to its speaker, from a speaker to what he says next,
  from another mention to the first full one of that name
} %{
  execute-keys <c-s>
  postil-wait place partner - 1 replace -
}

define-command postil-object -params 0..1 -docstring %{
  postil-object [<label>]: select what is tagged here; a count goes outward
  for mappings in the scope object: <a-semicolon>postil-object quote<ret>
} %{ postil-wait place at %sh{
  count=$((kak_count > 0 ? kak_count : 1))
  echo "${1:--} $count ${kak_select_mode:-replace} ${kak_object_flags:--}"
} }

define-command postil-fix -params 0..1 -docstring %{
  postil-fix [all]: make the repairs of quotation marks that are safe, or all
} %{ postil-wait fix %arg{@} }

# ---- what comes later

define-command postil-who -docstring 'postil-who: list who said what, most quoted first' %{
  postil-ask who
}
define-command postil-quotes -docstring 'postil-quotes: list the quotations' %{ postil-ask quotes }
define-command postil-check -docstring 'postil-check: list faults of quotation marks' %{
  postil-ask check
}
define-command postil-names -params 0..1 -docstring %{
  postil-names [<label>]: list each name at its first mention, most frequent first
} %{ postil-ask names %arg{@} }
define-command postil-list -params 0..1 -docstring %{
  postil-list [<label>]: list all tags, or those of a label
} %{ postil-ask list %arg{@} }
define-command postil-find -params .. -docstring %{
  postil-find [<name>]: list each mention of a name; without one, of what is named here
} %{
  evaluate-commands %sh{
    [ $# = 0 ] && echo 'postil-ask named "%val{cursor_line}.%val{cursor_column}"' ||
      echo 'postil-ask find %arg{@}'
  }
}
define-command -hidden -params 1 postil-find-span %{
  evaluate-commands -draft %{
    select %arg{1}
    execute-keys H
    postil-ask find %val{selection}
  }
}

define-command postil-hover -docstring 'postil-hover: what stands at the cursor' %{
  postil-ask hover "%val{cursor_line}.%val{cursor_column}"
}
define-command postil-why -params 0..1 -docstring %{
  postil-why [jump]: why it is tagged, or is not; with jump, go to the rule
} %{ postil-ask why "%val{cursor_line}.%val{cursor_column}" %arg{@} }

define-command postil-rules -docstring 'postil-rules: edit the rule file beside the text' %{
  postil-ask rules
}
define-command postil-trust -docstring %{
  postil-trust: show the rule file beside the text, and ask whether it may run
} %{ postil-ask rules trust }
define-command -hidden -params 1 postil-ask-trust %{
  edit -existing %arg{1}
  nop %sh{ cp "$1" "$kak_opt_postil_folder/shown" }
  set-register t %arg{1}
  prompt 'may these rules run? (yes, no) ' %{
    evaluate-commands %sh{
      [ "$kak_text" != yes ] || echo 'postil-say trust - %val{client} %reg{t}'
    }
  }
}
define-command postil-reload -docstring %{
  postil-reload: read rule files anew that others have changed
} %{
  postil-ask reload
}
define-command postil-term -params 1 -docstring %{
  postil-term <label>: add what is selected to the rule file beside the text, for wherever it stands
} %{ postil-ask term %arg{1} %val{selection} }
define-command postil-pin -params 1 -docstring %{
  postil-pin <label>: add what is selected to the rule file beside the text, for this place alone
} %{ evaluate-commands -draft %{
  execute-keys <space><a-:>
  postil-ask pin %arg{1} %sh{
    # To the place behind: what is selected is counted, in bytes.
    begin=${kak_selection_desc%,*}
    printf '%s.' "$kak_selection" | LC_ALL=C awk -v line="${begin%.*}" -v column="${begin#*.}" '
      { n = length($0) }
      END { print line "." column, line + NR - 1 "." (NR > 1 ? n : column + n - 1) }'
  }
} }

evaluate-commands %sh{
  for command in next previous extend-next object names list term pin; do
    echo "complete-command postil-$command shell-script-candidates %opt{postil_says_labels}"
  done
}

define-command postil-info -docstring 'postil-info: what postil knows of this buffer' %{
  info -title postil -- %sh{
    if [ -p "$kak_opt_postil_folder/requests" ]; then
      echo "postil serve runs, by way of $kak_opt_postil_folder"
    else
      echo 'postil serve does not run'
    fi
    [ -n "$kak_opt_postil_id" ] && echo 'on in this buffer' || echo 'off in this buffer'
    echo "rules: ${kak_opt_postil_chosen:-news, and those beside the text}"
  }
}

# Names for what is being written; those of a window come before what it completed without.
define-command -hidden postil-complete %{
  set-option -remove window completers option=postil_completions
  set-option window completers option=postil_completions %opt{completers}
  try %{
    evaluate-commands -draft %{
      execute-keys h<a-i>ws\A\w{2,}\z<ret>
      postil-say complete %opt{postil_id} %val{client} %sh{
        echo "${kak_selection_desc%,*} $kak_selection"
      }
    }
  }
}

# ---- lists

define-command -hidden -params 1 postil-open-list %{
  evaluate-commands -try-client %opt{toolsclient} %{
    edit! -scratch *postil*
    set-option buffer filetype postil
    set-option buffer postil_current_line 0
    evaluate-commands -no-hooks %{
      execute-keys -draft "%%|cat '%arg{1}'<ret>"
      execute-keys gg
    }
  }
}

define-command postil-errors -docstring %{
  postil-errors: list what is wrong with rules that were saved
} %{
  postil-open-list "%opt{postil_folder}/errors.list"
}

define-command -hidden postil-jump %{
  evaluate-commands %{
    try %{
      execute-keys 'ghGls^([^\n]+?):(\d+):(\d+): <ret>'
      set-option buffer postil_current_line %val{cursor_line}
      evaluate-commands -try-client %opt{jumpclient} -verbatim -- \
        edit -existing %reg{1} %reg{2} %reg{3}
      try %{ focus %opt{jumpclient} }
    }
  }
}

define-command postil-next-match -docstring 'postil-next-match: go to the next place of the list' %{
  evaluate-commands -try-client %opt{jumpclient} %{
    buffer *postil*
    execute-keys %sh{ echo "$((kak_opt_postil_current_line + 1))g" }
    postil-jump
  }
}
define-command postil-previous-match -docstring %{
  postil-previous-match: go to the place before in the list
} %{
  evaluate-commands -try-client %opt{jumpclient} %{
    buffer *postil*
    execute-keys %sh{
      line=$kak_opt_postil_current_line
      echo "$((line > 1 ? line - 1 : 1))g"
    }
    postil-jump
  }
}

hook -group postil-lists global WinSetOption filetype=postil %{
  add-highlighter window/postil-list group
  add-highlighter window/postil-list/ regex "^([^\n]+?):(\d+):(\d+): " 1:cyan 2:green 3:green
  add-highlighter window/postil-list/ line %{%opt{postil_current_line}} default+b
  map window normal <ret> ': postil-jump<ret>' -docstring 'go to the place'
  hook -once -always window WinSetOption filetype=.* %{
    remove-highlighter window/postil-list
    unmap window normal <ret>
  }
}

# ---- rule files that are saved

define-command -hidden -params .. postil-flag-lines %{
  try %{ add-highlighter buffer/postil_rules flag-lines default postil_flags }
  set-option buffer postil_flags %val{timestamp} %arg{@}
}

# One that was trusted stays so when it is saved here.
hook -group postil-rules global BufWritePre .*\.postil\.lua %{ set-option buffer postil_trusted %sh{
  command=${kak_opt_postil_command:-postil}
  command -v "$command" >/dev/null || command=${kak_opt_postil_source%/*}/../../build/postil
  "$command" trust --list 2>/dev/null | grep -q -x -F "trusted    $kak_buffile" &&
    echo true || echo false
} }
hook -group postil-rules global BufWritePost .*\.(lua|tsv|csv|jsonl) %{ evaluate-commands %sh{
  [ -p "$kak_opt_postil_folder/requests" ] || exit
  case $kak_opt_postil_trusted in
    true) echo 'postil-say trust - %val{client} %val{buffile}' ;;
    *) echo 'postil-say reload - %val{client}' ;;
  esac
} }
hook -group postil-end global KakEnd .* %{ postil-say quit - - }

# ---- keys: a mode of their own

declare-user-mode postil
map global postil o ': postil-toggle<ret>' -docstring 'on or off'
map global postil w ': postil-who<ret>' -docstring 'who said what'
map global postil n ': postil-names<ret>' -docstring 'names'
map global postil f ': postil-find<ret>' -docstring 'mentions of what is named here'
map global postil q ': postil-quotes<ret>' -docstring 'quotations'
map global postil c ': postil-check<ret>' -docstring 'faults of quotation marks'
map global postil x ': postil-fix<ret>' -docstring 'mend them'
map global postil h ': postil-hover<ret>' -docstring 'what stands here'
map global postil y ': postil-why<ret>' -docstring 'why'
map global postil p ': postil-partner<ret>' -docstring 'quotation, speaker'
map global postil r ': postil-rules<ret>' -docstring 'rule file'
map global postil t ': postil-trust<ret>' -docstring 'trust the rule file'
map global postil e ': postil-errors<ret>' -docstring 'errors of rule files'
map global postil ] ': postil-next-match<ret>' -docstring 'next place of the list'
map global postil [ ': postil-previous-match<ret>' -docstring 'place before in the list'
map global postil i ': postil-info<ret>' -docstring 'what postil knows'

}
