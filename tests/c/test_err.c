/* test_err.c - words of an error: what is put in, where they are cut, what may not be there. */
#include "../../core/err.h"
#include "../../core/text.h"
#include "support.h"

/* An error that holds other bytes everywhere, so that what is left unset shows. */
static postil_err spoilt(void) {
  postil_err err;
  memset(&err, 'x', sizeof err);
  return err;
}

static void fields_are_filled(void **state) {
  (void)state;
  postil_err err = spoilt();
  assert_int_equal(pst_err_say(&err, POSTIL_EPATTERN, 17, "plain words"), POSTIL_EPATTERN);
  assert_int_equal(err.code, POSTIL_EPATTERN);
  assert_int_equal(err.at, 17);
  assert_int_equal(err.rule, POSTIL_NO_RULE);
  assert_null(err.field);
  assert_int_equal(err.nth, 0);
  assert_string_equal(err.what, "plain words");
  assert_int_equal(pst_err_in(&err, POSTIL_EPATTERN, "pattern", 3), POSTIL_EPATTERN);
  assert_int_equal(pst_err_in(&err, POSTIL_EPATTERN, "label", 4), POSTIL_EPATTERN);
  assert_string_equal(err.field, "pattern"); /* who knew it first knows it best */
  assert_int_equal(err.nth, 3);
}

static void nobody_need_listen(void **state) {
  (void)state;
  assert_int_equal(pst_err_say(NULL, POSTIL_EUSE, 1, "%s", "unheard"), POSTIL_EUSE);
  assert_int_equal(pst_err_nomem(NULL), POSTIL_ENOMEM);
}

static void arguments_are_put_in(void **state) {
  (void)state;
  postil_err err = spoilt();
  pst_err_say(&err, POSTIL_ERULE, 0, "%s needs %u of %z, 100%% <%s>", "person", 0u,
              (size_t)SIZE_MAX, (const char *)NULL);
  char most[24];
  size_t n = sizeof most - 1, value = SIZE_MAX;
  most[n] = '\0';
  for (; value; value /= 10) most[--n] = (char)('0' + value % 10);
  char wanted[160] = "person needs 0 of ";
  strcat(wanted, most + n);
  strcat(wanted, ", 100% <>");
  assert_string_equal(err.what, wanted);
  pst_err_say(&err, POSTIL_ERULE, 0, "%u > %u", 4294967295u, 10u);
  assert_string_equal(err.what, "4294967295 > 10");
  pst_err_say(&err, POSTIL_ERULE, 0, "");
  assert_string_equal(err.what, "");
}

static void out_of_memory(void **state) {
  (void)state;
  postil_err err = spoilt();
  assert_int_equal(pst_err_nomem(&err), POSTIL_ENOMEM);
  assert_int_equal(err.code, POSTIL_ENOMEM);
  assert_int_equal(err.at, 0);
  assert_string_equal(err.what, "out of memory");
}

/* C0 and DEL become '?'; letters of any script stay. */
static void controls_are_shown_as_marks(void **state) {
  (void)state;
  postil_err err = spoilt();
  pst_err_say(&err, POSTIL_EPATTERN, 0, "<%s>", "a\x1b[31m\nb\tc\x7f" "d\r");
  assert_string_equal(err.what, "<a?[31m?b?c?d?>");
  for (int c = 1; c < 128; c++) {
    char one[2] = {(char)c, '\0'}, wanted[2] = {c < 32 || c == 127 ? '?' : (char)c, '\0'};
    pst_err_say(&err, POSTIL_EPATTERN, 0, "%s", one);
    assert_string_equal(err.what, wanted);
  }
  pst_err_say(&err, POSTIL_EPATTERN, 0, "%s", "\xC3\xA9t\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80");
  assert_string_equal(err.what, "\xC3\xA9t\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x98\x80");
}

/* Whole code points only, of well-formed text. */
static void assert_whole(const char *what) {
  size_t len = strlen(what);
  for (size_t at = 0; at < len;) {
    uint32_t cp;
    at += pst_utf8_next(what, len, at, &cp);
    assert_int_not_equal(cp, PST_ILL);
  }
}

/* Text of one kind of code point, pushed along byte by byte: the cut meets every place in it. */
static void long_words_are_cut_whole(void **state) {
  (void)state;
  static const char *const kinds[] = {"x", "\xC3\xA9", "\xE2\x80\x9C", "\xF0\x9F\x98\x80"};
  const size_t room = sizeof((postil_err *)0)->what - 1;
  for (size_t k = 0; k < PST_COUNT(kinds); k++) {
    size_t size = strlen(kinds[k]);
    for (size_t lead = 0; lead < 8; lead++) {
      char words[400] = "";
      memset(words, 'a', lead);
      for (size_t n = lead; n < 300; n += size) memcpy(words + n, kinds[k], size + 1);
      postil_err err = spoilt();
      pst_err_say(&err, POSTIL_ELIMIT, 0, "%s", words);
      size_t len = strlen(err.what);
      assert_true(len <= room);
      assert_true(len + size > room); /* no more is lost than one code point */
      assert_memory_equal(err.what, words, len);
      assert_whole(err.what);
    }
  }
}

/* Words that just fit are not cut, whatever they end with. */
static void words_that_fit_stay(void **state) {
  (void)state;
  static const char *const ends[] = {"x", "\xC3\xA9", "\xE2\x80\x9C", "\xF0\x9F\x98\x80"};
  const size_t room = sizeof((postil_err *)0)->what - 1;
  for (size_t k = 0; k < PST_COUNT(ends); k++) {
    char words[200] = "";
    size_t size = strlen(ends[k]);
    memset(words, 'a', room - size);
    memcpy(words + room - size, ends[k], size + 1);
    postil_err err = spoilt();
    pst_err_say(&err, POSTIL_ELIMIT, 0, "%s", words);
    assert_string_equal(err.what, words);
  }
}

/* Words of the program itself may end in a lone %; nothing behind them is read. */
static void a_lone_percent_ends_the_words(void **state) {
  (void)state;
  static const char words[] = "half %\0behind";
  postil_err err = spoilt();
  pst_err_say(&err, POSTIL_EUSE, 0, words);
  assert_int_equal(strncmp(err.what, "half ", 5), 0);
  assert_null(strstr(err.what, "behind"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(fields_are_filled),
      cmocka_unit_test(nobody_need_listen),
      cmocka_unit_test(arguments_are_put_in),
      cmocka_unit_test(out_of_memory),
      cmocka_unit_test(controls_are_shown_as_marks),
      cmocka_unit_test(long_words_are_cut_whole),
      cmocka_unit_test(words_that_fit_stay),
      cmocka_unit_test(a_lone_percent_ends_the_words),
  };
  return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
