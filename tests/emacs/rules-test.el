;;; rules-test.el --- Rule files, and the process -*- lexical-binding: t; -*-

;;; Commentary:

;; Rule files that are saved, broken, trusted, written; a process that ends, or is not there.

;;; Code:

(require 'support)

(defmacro rules-test-in (file &rest body)
  "Do BODY in a buffer that visits FILE of the folder."
  (declare (indent 1))
  `(with-current-buffer (find-file-noselect (expand-file-name ,file folder))
     ,@body))

(defun rules-test-save (content)
  "Save CONTENT in this buffer's file."
  (erase-buffer)
  (insert content)
  (let ((coding-system-for-write 'utf-8-unix)) (save-buffer)))

(ert-deftest rules-test-named ()
  "A rule file that is named, and saved: what it changes is told; errors stand on their lines."
  (let* ((rules (make-temp-file "postil" nil ".lua" "tag.ferry { \"ferry\" }\n"))
         (postil-rule-sets (list rules)) (postil-flymake nil))
    (unwind-protect
        (postil-test-in postil-test-ferry
          (postil-test-shows '(("ferry" "Ferry")))
          (with-current-buffer (find-file-noselect rules)
            (switch-to-buffer (current-buffer))
            (rules-test-save "-- é\ntag.ferry { \"[a-z] F\" }\n")
            (postil-test-wait (flymake-diagnostics))
            (should flymake-mode)
            (let ((one (car (flymake-diagnostics))))
              (should (eq :error (flymake-diagnostic-type one)))
              (should (= 2 (line-number-at-pos (flymake-diagnostic-beg one))))))
          (should (postil-test-said-p "the rules stay as they were"))
          (switch-to-buffer (get-file-buffer file))
          (postil-test-shows '(("ferry" "Ferry")))
          (with-current-buffer (find-file-noselect rules)
            (rules-test-save "tag.ferry { \"night ferry\" }\n")
            (postil-test-wait (not flymake-mode))
            (should-not (local-variable-p 'postil--rule-rows)))
          (postil-test-wait (postil-test-said-p "text.txt: \\+0 −0, 1 changed"))
          (postil-test-wait (postil-test-display)
                            (equal '(("ferry" "Night Ferry")) (postil-test-faces))))
      (with-current-buffer (find-file-noselect rules) (kill-buffer))
      (delete-file rules))))

(ert-deftest rules-test-off-clears ()
  "With the last text what is told of rule files goes."
  (let* ((rules (make-temp-file "postil" nil ".lua" "tag.ferry { \"ferry\" }\n"))
         (postil-rule-sets (list rules)))
    (unwind-protect
        (postil-test-in postil-test-ferry
          (postil-test-settled)
          (with-current-buffer (find-file-noselect rules)
            (switch-to-buffer (current-buffer))
            (rules-test-save "tag.ferry {\n")
            (postil-test-wait (flymake-diagnostics)))
          (postil-mode -1)
          (with-current-buffer (find-file-noselect rules)
            (should-not flymake-mode)
            (should-not (memq 'postil--flymake-rules flymake-diagnostic-functions))))
      (with-current-buffer (find-file-noselect rules) (kill-buffer))
      (delete-file rules))))

(ert-deftest rules-test-unknown ()
  "Rules that there are not: words, and the mode is off."
  (let ((postil-rule-sets '("nosuchpack")))
    (postil-test-in postil-test-ferry
      (postil-test-wait (not postil-mode))
      (should (postil-test-said-p "nosuchpack"))
      (should-not (postil--buffers)))))

(ert-deftest rules-test-trust ()
  "Rules beside a text do not run before they are trusted, as they are shown."
  (postil-test-in postil-test-ferry
    (postil-mode -1)
    (write-region "tag.ferry { \"ferry\" }\n" nil (concat file ".postil.lua") nil 'quiet)
    (postil-mode 1)
    (postil-test-wait (postil-test-said-p "text.txt.postil.lua"))
    (postil-test-settled)
    (should-not (assoc "ferry" (postil-test-faces)))
    ;; Saving it here does not make it trusted.
    (rules-test-in "text.txt.postil.lua" (rules-test-save "tag.ferry { \"ferry\" } -- mine\n"))
    (postil-test-settled)
    (should-not (assoc "ferry" (postil-test-faces)))
    (cl-letf (((symbol-function 'yes-or-no-p) #'ignore))
      (should-error (postil-trust) :type 'user-error))
    (cl-letf (((symbol-function 'yes-or-no-p)
               (lambda (&rest _)
                 (with-current-buffer "*postil rules*"
                   (string-match-p "-- mine" (buffer-string))))))
      (postil-trust))
    (postil-test-wait (postil-test-said-p "trusted$"))
    (postil-test-wait (postil-test-display) (assoc "ferry" (postil-test-faces)))
    (postil-test-settled)
    ;; One that was trusted stays so when it is saved here.
    (rules-test-in "text.txt.postil.lua" (rules-test-save "tag.boat { \"ferry\" }\n"))
    (postil-test-wait (postil-test-display) (assoc "boat" (postil-test-faces)))
    (should-not (assoc "ferry" (postil-test-faces)))))

(ert-deftest rules-test-made-here ()
  "A rule file that is made here is trusted."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (postil-rules)
    (should (string-suffix-p "text.txt.postil.lua" buffer-file-name))
    (rules-test-save "tag.boat { \"ferry\" }\n")
    (switch-to-buffer (get-file-buffer file))
    (postil-test-wait (postil-test-display) (assoc "boat" (postil-test-faces)))))

(ert-deftest rules-test-term-pin ()
  "Terms and pins are added to the rule file, and seen at once."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (goto-char (point-min))
    (search-forward "town coun")
    (postil-term "org")
    (should (postil-test-said-p "text.txt.postil.lua:[0-9]+: .*council"))
    (postil-test-wait (postil-test-display) (member '("org" "council") (postil-test-faces)))
    (rules-test-in "text.txt.postil.lua" (should (string-match-p "council" (buffer-string))))
    (goto-char (point-min))
    (search-forward "a cook")
    (let ((transient-mark-mode t))
      (push-mark (match-beginning 0) t t)
      (postil-pin "person"))
    (postil-test-wait (postil-test-display) (member '("person" "a cook") (postil-test-faces)))
    (rules-test-in "text.txt.postil.lua"
      (should (string-match-p "a cook" (buffer-string)))
      (insert " "))
    (should (string-match-p "save .*first"
                            (error-message-string (should-error (postil-term "org")))))))

(ert-deftest rules-test-reload ()
  "What others have changed is read when it is said."
  (let* ((rules (make-temp-file "postil" nil ".lua" "tag.ferry { \"ferry\" }\n"))
         (postil-rule-sets (list rules)))
    (unwind-protect
        (postil-test-in postil-test-ferry
          (postil-test-shows '(("ferry" "Ferry")))
          (write-region "tag.boat { \"night ferry\" }\n" nil rules nil 'quiet)
          (postil-reload)
          (postil-test-wait (postil-test-display)
                            (equal '(("boat" "Night Ferry")) (postil-test-faces))))
      (delete-file rules))))

;;;; The process

(ert-deftest rules-test-killed ()
  "A process that is killed is started anew, once, and that is said."
  (postil-test-in postil-test-ferry
    (postil-test-settled)
    (let ((process postil--process))
      (signal-process process 'KILL)
      (postil-test-wait (and postil--process (not (eq process postil--process)))))
    (should (postil-test-said-p "started anew"))
    (goto-char (point-max))
    (insert "Mr. Bo Lund went home.\n")
    (postil-test-wait (postil-test-display) (member '("person" "Bo Lund") (postil-test-faces)))
    (signal-process postil--process 'KILL)
    (postil-test-wait (not postil-mode))
    (should (postil-test-said-p "again; it is off now"))
    (should-not (overlays-in (point-min) (point-max)))
    (should-not (process-list))
    (call-interactively #'postil-mode)
    (postil-test-settled)
    (should (member '("person" "Bo Lund") (postil-test-faces)))))

(ert-deftest rules-test-no-command ()
  "A command that is not there: words, and the mode is off."
  (let ((postil-program "/nonexistent/postil"))
    (should (string-match-p "postil-program.*/nonexistent/postil"
                            (error-message-string
                             (should-error (postil-test-in postil-test-ferry) :type 'user-error)))))
  (let ((postil-program nil) (exec-path nil) (postil--folder "/nonexistent/"))
    (should (string-match-p "no command .postil"
                            (error-message-string
                             (should-error (postil-test-in postil-test-ferry) :type 'user-error)))))
  (should-not (postil--buffers)))

(ert-deftest rules-test-other-command ()
  "A command that is something else: words, and the mode is off."
  (let ((postil-program "false"))
    (postil-test-in postil-test-ferry
      (postil-test-wait (not postil-mode))
      (should (postil-test-said-p "it is off now"))))
  (should-not (postil--buffers)))

(provide 'rules-test)
;;; rules-test.el ends here
