/* err_near.c - which word was meant: the guess behind "did you mean". */
#include "err.h"

enum { LONG = 64 }; /* bytes; nobody mistypes more */

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c; }

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

/* Letters to insert, drop, change or swap to get from a to b; a capital is its small letter. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m) {
  unsigned rows[3][LONG + 1] = {{0}};
  for (size_t j = 0; j <= m; j++) rows[0][j] = (unsigned)j;
  for (size_t i = 1; i <= n; i++) {
    unsigned *row = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= m; j++) {
      char x = lower(a[i - 1]), y = lower(b[j - 1]);
      row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (x != y));
      if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y)
        row[j] = least(row[j], before[j - 2] + 1);
    }
  }
  return rows[n % 3][m];
}

unsigned pst_err_near(const char *word, const char *other) {
  size_t n = strlen(word), m = strlen(other);
  if (n > LONG || m > LONG) return PST_ERR_FAR;
  if (n > 1 && n < m && memcmp(word, other, n) == 0) return 1; /* cut short */
  unsigned d = distance(word, n, other, m), most = m < 4 ? 1 : m < 9 ? 2 : 3;
  return d > most || 2 * d >= n ? PST_ERR_FAR : d;
}

const char *postil_nearest(const char *word, const char *const *words, size_t n) {
  const char *best = NULL;
  unsigned nearest = PST_ERR_FAR;
  for (size_t i = 0; i < n; i++) {
    unsigned d = pst_err_near(word, words[i]);
    if (d >= nearest) continue;
    nearest = d;
    best = words[i];
  }
  return best;
}
