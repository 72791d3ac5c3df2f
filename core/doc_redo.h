/* doc_redo.h - documents that follow edits: what doc_edit.c and doc_redo.c share with doc.c. */
#ifndef PST_DOC_REDO_H
#define PST_DOC_REDO_H

#include "doc.h"

/* doc_edit.c: puts text in place of the `old` bytes at `start`; the frame is known to stay. */
postil_status pst_doc_change(postil_doc *doc, size_t start, size_t old, const char *text,
                             size_t len, postil_err *err);

/* doc_redo.c */
/* All is due. */
void pst_doc_all_due(postil_doc *doc);
bool pst_doc_any_due(const postil_doc *doc);
/* Paragraphs [lo, hi) have been edited; `other`: there were more of them before, or fewer. */
void pst_doc_reached(postil_doc *doc, size_t lo, size_t hi, bool other);
/* One step of what is due; *work grows by about as many bytes as it went over. */
postil_status pst_doc_redo(postil_doc *doc, size_t *work, postil_err *err);

#endif
