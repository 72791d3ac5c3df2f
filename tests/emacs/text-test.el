;;; text-test.el --- The text follows the buffer -*- lexical-binding: t; -*-

;;; Commentary:

;; Opening, edits of all kinds, undo, text that is no UTF-8, and that the mode undoes itself.

;;; Code:

(require 'support)

(defconst text-test-ferry
  '(("headline" "Council Drops Plan for a Night Ferry")
    ("date" "Monday")
    ("quote" "“Nobody would pay twice,”")
    ("person" "Edda Falk")
    ("person" "Nils Orre")
    ("quote" "“I heard it\nfrom Ms. Ada Holm, and she\nheard it from a cook,”")
    ("person" "Ada Holm")
    ("person" "Orre")))

(ert-deftest text-test-open ()
  "What a text holds is painted."
  (postil-test-in postil-test-ferry
    (postil-test-shows text-test-ferry)))

(defun text-test-find (words)
  "Put point behind WORDS."
  (goto-char (point-min))
  (search-forward words))

(defmacro text-test-counting (&rest body)
  "How often BODY has a text sent as a whole."
  `(let* ((opened 0) (count (lambda (&rest _) (cl-incf opened))))
     (advice-add 'postil--open :before count)
     (unwind-protect (progn ,@body opened)
       (advice-remove 'postil--open count))))

(ert-deftest text-test-combined-faces ()
  "A name in a quotation has both faces."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (text-test-find "Ms. A")
    (should (equal '(postil-named postil-said)
                   (mapcar (lambda (overlay) (overlay-get overlay 'face))
                           (sort (overlays-at (point))
                                 (lambda (a b) (> (overlay-start a) (overlay-start b)))))))))

(ert-deftest text-test-asked-once ()
  "What is asked about already is not asked about again, unless the text has changed since."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (let* ((text (postil--own))
           (lines (cons (point-min) (point-max)))
           (changed (list :version (postil--text-version text) :spans '((5 1 5 10))))
           (displayed (lambda () (not (text-property-any (point-min) (point-max)
                                                         'fontified nil)))))
      (push lines (postil--text-asked text))
      (postil--fontify 3 5)
      (should-not (postil--text-wanted text))
      (postil--happened 'changed changed)
      (should (funcall displayed))
      (postil--came '(:error "no") lines #'stringp #'postil--spots)
      (should-not (postil--text-asked text))
      (postil--happened 'changed changed)
      (should-not (funcall displayed))
      (push lines (postil--text-asked text))
      (customize-set-variable 'postil-labels '("person"))
      (should-not (postil--text-asked text))
      (customize-set-variable 'postil-labels nil)
      (push lines (postil--text-asked text))
      (text-test-find "Falk")
      (insert " and Mr. Bo Lund")
      (should-not (postil--text-asked text))
      (postil-test-settled)
      (should (member '("person" "Bo Lund") (postil-test-faces))))))

(ert-deftest text-test-asked-when-edited ()
  "What is displayed while an edit is on its way is asked about when that has come."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (let ((text (postil--own)))
      (text-test-find "Falk")
      (insert " and Mr. Bo Lund")
      (cancel-timer (postil--text-timer text))
      (postil--work (current-buffer))
      (should (postil--text-awaited text))
      (postil-test-display)
      (should (postil--text-wanted text))
      (should-not (postil--text-timer text))
      (postil-test-wait (null (postil--text-awaited text)))
      (should-not (postil--text-wanted text))
      (postil-test-settled)
      (should (member '("person" "Bo Lund") (postil-test-faces))))))

(ert-deftest text-test-labels ()
  "Only labels that were chosen are painted, and other faces where they are chosen."
  (let ((postil-labels '("date")) (postil-faces '(("date" . highlight))))
    (postil-test-in postil-test-ferry
      (postil-test-shows '(("date" "Monday")))
      (should (equal '(highlight)
                     (mapcar (lambda (overlay) (overlay-get overlay 'face))
                             (postil--overlays (point-min) (point-max))))))))

(ert-deftest text-test-speakers ()
  "Who said it stands behind the line in which a quotation ends, if that is asked for."
  (postil-test-in (concat postil-test-ferry
                          "\n“No,” said Mr. Bo Lund. “No.” “Yes,” said Ms. Falk.\n")
    (postil-test-settled)
    (should-not (postil-test-speakers))
    (unwind-protect
        (progn
          (customize-set-variable 'postil-speakers t)
          (postil-test-settled)
          (should (equal '((5 " ‹Edda Falk›") (9 " ‹Nils Orre›") (11 " ‹Bo Lund› ‹Edda Falk›"))
                         (postil-test-speakers)))
          (text-test-find "Edda ")
          (delete-char 4)
          (insert "Wren")
          (postil-test-settled)
          (should (equal '(5 " ‹Edda Wren›") (car (postil-test-speakers))))
          (text-test-find "pay twice")
          (insert ",”\nhe said. “Or thrice")
          (postil-test-settled)
          (should (equal '(6 " ‹Edda Wren›") (cadr (postil-test-speakers))))
          (erase-buffer)
          (postil-test-settled)
          (should-not (overlays-in (point-min) (point-max))))
      (customize-set-variable 'postil-speakers nil))
    (insert postil-test-ferry)
    (postil-test-shows text-test-ferry)
    (should-not (postil-test-speakers))))

(ert-deftest text-test-speakers-in-words ()
  "A speaker without a name is called as he is there, in one line; one not known is not shown."
  (let ((postil-speakers t))
    (postil-test-in "“Really?”\n\n“We knew,” said the\nmayor of Oslo.\n"
      (postil-test-settled)
      (should (equal '((3 " ‹the mayor›")) (postil-test-speakers))))))

(ert-deftest text-test-apart ()
  "Two stretches far from each other are both painted, and move with edits until they are."
  (postil-test-in (concat postil-test-ferry (make-string 200000 ?\n) "Mr. Bo Lund went home.\n")
    (postil-test-wait (postil--text-done (postil--own)))
    (postil-test-wait (= 0 (hash-table-count postil--calls)))
    (postil--unpaint)
    (postil--fontify (point-min) 200)
    (postil--fontify (- (point-max) 20) (point-max))
    (goto-char 20)
    (insert "Aha ")
    (postil--work (current-buffer))
    (postil-test-wait (= 0 (hash-table-count postil--calls)))
    (should (member '("person" "Edda Falk") (postil-test-faces)))
    (should (member '("person" "Bo Lund") (postil-test-faces)))))

(ert-deftest text-test-edits ()
  "An edit moves what is painted, and changes it; none needs the whole text."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (should
     (= 0 (text-test-counting
           (goto-char (point-min))
           (insert "Mr. Bo Lund went home.\n\n")
           (postil-test-settled)
           (should (member '("person" "Bo Lund") (postil-test-faces)))
           (should (member '("person" "Orre") (postil-test-faces)))
           (undo-boundary)
           (text-test-find "Edda ")
           (delete-char 4)
           (insert "Wren")
           (postil-test-settled)
           (should (member '("person" "Edda Wren") (postil-test-faces)))
           (should-not (member '("person" "Edda Falk") (postil-test-faces)))
           (undo-boundary)
           (undo-start)
           (undo-more 2)
           (postil-test-settled))))
    (should-not (member '("person" "Edda Wren") (postil-test-faces)))))

(ert-deftest text-test-undo ()
  "Undo of all leads to what was."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (undo-boundary)
    (text-test-find "Falk")
    (delete-region (- (point) 20) (+ (point) 30))
    (upcase-region (point-min) (point-max))
    (undo-boundary)
    (postil-test-settled)
    (should-not (equal text-test-ferry (postil-test-faces)))
    (undo-boundary)
    (undo-start)
    (undo-more 2)
    (should (equal postil-test-ferry (buffer-string)))
    (postil-test-shows text-test-ferry)))

(ert-deftest text-test-whole ()
  "Changes of the whole buffer."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (while (re-search-forward "Falk\\|Orre" nil t) (replace-match "Wren"))
    (postil-test-settled)
    (should (member '("person" "Edda Wren") (postil-test-faces)))
    (erase-buffer)
    (postil-test-shows nil)
    (insert postil-test-ferry)
    (postil-test-shows text-test-ferry)
    (erase-buffer)
    (dotimes (_ 700) (insert "x\n"))
    (insert postil-test-ferry)
    (postil-test-settled)
    (should (member '("person" "Edda Falk") (postil-test-faces)))))

(ert-deftest text-test-many ()
  "So many edits at once that the whole text is sent in their place."
  (postil-test-in (concat (apply #'concat (make-list 400 "He went to Oslo. She did not.\n\n"))
                          postil-test-ferry)
    (postil-test-settled)
    (should (= 1 (text-test-counting
                  (goto-char (point-min))
                  (while (search-forward "e" nil t) (replace-match "é"))
                  (postil-test-settled))))
    (should (member '("date" "Monday") (postil-test-faces)))))

(ert-deftest text-test-long ()
  "A long text is sent in pieces; what is asked or changed meanwhile comes behind it."
  (postil-test-in (concat postil-test-ferry (apply #'concat (make-list 20000 "é e e e e.\n")))
    (postil--work (current-buffer))
    (should postil--lines)
    (goto-char (point-min))
    (insert "Mr. Bo Lund went home.\n\n")
    (postil-next-name)
    (should-not postil--lines)
    (postil-test-wait (postil-test-display) (member '("person" "Bo Lund") (postil-test-faces)))
    (erase-buffer)
    (insert postil-test-ferry)
    (postil-test-shows text-test-ferry)
    (postil-mode -1)
    (should-not postil--pump)))

(ert-deftest text-test-unseen ()
  "A change that no hook was told of is noticed at the next, and the text is sent anew."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (should
     (= 1 (text-test-counting
           (let ((inhibit-modification-hooks t))
             (goto-char (point-min))
             (insert "Mr. Bo Lund – gone.\n\n"))
           (goto-char (point-max))
           (insert "End.\n")
           (postil-test-wait (postil-test-display)
                             (member '("person" "Bo Lund") (postil-test-faces)))
           (postil-test-settled))))
    (should (member '("quote" "“Nobody would pay twice,”") (postil-test-faces)))))

(ert-deftest text-test-narrowed ()
  "Narrowing changes nothing."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (text-test-find "said Mayor")
    (save-restriction
      (narrow-to-region (line-beginning-position) (line-end-position))
      (goto-char (point-max))
      (insert " “No.”")
      (postil-test-settled))
    (postil-test-settled)
    (should (member '("quote" "“No.”") (postil-test-faces)))
    (should (member '("headline" "Council Drops Plan for a Night Ferry") (postil-test-faces)))))

(ert-deftest text-test-no-utf-8 ()
  "Bytes that are no UTF-8, zeros, surrogates and characters beyond Unicode count as one each."
  (postil-test-in "One\n"
    (erase-buffer)
    (insert "\0 " (string #x3fffe9 ?\s #xd800 ?\s #x110000 ?\s #x1f600)
            " “Nobody,” said Mr. Bo Lund.\n")
    (postil-test-shows '(("quote" "“Nobody,”") ("person" "Bo Lund")))
    (goto-char (point-min))
    (insert "é")
    (text-test-find "Nobody")
    (insert (string #x3fffff) " else")
    (postil-test-settled)
    (should (member '("person" "Bo Lund") (postil-test-faces)))))

(ert-deftest text-test-latin-1 ()
  "A file in another coding, with ends of line of DOS."
  (postil-test-in ""
    (let ((other (expand-file-name "other.txt" folder)))
      (let ((coding-system-for-write 'latin-1-dos))
        (write-region "\"Où?\" said Mr. Bo Lünd.\nNo.\n" nil other nil 'quiet))
      (with-current-buffer (find-file-noselect other)
        (switch-to-buffer (current-buffer))
        (postil-mode 1)
        (postil-test-shows '(("quote" "\"Où?\"") ("person" "Bo Lünd")))))))

(ert-deftest text-test-unibyte ()
  "A buffer of bytes."
  (postil-test-in ""
    (set-buffer-multibyte nil)
    (insert "\"No,\" said Mr. Bo Lund. \377\n")
    (postil-test-settled)
    (should (member '("person" "Bo Lund") (postil-test-faces)))))

(ert-deftest text-test-two ()
  "Two buffers have one process, and nothing to do with one another."
  (postil-test-in postil-test-ferry
    (let ((process postil--process))
      (with-current-buffer (find-file-noselect (expand-file-name "two.txt" folder))
        (switch-to-buffer (current-buffer))
        (insert "Mr. Bo Lund went home.\n")
        (postil-mode 1)
        (postil-test-shows '(("person" "Bo Lund")))
        (should (eq process postil--process))
        (postil-mode -1)
        (set-buffer-modified-p nil))
      (should (process-live-p process))
      (switch-to-buffer (get-file-buffer file))
      (postil-test-shows text-test-ferry))))

(ert-deftest text-test-reverted ()
  "A buffer that is read anew has the mode on if its mode's hook says so."
  (let ((text-mode-hook '(postil-mode)))
    (postil-test-in postil-test-ferry
      (postil-test-settled)
      (let ((coding-system-for-write 'utf-8-unix))
        (write-region "Mr. Bo Lund went home.\n" nil file nil 'quiet))
      (revert-buffer t t)
      (postil-test-shows '(("person" "Bo Lund"))))))

(defun text-test-state ()
  "All of this buffer that a mode could leave behind."
  (list (cl-remove-if
         (lambda (one) (memq (car-safe one)
                             '(buffer-undo-list point-before-scroll buffer-display-time
                               buffer-display-count mark-active)))
         (sort (buffer-local-variables)
               (lambda (a b) (string< (format "%s" a) (format "%s" b)))))
        (overlays-in (point-min) (point-max))
        (text-properties-at (point-min))
        (next-property-change (point-min))
        (buffer-modified-p)
        after-save-hook
        (mapcar #'process-name (process-list))
        ;; The one that marks where an undo ends is Emacs's own, and comes and goes.
        (cl-remove #'undo-auto--boundary-timer timer-list :key #'timer--function)))

(ert-deftest text-test-off-flymake ()
  "Flymake that the mode has turned on goes off; one that was on stays, and forgets the faults."
  (postil-test-in "“Nobody,” she said. ”\n"
    (postil-test-wait (flymake-diagnostics))
    (postil-mode -1)
    (should-not flymake-mode)
    (should-not (memq 'postil--flymake flymake-diagnostic-functions))
    (should-not (overlays-in (point-min) (point-max)))
    (flymake-mode 1)
    (postil-mode 1)
    (postil-test-wait (flymake-diagnostics))
    (postil-mode -1)
    (should flymake-mode)
    (should-not (memq 'postil--flymake flymake-diagnostic-functions))
    (postil-test-wait (null (flymake-diagnostics)))))

(ert-deftest text-test-off ()
  "The mode undoes itself wholly.  What flymake keeps for itself is its own."
  (let (postil-flymake)
    (postil-test-in postil-test-ferry
      (postil-mode -1)
      (font-lock-mode -1)
      (let ((before (text-test-state)) (undo buffer-undo-list))
        (postil-mode 1)
        (postil-test-shows text-test-ferry)
        (should-not (buffer-modified-p))
        (should (eq undo buffer-undo-list))
        (postil-mode -1)
        (accept-process-output nil 0.05)
        (cl-mapc (lambda (was is)
                   (unless (equal was is)
                     (should-not (list (cl-set-difference was is :test #'equal)
                                       (cl-set-difference is was :test #'equal)))))
                 before (text-test-state))))))

(ert-deftest text-test-killed-buffer ()
  "With its last buffer the process goes."
  (postil-test-in postil-test-ferry
    (let ((process postil--process))
      (kill-buffer)
      (should-not (process-live-p process))
      (should-not (process-list)))))

(ert-deftest text-test-too-large ()
  "A limit that speaks."
  (let ((postil-max-size 1000))
    (postil-test-in ""
      (insert (make-string 2000 ?x))
      (postil-test-wait (not postil-mode))
      (should (postil-test-said-p "grown beyond .postil-max-size"))
      (should (string-match-p "larger than .postil-max-size"
                              (error-message-string (should-error (postil-mode 1)))))
      (should-not postil-mode))))

(ert-deftest text-test-indirect ()
  "An indirect buffer is refused in words."
  (postil-test-in postil-test-ferry
    (let ((other (make-indirect-buffer (current-buffer) "indirect" t)))
      (unwind-protect
          (with-current-buffer other
            (should-not (postil--own))
            (should-error (postil-mode 1) :type 'user-error)
            (should-not postil-mode))
        (kill-buffer other)))
    (postil-test-shows text-test-ferry)))

(ert-deftest text-test-clone ()
  "In a clone of a buffer the mode is off; what is typed there is seen in its base."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (should
     (= 0 (text-test-counting
           (let ((clone (clone-indirect-buffer "clone" nil)))
             (unwind-protect
                 (progn
                   (narrow-to-region 1 5)
                   (with-current-buffer clone
                     (should-not postil-mode)
                     (goto-char (point-max))
                     (insert "\nMr. Bo Lund went home.\n"))
                   (widen)
                   (postil-test-settled))
               (kill-buffer clone))))))
    (should (member '("person" "Bo Lund") (postil-test-faces)))
    (should postil-mode)))

(ert-deftest text-test-auto-revert ()
  "A buffer that is read anew with its modes kept follows the file."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (let ((coding-system-for-write 'utf-8-unix))
      (write-region "Mr. Bo Lund went home.\n" nil file nil 'quiet))
    (revert-buffer t t t)
    (postil-test-shows '(("person" "Bo Lund")))))

(ert-deftest text-test-no-file ()
  "A buffer without a file, as *scratch* is."
  (let ((text "“Nobody,” said Mr. Bo Lund.\n"))
    (with-temp-buffer
      (lisp-interaction-mode)
      (insert text)
      (save-window-excursion
        (switch-to-buffer (current-buffer))
        (postil-mode 1)
        (postil-test-shows '(("quote" "“Nobody,”") ("person" "Bo Lund")))
        (should-error (postil-trust) :type 'user-error)
        (goto-char (point-min))
        (should-error (postil-term "ship") :type 'user-error)
        (should (equal text (buffer-string)))
        (postil-mode -1)))))

(defun text-test-far-away (operation &rest arguments)
  "Do OPERATION with ARGUMENTS for names of another machine; an error if that needs the machine."
  (pcase operation
    ('file-remote-p "/far:")
    ((or 'expand-file-name 'substitute-in-file-name) (car arguments))
    (_ (error "The other machine was asked: %s" operation))))

(ert-deftest text-test-remote ()
  "Names of files on other machines are not handed to the process, nor looked at."
  (let ((rules (make-temp-file "postil" nil ".lua" "tag.ferry {\n"))
        (file-name-handler-alist (cons '("\\`/far:" . text-test-far-away) file-name-handler-alist))
        (far (generate-new-buffer "far")))
    (unwind-protect
        (postil-test-in "“Nobody,” said Mr. Bo Lund.\n"
          (with-current-buffer far
            (setq buffer-file-name "/far:/text.txt" default-directory "/far:/")
            (insert postil-test-ferry)
            (set-buffer-modified-p nil)
            (should-not (postil--path))
            (let ((postil-rule-sets '("/far:/ships.lua")))
              (should-error (postil-mode 1) :type 'user-error)
              (should-not postil-mode))
            (postil-mode 1)
            (postil-test-wait (postil--text-done (postil--own)))
            (postil-test-wait (= 0 (hash-table-count postil--calls)))
            (should-not (postil-test-said-p "other machine")))
          (postil--show-rule-rows (list (list :file rules :line 1 :severity "error" :message "no"))
                                  (list rules))
          (should-not (buffer-local-value 'postil--rule-rows far)))
      (with-current-buffer far
        (postil-mode -1)
        (setq buffer-file-name nil)
        (kill-buffer))
      (delete-file rules))))

(ert-deftest text-test-eldoc ()
  "Eldoc that is on everywhere is on here while the mode is."
  (should global-eldoc-mode)
  (postil-test-in postil-test-ferry
    (should eldoc-mode)
    (postil-mode -1)
    (should-not eldoc-mode)
    (let (global-eldoc-mode)
      (postil-mode 1)
      (should-not eldoc-mode))))

(ert-deftest text-test-overlays ()
  "What was displayed and is no longer does not stay for ever."
  (let ((postil--most-overlays 50))
    (postil-test-in (apply #'concat (make-list 3000 "“No,” said Mr. Bo Lund of Oslo.\n\n"))
      (postil-test-wait (postil--text-done (postil--own)))
      (dotimes (i 20)
        (jit-lock-fontify-now (1+ (* i 4000)) (+ 2000 (* i 4000)))
        (postil-test-wait (and (null (postil--text-wanted (postil--own)))
                               (null (postil--text-timer (postil--own)))
                               (= 0 (hash-table-count postil--calls)))))
      (should (< (length (postil--overlays (point-min) (point-max))) 4000))
      (should (postil--overlays (point-min) 4000)))))

;;;; At random

(defun text-test-random-words ()
  "Some words that make and break tags."
  (nth (random 12) '("“" "”" "\"" " said Mr. Bo Lund. " "\n" "\n\n" "é" "Ada " "😀" "x"
                     "Mr. Nils Orre said “no”. " "‘a’")))

(defun text-test-random-edit ()
  "Do something to the buffer."
  (let* ((at (lambda () (+ (point-min) (random (1+ (buffer-size))))))
         (a (funcall at)) (b (min (point-max) (+ a (random 40)))))
    (pcase (random 14)
      ((or 0 1 2 3) (goto-char a) (insert (text-test-random-words)))
      ((or 4 5) (delete-region a b))
      (6 (goto-char a) (delete-region a b) (insert (text-test-random-words)))
      (7 (upcase-region a b))
      (8 (subst-char-in-region a b ?a ?e))
      (9 (goto-char a) (ignore-errors (transpose-lines 1)))
      (10 (goto-char a) (ignore-errors (transpose-words 1)))
      (11 (undo-boundary)
          (undo-start)
          (ignore-errors (undo-more (1+ (random 3)))))
      (12 (goto-char a)
          (let ((n 0))
            (while (and (< (cl-incf n) 9) (re-search-forward "[aä“]" nil t))
              (replace-match (text-test-random-words) t t))))
      (13 (save-restriction
            (narrow-to-region a b)
            (goto-char (point-max))
            (ignore-errors (fill-region (point-min) (point-max)))
            (sort-lines nil (point-min) (point-max)))))))

(defun text-test-fresh ()
  "What `text-test-painted' would be in a text that no edit has touched."
  (let ((faces nil) (quotes nil) (text (postil--own))
        (content (buffer-substring-no-properties (point-min) (point-max))))
    (postil--send 'open (list :text "fresh" :content content) #'ignore)
    (postil--send 'wait (list :text "fresh") #'ignore)
    (postil--send 'faces (list :text "fresh") (lambda (one) (setq faces one)))
    (postil--send 'tags (list :text "fresh" :labels ["quote"]) (lambda (one) (setq quotes one)))
    (postil-test-wait (and faces quotes))
    (postil--send 'close (list :text "fresh") #'ignore)
    (let ((lines (cons (point-min) (point-max))))
      (text-test-sorted (append (postil--spots text faces lines)
                                (postil--speakers text quotes lines))))))

(defun text-test-painted ()
  "All overlays of the mode: (BEG END WHAT)."
  (text-test-sorted (mapcar (lambda (one) (list (overlay-start one) (overlay-end one)
                                                (overlay-get one 'postil)))
                            (postil--overlays (point-min) (point-max)))))

(defun text-test-sorted (marks)
  "MARKS in an order of which nothing is known but that it is always the same."
  (sort marks (lambda (a b) (string< (format "%S" a) (format "%S" b)))))

(ert-deftest text-test-random ()
  "After edits at random all is painted as in a text that is opened, and none was lost.
So it is with speakers, and nothing of them is left over."
  (let ((batches (string-to-number (or (getenv "BATCHES") "150")))
        (seed (or (getenv "SEED") (format "%s" (current-time))))
        (postil-speakers t))
    (random seed)
    (postil-test-in (concat postil-test-ferry "\n" postil-test-ferry)
      (postil-test-settled)
      (let ((opened (text-test-counting
                     (dotimes (batch batches)
                       (dotimes (_ (1+ (random 6)))
                         (undo-boundary)
                         (text-test-random-edit)
                         (when (= 0 (random 3)) (accept-process-output nil 0.001)))
                       (when (or (< (buffer-size) 200) (> (buffer-size) 9000))
                         (erase-buffer)
                         (insert postil-test-ferry postil-test-ferry))
                       (postil-test-settled)
                       (unless (equal (text-test-fresh) (text-test-painted))
                         (ert-fail (list "seed" seed "batch" batch
                                         (text-test-fresh) (text-test-painted))))))))
        (should (= 0 opened)))
      (postil-mode -1)
      (should-not (overlays-in (point-min) (point-max))))))

(provide 'text-test)
;;; text-test.el ends here
