;;; manual-test.el --- The manual tells all, and the truth -*- lexical-binding: t; -*-

;;; Commentary:

;; plugin/emacs/README.md is held against what the library has, and what it shows is done.

;;; Code:

(require 'support)

(defconst manual-test-folder (file-name-directory load-file-name)
  "Where this file is.")

(defconst manual-test-words
  (with-temp-buffer
    (insert-file-contents (expand-file-name "../../plugin/emacs/README.md" manual-test-folder))
    (buffer-string))
  "The manual.")

(defun manual-test-matches (regexp)
  "Lists of the groups of what REGEXP fits in the manual."
  (with-temp-buffer
    (insert manual-test-words)
    (goto-char (point-min))
    (cl-loop while (re-search-forward regexp nil t)
             collect (cl-loop for i from 1 to (/ (- (length (match-data)) 2) 2)
                              collect (match-string i)))))

(defun manual-test-public (predicate)
  "Names of the library that are not its own, and that PREDICATE is true of."
  (let ((names nil))
    (mapatoms (lambda (symbol)
                (let ((name (symbol-name symbol)))
                  (when (and (string-match-p "\\`postil-[a-z]" name)
                             (not (string-match-p "\\`postil-test-" name))
                             (funcall predicate symbol))
                    (push name names)))))
    (sort names #'string<)))

(defun manual-test-named ()
  "Names of the library in the manual."
  (delete-dups (mapcar #'car (manual-test-matches "\\(postil-[a-z]+\\(?:-[a-z]+\\)*\\)\\_>"))))

(ert-deftest manual-test-all ()
  "Each command, option, face and map that is not the library's own has its place in the manual."
  (should (< 20 (length (manual-test-public #'commandp))))
  (should-not (cl-set-difference
               (append (manual-test-public #'commandp)
                       (manual-test-public #'custom-variable-p)
                       (manual-test-public #'facep)
                       (manual-test-public (lambda (symbol)
                                             (and (boundp symbol)
                                                  (keymapp (symbol-value symbol))))))
               (manual-test-named) :test #'equal)))

(ert-deftest manual-test-true ()
  "What the manual names is there."
  (should-not (cl-remove-if (lambda (name)
                              (let ((symbol (intern name)))
                                (or (fboundp symbol) (boundp symbol) (facep symbol)
                                    (get symbol 'bounds-of-thing-at-point))))
                            (manual-test-named))))

(ert-deftest manual-test-keys ()
  "Keys of commands are those of the map, and all of those."
  (let ((told nil)
        (rows (let ((one-or-two "`\\([^`|]+\\)`\\(?:, `\\([^`|]+\\)`\\)?"))
                (manual-test-matches (concat "^| " one-or-two " | " one-or-two " |")))))
    (pcase-dolist (`(,first ,second ,key ,other-key) rows)
      (push (cons key (intern first)) told)
      (when second
        (push (cons other-key (intern second)) told)))
    (pcase-dolist (`(,key . ,command) told)
      (should (equal (list key command) (list key (lookup-key postil-command-map key)))))
    (map-keymap (lambda (event _) (should (assoc (string event) told))) postil-command-map)))

(ert-deftest manual-test-examples ()
  "What the manual has for an init file does what it says, and so do its examples in Lisp."
  (let ((examples (mapcar #'car (manual-test-matches "^```elisp\n\\(\\(?:.\\|\n\\)*?\\)```"))))
    (should (= 4 (length examples)))
    (cl-flet ((do-it (words) (eval (car (read-from-string (format "(list %s)" words))) t)))
      (mapc #'do-it (butlast examples))
      (should (eq 'postil-who (key-binding (kbd "C-c p w"))))
      (should (eq 'font-lock-type-face (postil--face "ship")))
      (postil-test-in postil-test-ferry
        (should (eq major-mode 'text-mode))
        (postil-mode -1)
        (text-mode)
        (should postil-mode)
        (should (eq 'postil-next-quote (key-binding (kbd "M-n"))))
        (postil-test-settled)
        (should (postil-test-speakers))
        (search-backward "pay twice")
        (should (equal '("“Nobody would pay twice,”" nil) (do-it (car (last examples)))))))))

(provide 'manual-test)
;;; manual-test.el ends here
