# quote_locales.awk - the rows of quote_locales.tsv as a C table; `make` runs it.
BEGIN { FS = "\t" }
/^#/ || $1 == "locale" { next }
NF != 7 { print FILENAME ":" FNR ": seven columns are wanted" > "/dev/stderr"; exit 1 }
{
  printf "{\"%s\", {\"%s\", \"%s\"}, {\"%s\", \"%s\"}, %s | %s},\n", $1, $2, $3, $4, $5,
    $6 == "yes" ? "LOCALE_SPACED" : "0", $7 == "yes" ? "LOCALE_DASH" : "0"
}
