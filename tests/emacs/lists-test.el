;;; lists-test.el --- Lists, motions, things and repairs -*- lexical-binding: t; -*-

;;; Commentary:

;; What commands find, and where they lead.

;;; Code:

(require 'apropos)
(require 'eldoc)
(require 'imenu)
(require 'support)

(defun lists-test-rows ()
  "Lines of the list that is shown, once it is there."
  (postil-test-wait (get-buffer "*xref*"))
  (prog1 (with-current-buffer "*xref*"
           (split-string (buffer-substring-no-properties (point-min) (point-max)) "\n" t " +"))
    (kill-buffer "*xref*")))

(defun lists-test-at (words)
  "Put point at WORDS."
  (goto-char (point-min))
  (search-forward words)
  (goto-char (match-beginning 0)))

(ert-deftest lists-test-who ()
  "Who said what."
  (postil-test-in postil-test-ferry
    (postil-who)
    (should (postil-test-said-p "who: tagging"))
    (should (equal '("Edda Falk" "5: Edda Falk: “Nobody would pay twice,”" "Nils Orre"
                     "7: Nils Orre: “I heard it from Ms. Ada Holm, and she heard it from a cook,”")
                   (lists-test-rows)))
    (postil-who "orre")
    (should (equal 2 (length (lists-test-rows))))
    (postil-who "Wren")
    (postil-test-wait (postil-test-said-p "nobody is quoted"))))

(ert-deftest lists-test-same-line ()
  "Rows of one line stay two rows."
  (postil-test-in "“No,” said Mr. Bo Lund. “Yes.”\n"
    (postil-who)
    (should (equal '("Bo Lund" "1: Bo Lund: “No,”" "1: Bo Lund: “Yes.”") (lists-test-rows)))))

(ert-deftest lists-test-names-find ()
  "Names at their first mentions, and mentions of one."
  (postil-test-in postil-test-ferry
    (postil-names)
    (should (equal '("text.txt" "7: Nils Orre  person  2" "8: Ada Holm  person  1"
                     "5: Edda Falk  person  1")
                   (lists-test-rows)))
    (postil-names "org")
    (postil-test-wait (postil-test-said-p "nothing is named"))
    (postil-find "Nils Orre")
    (should (equal '("text.txt" "7:" "9:")
                   (mapcar (lambda (row) (car (split-string row " "))) (lists-test-rows))))
    (postil-find "Nobody Atall")
    (postil-test-wait (postil-test-said-p "no mention of it: Nobody Atall"))))

(ert-deftest lists-test-list ()
  "All tags, or those of a label."
  (postil-test-in postil-test-ferry
    (postil-list "date")
    (should (equal '("date" "3: Monday") (lists-test-rows)))
    (postil-list)
    (should (= (+ 8 4) (length (lists-test-rows))))))

(ert-deftest lists-test-next-error ()
  "Lists are gone through by `next-error', and places move with edits."
  (postil-test-in postil-test-ferry
    (postil-find "Nils Orre")
    (postil-test-wait (get-buffer "*xref*"))
    (goto-char (point-min))
    (insert "A line.\n")
    (let ((text (current-buffer)))
      (with-current-buffer "*xref*"
        (next-error 1 t)
        (with-current-buffer text (should (looking-at "Nils Orre")))
        (next-error)
        (with-current-buffer text (should (looking-at "Orre said"))))
      (kill-buffer "*xref*"))))

(ert-deftest lists-test-check-fix ()
  "Faults are listed and diagnosed; what is safe is mended as one step."
  (postil-test-in "“Nobody, she said.\n\nNo “fault”, she said.\n\n“That“ is one.”\n"
    (postil-test-wait (flymake-diagnostics))
    (let ((words (mapcar #'flymake-diagnostic-text (flymake-diagnostics))))
      (should (cl-every (lambda (one) (string-match-p "quot\\|mark" one)) words))
      (postil-check)
      (should (= (1+ (length words)) (length (lists-test-rows)))))
    (undo-boundary)
    (let ((before (buffer-string)))
      (postil-fix)
      (postil-test-wait (postil-test-said-p "[0-9] repair"))
      (should (string-match-p "^“That is one.”" (buffer-string)))
      (undo-start)
      (undo-more 2)
      (should (equal before (buffer-string))))
    (lists-test-at "Nobody")
    (postil-fix-at-point)
    (should (equal "“Nobody,” she said."
                   (buffer-substring-no-properties (line-beginning-position) (line-end-position))))
    (goto-char (point-max))
    (should-error (postil-fix-at-point) :type 'user-error)))

(defun lists-test-faults ()
  "The words that faults are shown at, by place, with how they are called."
  (mapcar (lambda (key)
            (list (buffer-substring-no-properties (car key) (cadr key))
                  (car (split-string (caddr key) ":"))))
          (postil--in-order (postil--shown-faults))))

(defmacro lists-test-calls (function &rest body)
  "How often BODY calls FUNCTION."
  (declare (indent 1))
  `(let* ((calls 0) (count (lambda (&rest _) (cl-incf calls))))
     (advice-add ',function :before count)
     (unwind-protect (progn ,@body calls)
       (advice-remove ',function count))))

(defun lists-test-check ()
  "Have flymake look, and wait until it has heard."
  (let ((heard nil))
    (flymake-start)
    (let ((report (postil--text-report (postil--own))))
      (setf (postil--text-report (postil--own))
            (lambda (&rest arguments) (apply report arguments) (setq heard t))))
    (postil-test-wait heard)))

(ert-deftest lists-test-faults-move ()
  "Faults that are as they were are not shown anew, wherever an edit has moved them.
One that comes or goes by an edit elsewhere is shown, and no longer."
  (postil-test-in "“Yes.”\n\nNo. ”\n\nShe came.\n"
    (lists-test-check)
    (should (equal '(("”" "stray-close")) (lists-test-faults)))
    (should (= 0 (lists-test-calls flymake--highlight-line
                   (goto-char (point-min))
                   (insert "No.\n\n")
                   (lists-test-check))))
    (should (equal '(("”" "stray-close")) (lists-test-faults)))
    (goto-char (point-max))
    (insert "\nHe left. ”\n")
    (lists-test-check)
    (should (equal '(("”" "stray-close") ("”" "stray-close")) (lists-test-faults)))
    (undo-boundary)
    (goto-char (point-min))
    (search-forward "No. ”")
    (replace-match "“No.”")
    (lists-test-check)
    (should (equal '(("”" "stray-close")) (lists-test-faults)))
    (undo-boundary)
    (undo-start)
    (undo-more 2)
    (lists-test-check)
    (should (equal '(("”" "stray-close") ("”" "stray-close")) (lists-test-faults)))
    (flymake-mode -1)
    (should-not (postil--shown-faults))
    (flymake-mode 1)
    (lists-test-check)
    (should (= 2 (length (lists-test-faults))))))

(ert-deftest lists-test-many-faults ()
  "Of many faults those are shown that are nearest to where the window is."
  (let ((postil--most-rows 2) (postil--calm 0.05))
    (postil-test-in "“Yes.”\n\nNo. ”\n\nShe came. ”\n\nHe left. ”\n\nWe stayed. ”\n"
      (cl-flet ((lines () (mapcar (lambda (key) (line-number-at-pos (car key)))
                                  (postil--in-order (postil--shown-faults)))))
        (lists-test-check)
        (should (equal '(3 5) (lines)))
        (goto-char (point-max))
        (lists-test-check)
        (should (equal '(7 9) (lines)))
        (goto-char (point-min))
        (set-window-point nil (point))
        (postil--scrolled (selected-window) 1)
        (postil-test-wait (equal '(3 5) (lines)))
        (should (= 0 (lists-test-calls postil--check
                       (postil--scrolled (selected-window) 1)
                       (accept-process-output nil 0.1))))
        (postil--scrolled (selected-window) 2)
        (should (postil--text-scrolled (postil--own)))
        (postil-mode -1)
        (should-not (cl-find 'postil--check-again timer-list :key #'timer--function))))))

(ert-deftest lists-test-counters ()
  "What flymake counts in the mode line is counted again when any backend has reported, not else."
  (postil-test-in "“Yes.”\n\nNo. ”\n"
    (let ((tell nil) (known nil))
      (cl-flet ((counted () (postil--counters)
                         (not (eq known (setq known postil--counters)))))
        (lists-test-check)
        (counted)
        (add-hook 'flymake-diagnostic-functions (lambda (report &rest _) (setq tell report)) nil t)
        (lists-test-check)
        (counted)
        (should-not (counted))
        (funcall tell (list (flymake-make-diagnostic (current-buffer) 1 2 :error "No.")))
        (should (counted))
        (should-not (counted))
        (funcall tell nil :region '(1 . 3))
        (should (counted))
        (goto-char (point-max))
        (insert "\nHe left. ”\n")
        (should-not (counted))
        (lists-test-check)
        (should (counted)))
      (postil-mode -1)
      (should-not (local-variable-p 'flymake-mode-line-counters)))))

(ert-deftest lists-test-fix-narrowed ()
  "No repair outside of what the buffer is narrowed to, and none where it may not be changed."
  (postil-test-in "“Yes.”\n\nNo. ”\n\nShe came. ”\n\nHe left. ”\n"
    (postil-test-settled)
    (save-restriction
      (narrow-to-region (progn (lists-test-at "She") (point)) (line-end-position))
      (postil-fix)
      (postil-test-wait (postil-test-said-p "[0-9] repair")))
    (should (string-match-p "^No\\. ”\n\nShe came\\.\n\nHe left\\. ”$"
                            (replace-regexp-in-string " +$" "" (buffer-string))))
    (setq buffer-read-only t)
    (should-error (call-interactively #'postil-fix) :type 'buffer-read-only)
    (should-error (call-interactively #'postil-fix-at-point) :type 'buffer-read-only)
    (postil-test-shows (postil-test-faces))))

(ert-deftest lists-test-motions ()
  "Next and previous, with counts."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (goto-char (point-min))
    (postil-next-quote)
    (should (looking-at "“Nobody"))
    (postil-next-quote 2)
    (should (looking-at "“I heard"))
    (postil-previous-quote)
    (should (looking-at "“Nobody"))
    (goto-char (point-min))
    (postil-next-name 3)
    (should (looking-at "Ada Holm"))
    (postil-next-name -2)
    (should (looking-at "Edda Falk"))
    (postil-previous)
    (should (looking-at "“Nobody"))
    (should (= (mark t) (progn (lists-test-at "Edda Falk") (point))))
    (goto-char (point-max))
    (should-error (postil-next) :type 'user-error)
    (goto-char (point-min))
    (narrow-to-region (point-min) 10)
    (should-error (postil-next-quote) :type 'user-error)
    (should (= (point) (point-min)))))

(ert-deftest lists-test-partner ()
  "From a quotation to its speaker, and back; from a mention to the first."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (lists-test-at "would pay")
    (postil-partner)
    (should (looking-at "Edda Falk"))
    (postil-partner)
    (should (looking-at "“Nobody"))
    (lists-test-at "town council")
    (should-error (postil-partner) :type 'user-error)))

(ert-deftest lists-test-things ()
  "Things at point, and commands that set the region to them."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (lists-test-at "Holm, and")
    (should (equal "Ada Holm" (thing-at-point 'postil-name t)))
    (should (equal "Ada Holm" (thing-at-point 'postil-tag t)))
    (should (string-prefix-p "“I heard" (thing-at-point 'postil-quote t)))
    (should (string-prefix-p "I heard" (thing-at-point 'postil-quote-inside t)))
    (postil-mark-tag 2)
    (should (string-prefix-p "“I heard" (buffer-substring (region-beginning) (region-end))))
    (lists-test-at "pay twice")
    (postil-mark-quote-inside)
    (delete-region (region-beginning) (region-end))
    (should (string-match-p "^“” said Mayor Edda Falk\\.$" (buffer-string)))
    (save-restriction
      (narrow-to-region (progn (lists-test-at "from Ms.") (point)) (line-end-position))
      (should (equal "Ada Holm" (progn (search-forward "Ada") (thing-at-point 'postil-name t))))
      (should-not (thing-at-point 'postil-quote))
      (should-error (postil-mark-quote) :type 'user-error))
    (lists-test-at "town council")
    (should-not (thing-at-point 'postil-quote))
    (should-error (postil-mark-quote) :type 'user-error)))

(ert-deftest lists-test-hover-why ()
  "What stands at point, and why."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (lists-test-at "would pay")
    (postil-hover)
    (should (or (postil-test-said-p "quote.*\\(\n.*\\)*Edda Falk")
                (with-current-buffer "*postil*" (string-match-p "Edda Falk" (buffer-string)))))
    (lists-test-at "Edda")
    (postil-why)
    (should (or (postil-test-said-p "person")
                (with-current-buffer "*postil*" (string-match-p "person" (buffer-string)))))
    (let (heard)
      (should (run-hook-with-args-until-success 'eldoc-documentation-functions
                                                (lambda (words &rest _) (setq heard words))))
      (postil-test-wait (and heard (string-match-p "Edda Falk" heard))))))

(ert-deftest lists-test-imenu ()
  "Names and quotations for imenu."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (let ((index (funcall imenu-create-index-function)))
      (should (equal '("person" "quote") (mapcar #'car index)))
      (should (equal '("Nils Orre" "Ada Holm" "Edda Falk")
                     (mapcar #'car (cdr (assoc "person" index)))))
      (goto-char (cdr (assoc "Ada Holm" (cdr (assoc "person" index)))))
      (should (looking-at "Ada Holm")))))

(ert-deftest lists-test-imenu-own ()
  "What the major mode lists stays."
  (postil-test-in postil-test-ferry
    (postil-mode -1)
    (setq-local imenu-create-index-function (lambda () '(("Mine" . 1))))
    (postil-mode 1)
    (postil-test-settled)
    (should (equal '("Mine" "person" "quote") (mapcar #'car (funcall imenu-create-index-function))))
    (postil-mode -1)
    (should (equal '(("Mine" . 1)) (funcall imenu-create-index-function)))))

(ert-deftest lists-test-xref ()
  "The first full mention is the definition; all are references."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (lists-test-at "Orre said")
    (should (eq 'postil (xref-find-backend)))
    (should (equal "Nils Orre" (xref-backend-identifier-at-point 'postil)))
    (cl-flet ((lines (items)
                (mapcar (lambda (item) (string-to-number (xref-item-summary item))) items)))
      (should (equal '(7) (lines (xref-backend-definitions 'postil "nils orre"))))
      (should (equal '(7 9) (lines (xref-backend-references 'postil "Nils Orre"))))
      (should (equal '(8) (lines (xref-backend-apropos 'postil "Holm")))))
    (xref-find-definitions "Nils Orre")
    (should (looking-at "Nils Orre"))))

(ert-deftest lists-test-labels ()
  "Labels that are asked for are those of the rules, without helpers."
  (let ((postil-rule-sets '("tag.ship { \"ferry\" } tag._quay { \"quay\" }")) (offered nil))
    (postil-test-in postil-test-ferry
      (cl-letf (((symbol-function 'completing-read)
                 (lambda (_prompt labels &rest _) (setq offered labels) "")))
        (should-not (postil--read-label "Label: ")))
      (should (equal '("ship") offered)))))

(ert-deftest lists-test-menus ()
  "What menus offer are commands; one that a click asks for is done where the click was."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (map-keymap (lambda (_ item) (should (or (equal "---" (nth 1 item)) (commandp (nth 2 item)))))
                (lookup-key postil-mode-map [menu-bar Postil]))
    (goto-char (point-min))
    (let* ((place (save-excursion (search-forward "Edda") (point)))
           (click `(mouse-3 (,(selected-window) ,place (0 . 0) 0)))
           (menu (run-hook-with-args-until-success 'context-menu-functions
                                                   (make-sparse-keymap) click)))
      (call-interactively (nth 3 (assq 'postil-partner menu)))
      (should (looking-at "“Nobody")))))

(ert-deftest lists-test-completion ()
  "Names are completed, whatever the case."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (goto-char (point-max))
    (insert "And then Nil")
    (let ((completion-at-point-functions '(postil--complete)))
      (completion-at-point))
    (should (string-suffix-p "And then Nils Orre" (buffer-string)))
    (insert " and ada ho")
    (let ((completion-at-point-functions '(postil--complete)))
      (completion-at-point))
    (should (string-suffix-p "And then Nils Orre and Ada Holm" (buffer-string)))
    (insert " and")
    (should (equal "and" (buffer-substring (car (postil--complete)) (point))))
    (insert " ")
    (should-not (postil--complete))
    (should (member "Ada Holm" (all-completions "ad" (postil--name-table))))))

(ert-deftest lists-test-info ()
  "How things are."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (postil-info)
    (should (postil-test-said-p "all is tagged; rules: news"))
    (postil-mode -1)
    (postil-info)
    (should (postil-test-said-p "not on in this buffer"))
    (should (string-match-p "M-x postil-mode"
                            (error-message-string
                             (should-error (postil-next) :type 'user-error))))))

(provide 'lists-test)
;;; lists-test.el ends here
