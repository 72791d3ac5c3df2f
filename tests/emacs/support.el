;;; support.el --- What tests of postil.el share -*- lexical-binding: t; -*-

;;; Commentary:

;; Each test has a buffer with the mode on, in an empty folder.  What happens later is waited for by
;; looking, with a deadline.

;;; Code:

(require 'cl-lib)
(require 'ert)
(require 'postil)

(setq postil-program (getenv "POSTIL"))

(defconst postil-test-ferry
  (with-temp-buffer
    (insert-file-contents
     (expand-file-name "../hosts/ferry.txt" (file-name-directory load-file-name)))
    (buffer-string))
  "A text with a name in a quotation.")

(defvar postil-test-said nil "What was said by `message', the last first.")
(advice-add 'message :around
            (lambda (own format &rest arguments)
              (when format (push (apply #'format-message format arguments) postil-test-said))
              (apply own format arguments)))

(defun postil-test-until (condition)
  "Wait until CONDITION, a function, is true; its value, nil if it never is."
  (let ((end (time-add nil 30)) value)
    (while (and (not (setq value (funcall condition))) (time-less-p nil end))
      (accept-process-output nil 0.01))
    value))

(defmacro postil-test-wait (&rest condition)
  "Wait until CONDITION is true; the test fails if it never is."
  `(unless (postil-test-until (lambda () ,@condition))
     (ert-fail (list "never so" ',condition postil-test-said))))

(defun postil-test-said-p (regexp)
  "Whether something that REGEXP fits was said."
  (cl-some (lambda (words) (string-match-p regexp words)) postil-test-said))

(defun postil-test-display ()
  "Do as redisplay does where the whole buffer is displayed."
  (when (and jit-lock-mode (text-property-any (point-min) (point-max) 'fontified nil))
    (jit-lock-fontify-now (point-min) (point-max))))

(defun postil-test-words (stretches)
  "STRETCHES of this buffer, (BEG END LABEL), as (LABEL WORDS) by place, the longer first."
  (cl-flet ((key (one) (list (car one) (- (cadr one)) (caddr one))))
    (mapcar (lambda (one) (list (caddr one) (buffer-substring-no-properties (car one) (cadr one))))
            (sort stretches
                  (lambda (a b)
                    (pcase-let ((`(,a1 ,a2 ,a3) (key a)) (`(,b1 ,b2 ,b3) (key b)))
                      (cond ((/= a1 b1) (< a1 b1)) ((/= a2 b2) (< a2 b2)) (t (string< a3 b3)))))))))

(defun postil-test-faces ()
  "What is painted in this buffer: (LABEL WORDS) by place."
  (postil-test-words
   (cl-loop for overlay in (postil--overlays (point-min) (point-max))
            when (stringp (overlay-get overlay 'postil))
            collect (list (overlay-start overlay) (overlay-end overlay)
                          (overlay-get overlay 'postil)))))

(defun postil-test-speakers ()
  "Speakers that are shown in this buffer: (LINE WORDS) by place."
  (sort (cl-loop for overlay in (postil--overlays (point-min) (point-max))
                 when (consp (overlay-get overlay 'postil))
                 do (goto-char (overlay-end overlay))
                 and do (should (eolp))
                 and collect (list (line-number-at-pos (1- (overlay-end overlay)))
                                   (substring-no-properties
                                    (overlay-get overlay 'after-string))))
        (lambda (a b) (< (car a) (car b)))))

(defun postil-test-settled ()
  "Wait until all is tagged, and all that is displayed is painted."
  (postil-test-wait
   (postil-test-display)
   (and (postil--text-done (postil--own))
        (null (postil--text-wanted (postil--own)))
        (null (postil--text-timer (postil--own)))
        (= 0 (hash-table-count postil--calls))
        (null (text-property-any (point-min) (point-max) 'fontified nil)))))

(defun postil-test-shows (faces)
  "The test fails unless FACES are painted when all is done."
  (postil-test-settled)
  (should (equal faces (postil-test-faces))))

(defmacro postil-test-in (text &rest body)
  "Do BODY in a buffer of a file, text.txt, that holds TEXT, with the mode on."
  (declare (indent 1))
  `(let* ((folder (file-name-as-directory (make-temp-file "postil" t)))
          (default-directory folder)
          (file (expand-file-name "text.txt" folder)))
     (setq postil-test-said nil postil--restarts 0)
     (unwind-protect
         (progn
           (let ((coding-system-for-write 'utf-8-unix))
             (write-region ,text nil file nil 'quiet))
           (save-window-excursion
             (with-current-buffer (find-file-noselect file)
               (switch-to-buffer (current-buffer))
               (buffer-enable-undo)
               (postil-mode 1)
               ,@body)))
       (dolist (buffer (buffer-list))
         (when (string-prefix-p folder (or (buffer-file-name buffer) ""))
           (with-current-buffer buffer
             (set-buffer-modified-p nil)
             (kill-buffer buffer))))
       (delete-directory folder t))))

(provide 'support)
;;; support.el ends here
