;;; postil.el --- Names and quotations in prose -*- lexical-binding: t; -*-

;; Copyright (c) 2026 The postil authors

;; Author: The postil authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: wp, text, matching
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; postil reads prose and writes notes in its margin: people, places, organisations, dates, money,
;; and quotations with who said them.  `postil-mode' shows them while you write:
;;
;;     (add-to-list 'load-path "~/postil/plugin/emacs")
;;     (autoload 'postil-mode "postil" nil t)
;;     (add-hook 'text-mode-hook #'postil-mode)    ; or M-x postil-mode
;;
;; The work is done by the command postil (`postil serve'): `postil-program', or the one in the
;; variable `exec-path', or in build/ of the checkout that this file is from.
;;
;; It uses what Emacs has:
;;
;;     jit-lock     colours what is displayed, as faces that may be nested
;;     flymake      faults of quotation marks; what is wrong with a rule file, on its lines
;;     imenu        names, and quotations
;;     xref         the first full mention of a name is its definition, all mentions references
;;     next-error   goes through the lists that commands make
;;     eldoc        what stands at point
;;     completion   names, by M-TAB
;;     thingatpt    `postil-quote', `postil-quote-inside', `postil-name' and `postil-tag' are things
;;     menus        one in the menu bar, and where `context-menu-mode' is on
;;     repeat-mode  repeats motions by their last key
;;
;; Commands, by the words of the shell's: `postil-who', `postil-names', `postil-find',
;; `postil-list', `postil-check' make lists; `postil-fix', `postil-fix-at-point' repair;
;; `postil-next', `postil-previous', and those of a quote or a name, move; `postil-partner' goes
;; from a quotation to its speaker and back; `postil-mark-quote', `postil-mark-quote-inside',
;; `postil-mark-name', `postil-mark-tag' set the region; `postil-hover' and `postil-why' tell of
;; what stands at point; `postil-rules', `postil-trust', `postil-reload', `postil-term',
;; `postil-pin' are for rule files; `postil-info' says how things are.
;;
;; No key is taken.  All of them are in `postil-command-map', which may be put on one:
;;
;;     (autoload 'postil-command-map "postil" nil nil 'keymap)
;;     (global-set-key (kbd "C-c p") 'postil-command-map)
;;
;; With `postil-speakers' who said it stands behind the line in which a quotation ends.
;;
;; Rules for one text, note.txt, stand beside it in note.txt.postil.lua.  They run only if you have
;; trusted that file as it is.  One that you had trusted and that you save here stays trusted, and
;; so does one that you make here.  When a rule file is saved all texts that use it are tagged anew.
;;
;; README.md, which is beside this file or installed as emacs.md, tells all.

;;; Code:

(require 'cl-lib)
(require 'easymenu)
(require 'eldoc)
(require 'flymake)
(require 'jit-lock)
(require 'subr-x)
(require 'thingatpt)
(require 'xref)

(defgroup postil nil
  "Names and quotations in prose."
  :group 'text
  :prefix "postil-"
  :link '(emacs-commentary-link "postil"))

(defcustom postil-program nil
  "The command postil.
Nil means the one in the variable `exec-path', else the checkout's."
  :type '(choice (const :tag "Look for it" nil) file)
  :risky t)

(defcustom postil-rule-sets nil
  "Names of packs and rule files that tag texts.
Nil means the pack news, and the rule file beside a text if it is trusted."
  :type '(repeat string)
  :risky t)

(defcustom postil-date nil
  "The day YYYY-MM-DD that \"yesterday\" is before; nil means unknown."
  :type '(choice (const :tag "Unknown" nil) string))

(defcustom postil-labels nil
  "Labels that are shown; nil means all."
  :type '(repeat string)
  :initialize #'custom-initialize-default
  :set #'postil--set)

(defcustom postil-speakers nil
  "Whether who said it stands behind the line in which a quotation ends."
  :type 'boolean
  :safe #'booleanp
  :initialize #'custom-initialize-default
  :set #'postil--set)

(defcustom postil-flymake t
  "Whether `postil-mode' turns on `flymake-mode' to show faults."
  :type 'boolean)

(defcustom postil-max-size (* 32 1024 1024)
  "Bytes of a buffer; larger ones are not tagged."
  :type 'integer)

(defcustom postil-timeout 3
  "Seconds that a command waits for an answer at most."
  :type 'number)

(defface postil-said '((t :inherit font-lock-string-face :slant italic))
  "Face of quotations.")

(defface postil-named '((t :inherit font-lock-variable-name-face :underline t))
  "Face of names, and of labels of your own.")

(defface postil-value '((t :inherit font-lock-constant-face :weight bold))
  "Face of dates, times, money and quantities.")

(defface postil-heading '((t :inherit font-lock-keyword-face :weight bold))
  "Face of headlines.")

(defface postil-aside '((t :inherit font-lock-comment-face :slant italic))
  "Face of datelines and teasers.")

(defcustom postil-faces
  '(("quote" . postil-said) ("headline" . postil-heading)
    ("dateline" . postil-aside) ("teaser" . postil-aside)
    ("date" . postil-value) ("time" . postil-value) ("money" . postil-value)
    ("percent" . postil-value) ("quantity" . postil-value))
  "Faces of labels; others have `postil-named'."
  :type '(alist :key-type string :value-type face)
  :initialize #'custom-initialize-default
  :set #'postil--set)

(defface postil-speaker '((t :inherit shadow :slant italic))
  "Face of who said it, where `postil-speakers' is on.")

(defconst postil--no-names
  '("quote" "headline" "dateline" "teaser" "date" "time" "money" "percent" "quantity")
  "Labels that name nobody and nothing.")

(defconst postil--most-edits 500
  "Edits that wait to be sent; where there are more the whole text is.")

(defconst postil--most-painted 65536
  "Characters that are asked about at once.")

(defconst postil--most-overlays 2000
  "Overlays of a buffer, before those that are not displayed go.")

(defconst postil--most-rows 500
  "Faults that are diagnostics, those nearest to where somebody reads.
`postil-check' has all.")

(defconst postil--calm 0.3
  "Seconds after scrolling before the faults there are asked for.")

(cl-defstruct (postil--text (:constructor postil--make-text) (:copier nil))
  "What is known of a buffer with `postil-mode'."
  name            ; what the process calls it
  rules           ; as they were when the mode was turned on
  (version 0)     ; one more with each edit
  (opened nil)    ; the process has the text, but for edits that wait
  (queue nil)     ; edits that wait, the last first
  (queued 0)      ; how many
  (before nil)    ; [BEG STRING NEAR]: what a change is about to replace
  (near nil)      ; (POSITION . LINE): where some line begins
  (odd nil)       ; it had characters that Unicode does not have
  (wanted nil)    ; stretches (BEG . END) that are to be painted
  (asked nil)     ; those that are asked about and not answered, of the text as it is now
  (awaited nil)   ; the version whose edit is sent and not answered
  (timer nil)     ; while there is something to send
  (overlays 0)    ; about how many there are
  (done nil)      ; all is tagged
  (whole nil)     ; functions that wait for that
  (report nil)    ; flymake's function that takes faults
  (unchecked nil) ; faults are to be asked for when all is tagged
  (many nil)      ; there are more faults than are diagnostics
  (scrolled nil)  ; the timer that then asks for those where the window is
  (flymake nil)   ; the mode has turned flymake on
  (eldoc nil)     ; and eldoc
  (untrusted nil) ; words about the rule file beside the text
  (labels nil))   ; of names, for motions

(defvar postil--texts (make-hash-table :test #'eq)
  "The `postil--text' of each buffer with the mode on.
No local variable, for an indirect buffer would have that, too.")

(defun postil--own (&optional buffer)
  "What is known of BUFFER, this one if nil; nil if the mode is off."
  (gethash (or buffer (current-buffer)) postil--texts))

(defvar postil-mode)

;;;; The process

(defvar postil--process nil "The one process, or nil.")
(defvar postil--calls (make-hash-table) "What is to be done with an answer, by id.")
(defvar postil--count 0 "Ids and names of texts that have been used.")
(defconst postil--piece 65536
  "Characters that are sent at a time, so that keys come in between.")
(defvar postil--lines nil "Lines that wait to be sent, in order.")
(defvar postil--sent 0 "How much of the first of them has been sent.")
(defvar postil--pump nil "The timer that sends more of them, or nil.")
(defvar postil--restarts 0 "How often the process was started anew by itself.")

(defconst postil--folder (file-name-directory (or load-file-name buffer-file-name ""))
  "Where this file is.")

(defun postil--program ()
  "The command's path; an error if there is none."
  (let ((built (expand-file-name "../../build/postil" postil--folder)))
    (cond (postil-program
           (or (executable-find postil-program)
               (user-error "Postil: `postil-program' is %s, which is no program" postil-program)))
          ((executable-find "postil"))
          ((file-executable-p built) built)
          ((user-error "Postil: no command `postil' here; install it or set `postil-program'")))))

(defun postil--buffers ()
  "The buffers with `postil-mode'."
  (hash-table-keys postil--texts))

(defun postil--buffer-of (name)
  "The buffer of the text NAME, or nil."
  (cl-find-if (lambda (buffer)
                (equal name (postil--text-name (postil--own buffer))))
              (postil--buffers)))

(defun postil--start ()
  "Start the process if there is none."
  (unless (process-live-p postil--process)
    (unless (fboundp 'json-serialize)
      (user-error "Postil: this Emacs was built without JSON"))
    (let ((program (postil--program))
          (process-adaptive-read-buffering nil)
          (process-connection-type nil)
          (default-directory "/"))
      (postil--put-nothing)
      (setq postil--process
            (make-process :name "postil" :command (list program "serve") :noquery t
                          :connection-type 'pipe :coding '(utf-8-unix . utf-8-unix)
                          :filter #'postil--filter :sentinel #'postil--sentinel
                          :stderr (postil--errors))))
    (postil--send 'hello '(:unit "char" :protocol 1)
                  (lambda (answer)
                    (when-let ((words (plist-get answer :error)))
                      (postil--give-up words))))
    (add-hook 'after-save-hook #'postil--saved)))

(defun postil--errors ()
  "A pipe for what the process has to say to people."
  (make-pipe-process :name "postil-errors" :noquery t :filter #'postil--heard
                     :sentinel #'ignore :buffer nil))

(defvar postil--said "" "What the process said last to people.")

(defun postil--heard (_pipe words)
  "Keep WORDS."
  (setq postil--said (string-trim words)))

(defun postil--stop ()
  "End the process, for nothing needs it."
  (remove-hook 'after-save-hook #'postil--saved)
  (when postil--process
    (set-process-sentinel postil--process #'ignore)
    (when (process-live-p postil--process)
      (delete-process postil--process))
    (when-let ((pipe (get-process "postil-errors")))
      (delete-process pipe)))
  (setq postil--process nil)
  (postil--put-nothing))

(defun postil--give-up (words)
  "Turn the mode off everywhere, because of WORDS."
  (dolist (buffer (postil--buffers))
    (with-current-buffer buffer (postil-mode -1)))
  (postil--stop)
  (message "Postil: %s; it is off now" words))

(defun postil--sentinel (process _event)
  "Start anew what PROCESS did, once."
  (when (and (eq process postil--process) (not (process-live-p process)))
    (setq postil--process nil)
    (postil--put-nothing)
    (let ((words (if (equal postil--said "") "the process ended" postil--said)))
      (setq postil--restarts (1+ postil--restarts)
            postil--said "")
      (if (> postil--restarts 1)
          (postil--give-up (format "%s, again" words))
        (message "Postil: %s; it is started anew" words)
        (condition-case trouble
            (progn
              (postil--start)
              (dolist (buffer (postil--buffers))
                (with-current-buffer buffer (postil--resync))))
          (error (postil--give-up (error-message-string trouble))))))))

(defun postil--filter (process bytes)
  "Handle the lines of PROCESS that are complete with BYTES."
  (let ((start 0) end)
    (while (setq end (string-search "\n" bytes start))
      (let ((line (apply #'concat (nreverse (cons (substring bytes start end)
                                                  (process-get process 'parts))))))
        (process-put process 'parts nil)
        (setq start (1+ end))
        (with-demoted-errors "Postil: %S"
          (postil--take (json-parse-string line :object-type 'plist :array-type 'list
                                           :null-object nil :false-object nil)))))
    (when (< start (length bytes))
      (process-put process 'parts (cons (substring bytes start) (process-get process 'parts))))))

(defun postil--take (message)
  "Do what MESSAGE wants, an answer or an event."
  (let ((id (plist-get message :id)) (event (plist-get message :event)))
    (cond (event
           (when-let ((buffer (postil--buffer-of (plist-get message :text))))
             (with-current-buffer buffer (postil--happened (intern event) message))))
          ((gethash id postil--calls)
           (let ((call (gethash id postil--calls)))
             (remhash id postil--calls)
             (when (buffer-live-p (car call))
               (with-current-buffer (car call) (funcall (cdr call) message)))))
          ((plist-get message :error)
           (message "Postil: %s" (plist-get message :error))))))

(defun postil--send (verb fields then)
  "Send a request to do VERB with FIELDS, a plist; nil is left out.
THEN is called with the answer, in this buffer if that still lives."
  (let ((id (cl-incf postil--count)) (request nil))
    (cl-loop for (key value) on fields by #'cddr
             when value do (setq request (nconc (list key value) request)))
    (puthash id (cons (current-buffer) then) postil--calls)
    (postil--put (concat (json-serialize `(:id ,id :do ,(symbol-name verb) ,@request)) "\n"))))

(defun postil--put (line)
  "Send LINE, or have it sent piece by piece if it is long, or if others wait."
  (if (or postil--lines (> (length line) postil--piece))
      (progn
        (setq postil--lines (nconc postil--lines (list line)))
        (unless postil--pump
          (setq postil--pump (run-at-time 0 nil #'postil--put-some))))
    (postil--put-now line)))

(defun postil--put-now (string)
  "Send STRING to the process.  One that has ended is the sentinel's matter."
  (condition-case trouble
      (process-send-string postil--process string)
    (error (when (process-live-p postil--process)
             (signal (car trouble) (cdr trouble))))))

(defun postil--put-some ()
  "Send a piece of what waits, and have the next one sent after what was typed."
  (setq postil--pump nil)
  (when postil--lines
    (let* ((line (car postil--lines)) (from postil--sent)
           (to (min (length line) (+ from postil--piece))))
      (if (< to (length line))
          (setq postil--sent to)
        (setq postil--sent 0)
        (pop postil--lines))
      (postil--put-now (substring line from to))
      (when (and postil--lines (not postil--pump))
        (setq postil--pump (run-at-time 0 nil #'postil--put-some))))))

(defun postil--put-all ()
  "Send all that waits."
  (while (and postil--lines (process-live-p postil--process))
    (when postil--pump
      (cancel-timer postil--pump))
    (postil--put-some)))

(defun postil--put-nothing ()
  "Forget what waits: it was for a process that is no more."
  (clrhash postil--calls)
  (when postil--pump
    (cancel-timer postil--pump))
  (setq postil--pump nil
        postil--lines nil
        postil--sent 0))

;;;; Places

(defun postil--clean (text string)
  "STRING of TEXT without what JSON cannot carry."
  (let ((string (string-to-multibyte string)))
    (if (not (string-match-p "[^\0-\uD7FF\uE000-\U0010FFFF]" string))
        string
      (setf (postil--text-odd text) t)
      (replace-regexp-in-string "[^\0-\uD7FF\uE000-\U0010FFFF]" "\uFFFD" string t t))))

(defun postil--size (text)
  "The bytes of this buffer's TEXT as it was sent; nil if that is not known."
  (unless (postil--text-odd text)
    (save-restriction
      (widen)
      (1- (position-bytes (point-max))))))

(defun postil--place (text position)
  "The line and column of POSITION in TEXT, as the process has them."
  (save-excursion
    (save-restriction
      (widen)
      (let* ((inhibit-field-text-motion t)
             (near (or (postil--text-near text) '(1 . 1)))
             (start (progn (goto-char position) (line-beginning-position)))
             (line (if (< start (car near))
                       (- (cdr near) (count-lines start (car near)))
                     (+ (cdr near) (count-lines (car near) start)))))
        (setf (postil--text-near text) (cons start line))
        (vector line (1+ (- position start)))))))

(defun postil--position (text line column)
  "Where LINE and COLUMN are in TEXT."
  (save-excursion
    (save-restriction
      (widen)
      (let ((near (or (postil--text-near text) '(1 . 1))))
        (goto-char (car near))
        (forward-line (- line (cdr near)))
        (when (bolp)
          (setf (postil--text-near text) (cons (point) line)))
        (min (+ (point) column -1) (point-max))))))

(defun postil--bounds (text span)
  "The positions of SPAN in TEXT: (BEG . END)."
  (pcase-let ((`(,line ,column ,to-line ,to-column) span))
    (cons (postil--position text line column) (postil--position text to-line to-column))))

(defun postil--span (text beg end)
  "The span of what lies between BEG and END in TEXT."
  (vconcat (postil--place text beg) (postil--place text end)))

;;;; The text follows the buffer

(defun postil--before-change (beg end)
  "Keep what lies between BEG and END, which is about to change."
  (when-let ((text (postil--own)))
    (postil--place text beg)
    (setf (postil--text-before text)
          (vector beg (buffer-substring-no-properties beg end) (postil--text-near text)))))

(defun postil--behind (from string)
  "The place behind STRING, which is put at the place FROM."
  (let ((line (aref from 0)) (start 0) feed)
    (while (setq feed (string-search "\n" string start))
      (setq line (1+ line) start (1+ feed)))
    (vector line (+ (- (length string) start) (if (= start 0) (aref from 1) 1)))))

(defun postil--after-change (beg end length)
  "Queue the edit that put what lies between BEG and END for LENGTH characters."
  (when-let ((text (postil--own)))
    (let* ((before (postil--text-before text))
           (old (and before (aref before 1)))
           (from (and before (- beg (aref before 0)))))
      (setf (postil--text-done text) nil)
      (cl-incf (postil--text-version text))
      (setf (postil--text-asked text) nil)
      (postil--move-wanted text beg end length)
      (if (not (and before (>= from 0) (<= (+ from length) (length old))))
          (postil--resync)
        (setf (postil--text-near text) (aref before 2))
        (postil--queue text beg end (substring old from (+ from length)))
        ;; Some changes come in several pieces.
        (aset before 1 (concat (substring old 0 from) (buffer-substring-no-properties beg end)
                               (substring old (+ from length))))))))

(defun postil--cloned ()
  "Turn the mode off in this clone of a buffer, but for telling its base of edits."
  (setq postil-mode nil)
  (pcase-dolist (`(,hook ,own ,base)
                 '((before-change-functions postil--before-change postil--before-change-of-base)
                   (after-change-functions postil--after-change postil--after-change-of-base)))
    (remove-hook hook own t)
    (add-hook hook base nil t)))

(defun postil--before-change-of-base (&rest change)
  "Do with CHANGE in a clone as in its base."
  (postil--in-base #'postil--before-change change))

(defun postil--after-change-of-base (&rest change)
  "Do with CHANGE in a clone as in its base."
  (postil--in-base #'postil--after-change change))

(defun postil--in-base (function arguments)
  "Call FUNCTION with ARGUMENTS in the base of this buffer."
  (with-current-buffer (buffer-base-buffer)
    (save-restriction
      (widen)
      (apply function arguments))))

(defun postil--queue (text beg end gone)
  "Queue an edit of TEXT: what lies between BEG and END came for GONE."
  (postil--schedule text)
  (if (>= (postil--text-queued text) postil--most-edits)
      (postil--resync)
    (when (postil--text-opened text)
      (let* ((from (postil--place text beg))
             (content (postil--clean text (buffer-substring-no-properties beg end))))
        (cl-incf (postil--text-queued text))
        (push (list :text (postil--text-name text) :version (postil--text-version text)
                    :from from :to (postil--behind from gone) :content content
                    :size (postil--size text))
              (postil--text-queue text))))))

(defun postil--resync ()
  "Have the text of this buffer sent as a whole."
  (let ((text (postil--own)))
    (setf (postil--text-opened text) nil
          (postil--text-queue text) nil
          (postil--text-queued text) 0
          (postil--text-asked text) nil
          (postil--text-awaited text) nil
          (postil--text-near text) nil
          (postil--text-before text) nil
          (postil--text-done text) nil)
    (postil--schedule text)))

(defun postil--path ()
  "The path of this buffer's file as the process sees it, or nil."
  (and buffer-file-name (not (file-remote-p buffer-file-name))
       (file-name-unquote (expand-file-name buffer-file-name))))

(defun postil--rule-set (name)
  "NAME of a pack, or of a rule file as the process sees it."
  (if (not (string-match-p "/\\|\\.lua\\'" name))
      name
    (let ((path (expand-file-name name)))
      (when (file-remote-p path)
        (user-error "Postil: rules must be on this machine, unlike %s" path))
      (file-name-unquote path))))

(defun postil--open (text)
  "Send the whole TEXT of this buffer."
  (let ((content (save-restriction
                   (widen)
                   (buffer-substring-no-properties (point-min) (point-max)))))
    (setf (postil--text-opened text) t
          (postil--text-odd text) nil)
    (postil--send 'open (list :text (postil--text-name text) :content (postil--clean text content)
                              :path (postil--path) :date postil-date
                              :rules (and (postil--text-rules text)
                                          (vconcat (postil--text-rules text)))
                              :version (postil--text-version text))
                  #'postil--opened)
    (jit-lock-refontify)))

(defun postil--opened (answer)
  "Note the ANSWER to `open'."
  (let ((text (postil--own)))
    (cond ((null text))
          ((plist-get answer :error)
           (postil-mode -1)
           (message "Postil: %s" (plist-get answer :error)))
          (t (let ((words (plist-get answer :untrusted)) (known (postil--text-untrusted text)))
               (setf (postil--text-untrusted text) words)
               (cond ((and words (not (equal words known))) (message "Postil: %s" words))
                     ((plist-get answer :broken)
                      (message "Postil: %s" (plist-get answer :broken)))))))))

(defun postil--flush (text)
  "Send what the process does not know yet of TEXT, this buffer's."
  (if (> (buffer-size) postil-max-size)
      (progn (postil-mode -1)
             (message "Postil: %s has grown beyond `postil-max-size'; it is off now" (buffer-name)))
    (unless (process-live-p postil--process)
      (postil--start))
    (if (not (postil--text-opened text))
        (postil--open text)
      (let ((queue (nreverse (postil--text-queue text))))
        (setf (postil--text-queue text) nil
              (postil--text-queued text) 0)
        (dolist (edit queue)
          (let ((version (plist-get edit :version)))
            (setf (postil--text-awaited text) version)
            (postil--send 'edit edit (lambda (answer) (postil--edited answer version)))))))))

(defun postil--edited (answer version)
  "Go on after ANSWER to the edit that led to VERSION.
Send the text anew if it asks for that.  Ask about what has been
displayed since the last edit: a timer would cost one redisplay more."
  (when-let ((text (postil--own)))
    (cond ((plist-get answer :resync)
           (when (postil--text-opened text)
             (postil--resync)))
          ((eql version (postil--text-awaited text))
           (setf (postil--text-awaited text) nil)
           (unless (postil--text-timer text)
             (postil--ask-faces text))))))

(defun postil--schedule (text)
  "Have what waits in TEXT sent soon, not now: this may be redisplay."
  (unless (postil--text-timer text)
    (setf (postil--text-timer text) (run-at-time 0 nil #'postil--work (current-buffer)))))

(defun postil--work (buffer)
  "Send what waits in BUFFER."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when-let ((text (postil--own)))
        (setf (postil--text-timer text) nil)
        (with-demoted-errors "%S"
          (postil--flush text)
          (when (postil--own)
            (postil--ask-faces text)))))))

;;;; Faces

(defun postil--fontify (beg end)
  "Note that what lies between BEG and END is displayed."
  (when-let ((text (postil--own)))
    (unless (postil--asked-p text beg end)
      (postil--want text beg end)
      (unless (postil--text-awaited text)
        (postil--schedule text))))
  nil)

(defun postil--asked-p (text beg end)
  "Whether an answer is to come about what lies between BEG and END of TEXT."
  (cl-some (lambda (lines) (<= (car lines) beg end (cdr lines)))
           (postil--text-asked text)))

(defun postil--want (text beg end)
  "Have what lies between BEG and END of TEXT painted.
Stretches that meet are one; two windows may be far from each other."
  (let ((apart nil))
    (dolist (one (postil--text-wanted text))
      (if (or (< end (car one)) (< (cdr one) beg))
          (push one apart)
        (setq beg (min beg (car one)) end (max end (cdr one)))))
    (setf (postil--text-wanted text) (cons (cons beg end) apart))))

(defun postil--move-wanted (text beg end length)
  "Move what is to be painted of TEXT with an edit.
What lies between BEG and END came for LENGTH characters."
  (let ((more (- end beg length)))
    (dolist (one (postil--text-wanted text))
      (when (> (car one) beg)
        (setcar one (max beg (+ (car one) more))))
      (when (> (cdr one) beg)
        (setcdr one (max end (+ (cdr one) more)))))))

(defun postil--whole-lines (beg end)
  "The lines between BEG and END, as (BEG . END).
Of many there are only the first, of a long one only its beginning."
  (save-excursion
    (let* ((inhibit-field-text-motion t)
           (from (progn (goto-char beg) (line-beginning-position)))
           (most (+ from postil--most-painted))
           (to (progn (goto-char end) (if (bolp) end (line-beginning-position 2)))))
      (when (> to most)
        (goto-char most)
        (setq to (if (> (line-beginning-position) from) (line-beginning-position) most)))
      (cons from to))))

(defun postil--ask-faces (text)
  "Ask how what is displayed of TEXT is tagged."
  (save-restriction
    (widen)
    (pcase-dolist (`(,beg . ,end) (prog1 (postil--text-wanted text)
                                    (setf (postil--text-wanted text) nil)))
      (let* ((lines (postil--whole-lines (min beg (point-max)) (min end (point-max))))
             (where (list :text (postil--text-name text)
                          :span (postil--span text (car lines) (cdr lines)))))
        (when (< (car lines) (cdr lines))
          (push lines (postil--text-asked text))
          (postil--send 'faces `(,@where :labels ,(and postil-labels (vconcat postil-labels)))
                        (lambda (answer) (postil--came answer lines #'stringp #'postil--spots)))
          (when postil-speakers
            (postil--send 'tags `(,@where :labels ["quote"])
                          (lambda (answer)
                            (postil--came answer lines #'consp #'postil--speakers)))))))))

(defun postil--is-now (text answer)
  "Whether ANSWER is about TEXT as it is now."
  (and text (postil--text-opened text)
       (equal (plist-get answer :version) (postil--text-version text))))

(defun postil--came (answer lines kind marks)
  "Paint LINES, (BEG . END), as ANSWER has it.
KIND is that of `postil--paint', as are MARKS, a function of text,
answer and LINES."
  (when-let ((text (postil--own)))
    (setf (postil--text-asked text) (delq lines (postil--text-asked text)))
    (unless (plist-get answer :error)
      (save-restriction
        (widen)
        (if (postil--is-now text answer)
            (postil--paint text lines kind (funcall marks text answer lines))
          (postil--fontify (min (car lines) (point-max)) (min (cdr lines) (point-max))))))))

(defun postil--spots (text answer _lines)
  "A list for `postil--paint' of what is tagged in TEXT, by ANSWER."
  (cl-loop for (line column to-line to-column label) on (plist-get answer :spans)
           by (lambda (spans) (nthcdr 5 spans))
           collect (list (postil--position text line column)
                         (postil--position text to-line to-column) label)))

(defun postil--face (label)
  "The face of LABEL, nil for one that is a helper."
  (unless (string-prefix-p "_" label)
    (alist-get label postil-faces 'postil-named nil #'equal)))

(defun postil--overlays (beg end)
  "Overlays of postil that lie between BEG and END, or reach into it."
  (cl-remove-if-not (lambda (overlay) (overlay-get overlay 'postil)) (overlays-in beg end)))

(defun postil--paint (text lines kind marks)
  "Paint LINES, (BEG . END), of TEXT.  What is right stays.
MARKS are lists (BEG END WHAT), where WHAT is a label, which gives a
face, or (WORDS) to be put behind it.  KIND is a predicate of WHAT:
overlays of the other kind are left alone."
  (let ((there (make-hash-table :test #'equal)))
    (dolist (overlay (postil--overlays (car lines) (cdr lines)))
      (when (funcall kind (overlay-get overlay 'postil))
        (push overlay (gethash (list (overlay-start overlay) (overlay-end overlay)
                                     (overlay-get overlay 'postil))
                               there))))
    (let ((new (cl-remove-if (lambda (mark) (pop (gethash mark there))) marks)))
      (maphash (lambda (_ overlays)
                 (cl-decf (postil--text-overlays text) (length overlays))
                 (mapc #'delete-overlay overlays))
               there)
      (pcase-dolist (`(,beg ,end ,what) new)
        (when (and (< beg end) (or (consp what) (postil--face what)))
          (cl-incf (postil--text-overlays text))
          (postil--mark beg end what)))))
  (when (> (postil--text-overlays text) postil--most-overlays)
    (postil--forget-undisplayed text)))

(defun postil--mark (beg end what)
  "Make an overlay from BEG to END for WHAT, see `postil--paint'.
Words stay behind what is typed in front of them."
  (let ((overlay (make-overlay beg end nil t (consp what))))
    (overlay-put overlay 'postil what)
    (overlay-put overlay 'evaporate t)
    (if (consp what)
        (overlay-put overlay 'after-string (concat (propertize " " 'cursor t)
                                                   (propertize (car what) 'face 'postil-speaker)))
      (overlay-put overlay 'face (postil--face what)))))

(defun postil--unpaint ()
  "Delete all overlays of this buffer."
  (save-restriction
    (widen)
    (mapc #'delete-overlay (postil--overlays (point-min) (point-max)))))

(defun postil--set (symbol value)
  "Set the option SYMBOL to VALUE, and have all buffers painted anew."
  (set-default symbol value)
  (dolist (buffer (postil--buffers))
    (with-current-buffer buffer
      (postil--unpaint)
      (setf (postil--text-asked (postil--own)) nil)
      (jit-lock-refontify))))

(defun postil--forget-undisplayed (text)
  "Delete overlays of TEXT that no window is near; they come back when one is."
  (let ((kept nil))
    (dolist (window (get-buffer-window-list nil nil t))
      (let ((start (window-start window)))
        (setq kept (nconc (postil--overlays (max (point-min) (- start 4000))
                                            (min (point-max) (+ start 20000)))
                          kept))))
    (dolist (overlay (postil--overlays (point-min) (point-max)))
      (unless (memq overlay kept) (delete-overlay overlay)))
    (setf (postil--text-overlays text) (length kept))
    (jit-lock-refontify)))

;;;; Speakers

(defun postil--one-line (words)
  "WORDS without ends of lines and other controls."
  (replace-regexp-in-string "[[:cntrl:]]+" " " words))

(defun postil--speaker (text tag)
  "The speaker of TAG, a quotation of TEXT, or nil."
  (let ((speaker (plist-get (plist-get tag :attributes) :speaker)))
    (cond ((stringp speaker) (postil--one-line speaker))
          ((consp speaker)
           (pcase-let ((`(,beg . ,end) (postil--bounds text (plist-get speaker :span))))
             (postil--one-line (or (plist-get speaker :name)
                                   (buffer-substring-no-properties beg end))))))))

(defun postil--speakers (text answer lines)
  "A list for `postil--paint' of the speakers of TEXT, by ANSWER.
Each line of LINES, (BEG . END), in which quotations end has one.
Several quotations in a row by one speaker count once, those inside
of others not at all."
  (let ((ends nil))                     ; (END-OF-LINE BEG SPEAKER...), the last first
    (dolist (tag (plist-get answer :tags))
      (when-let* ((said (eql 0 (or (plist-get tag :depth) 0)))
                  (speaker (postil--speaker text tag))
                  (last (1- (cdr (postil--bounds text (plist-get tag :span)))))
                  (end (save-excursion (goto-char last) (line-end-position)))
                  (here (and (<= (car lines) last) (<= end (cdr lines)))))
        (unless (eql end (caar ends))
          (push (list end last) ends))
        (setf (nth 1 (car ends)) last)
        (unless (equal speaker (nth 2 (car ends)))
          (push speaker (nthcdr 2 (car ends))))))
    (mapcar (pcase-lambda (`(,end ,beg . ,speakers))
              (list beg end (list (mapconcat (lambda (one) (format "‹%s›" one))
                                             (reverse speakers) " "))))
            ends)))

;;;; Events

(defun postil--happened (event message)
  "Do what EVENT wants, which came as MESSAGE about this buffer's text."
  (let ((text (postil--own)))
    (pcase event
      ('changed
       ;; Speakers are called by names, which may be others without any change where they are shown.
       (if (and (postil--is-now text message) (not postil-speakers))
           (dolist (span (plist-get message :spans))
             (let ((bounds (postil--bounds text span)))
               ;; An answer that is still to come knows of this event.
               (unless (postil--asked-p text (car bounds) (cdr bounds))
                 (jit-lock-refontify (car bounds) (cdr bounds)))))
         (jit-lock-refontify)))
      ('done
       (when (postil--is-now text message)
         (setf (postil--text-done text) t
               (postil--text-labels text) nil)
         (mapc #'funcall (prog1 (nreverse (postil--text-whole text))
                           (setf (postil--text-whole text) nil)))
         (when (postil--text-unchecked text)
           (postil--check text))))
      ('rules (postil--rules-changed text message))
      ('failed
       (setf (postil--text-whole text) nil)
       (message "Postil: %s" (plist-get message :message))))))

(defun postil--whole (verb fields then)
  "When this buffer is tagged to its end, do VERB with FIELDS.
THEN is called with an answer about the text as it is then."
  (let ((text (postil--here)))
    (if (postil--text-done text)
        (postil--send verb `(:text ,(postil--text-name text) ,@fields)
                      (lambda (answer)
                        (cond ((null (postil--own)))
                              ((plist-get answer :error)
                               (message "Postil: %s" (plist-get answer :error)))
                              ((postil--is-now (postil--own) answer) (funcall then answer))
                              (t (postil--whole verb fields then)))))
      (message "Postil: %s: tagging..." verb)
      (push (lambda () (postil--whole verb fields then)) (postil--text-whole text)))))

(defun postil--here ()
  "The `postil--text' of this buffer, brought up to date.
An error if the mode is off."
  (unless (postil--own)
    (user-error "Postil: it is not on in this buffer; M-x postil-mode"))
  (postil--flush (postil--own))
  (or (postil--own) (user-error "Postil: it is not on in this buffer")))

(defun postil--ask (verb &rest fields)
  "The answer to VERB with FIELDS; an error if there is none in time.
Never called while Emacs displays."
  (let* ((text (postil--here)) (answer nil) (end (time-add nil postil-timeout))
         (process postil--process))
    (postil--send verb `(:text ,(postil--text-name text) ,@fields) (lambda (one) (setq answer one)))
    (postil--put-all)
    (while (and (not answer) (process-live-p process) (time-less-p nil end))
      (accept-process-output process 0.05 nil t))
    (cond ((null answer) (user-error "Postil: no answer within %s seconds" postil-timeout))
          ((plist-get answer :error) (user-error "Postil: %s" (plist-get answer :error)))
          (t answer))))

(defconst postil--patience 0.5
  "Seconds that a command waits for the end of tagging at most.")

(defun postil--ask-all (verb &rest fields)
  "The answer to VERB with FIELDS, of the whole text if that is tagged soon."
  (let ((text (postil--here)) (process postil--process) (end (time-add nil postil--patience)))
    (postil--put-all)
    (while (and (not (postil--text-done text)) (process-live-p process) (time-less-p nil end))
      (accept-process-output process 0.05 nil t))
    (apply #'postil--ask verb fields)))

(defun postil--at ()
  "The place of point."
  (postil--place (postil--own) (point)))

;;;; Lists

(cl-defstruct (postil--spot (:constructor postil--make-spot (marker group)) (:copier nil))
  "Where a row of a list is."
  marker group)

(cl-defmethod xref-location-marker ((spot postil--spot))
  "Where SPOT is."
  (postil--spot-marker spot))

(cl-defmethod xref-location-group ((spot postil--spot))
  "What SPOT is listed under."
  (postil--spot-group spot))

(cl-defmethod xref-location-line ((_spot postil--spot))
  "None: rows with the same line would be put in one."
  nil)

(defun postil--items (rows group)
  "ROWS of this buffer for xref, each listed under its GROUP."
  (mapcar (lambda (row)
            (let* ((bounds (postil--bounds (postil--own) (plist-get row :span)))
                   (words (or (plist-get row :words)
                              (postil--one-line
                               (buffer-substring-no-properties (car bounds) (cdr bounds)))))
                   (line (propertize (format "%d: " (car (plist-get row :span)))
                                     'face 'xref-line-number)))
              (xref-make (concat line words)
                         (postil--make-spot (copy-marker (car bounds))
                                            (or (funcall group row) (buffer-name))))))
          rows))

(defun postil--show (rows group nothing)
  "Show ROWS as a list for `next-error', by GROUP; NOTHING if there are none."
  (if (null rows)
      (message "Postil: %s" nothing)
    (let ((items (postil--items rows group)))
      (funcall xref-show-xrefs-function (lambda () items)
               `((window . ,(selected-window)) (display-action . nil))))))

(defun postil--buffer-group (_row)
  "What rows of one buffer are listed under."
  (buffer-name))

(defun postil--read-name (prompt)
  "Read a name with PROMPT; the one at point comes first."
  (postil--here)
  (let ((name (postil--name-at-point)))
    (completing-read (if name (format "%s (default %s): " prompt name) (concat prompt ": "))
                     (postil--name-table) nil nil nil nil name)))

(defun postil--name-table ()
  "A completion table of names in this buffer."
  (let ((buffer (current-buffer)))
    (completion-table-case-fold
     (completion-table-dynamic
      (lambda (prefix)
        (with-current-buffer buffer (postil--names-like prefix)))))))

(defun postil--names-like (prefix)
  "Names in this buffer that begin with PREFIX, the most frequent first."
  (mapcar (lambda (one) (plist-get one :words))
          (plist-get (postil--ask-all 'complete :prefix (postil--clean (postil--own) prefix))
                     :names)))

(defun postil--read-label (prompt)
  "Read a label with PROMPT; nil means any."
  (let ((label (completing-read prompt (cl-remove-if-not
                                        #'postil--face
                                        (plist-get (postil--ask 'labels) :labels)))))
    (unless (equal label "") label)))

;;;###autoload
(defun postil-who (&optional name)
  "List who said what, most quoted first; of NAME alone with a prefix argument."
  (interactive (list (and current-prefix-arg (postil--read-name "Who"))))
  (postil--whole
   'who (and name (list :name name))
   (lambda (answer)
     (postil--show (plist-get answer :rows)
                   (lambda (row) (or (plist-get row :name) "(nobody)"))
                   "nobody is quoted"))))

;;;###autoload
(defun postil-names (&optional label)
  "List each name at its first mention, most frequent first.
With a prefix argument, names of LABEL alone."
  (interactive (list (and current-prefix-arg (postil--read-label "Label: "))))
  (postil--whole 'names (and label (list :label label))
                 (lambda (answer)
                   (postil--show (plist-get answer :rows) #'postil--buffer-group
                                 "nothing is named"))))

;;;###autoload
(defun postil-find (name)
  "List each mention of NAME, short forms and pronouns that speak included."
  (interactive (list (postil--read-name "Find")))
  (postil--whole 'find (list :name name)
                 (lambda (answer)
                   (postil--show (plist-get answer :rows) #'postil--buffer-group
                                 (format "no mention of it: %s" name)))))

;;;###autoload
(defun postil-list (&optional label)
  "List all that is tagged; with a prefix argument, by LABEL alone."
  (interactive (list (and current-prefix-arg (postil--read-label "Label: "))))
  (postil--whole 'tags (and label (list :labels (vector label)))
                 (lambda (answer)
                   (postil--show (cl-remove-if-not
                                  (lambda (tag) (postil--face (plist-get tag :label)))
                                  (plist-get answer :tags))
                                 (lambda (tag) (plist-get tag :label))
                                 "nothing is tagged"))))

;;;###autoload
(defun postil-check ()
  "List what is wrong with quotations."
  (interactive)
  (postil--whole 'check nil
                 (lambda (answer)
                   (postil--show (plist-get answer :rows) #'postil--buffer-group "no faults"))))

;;;; Repairs

(defun postil--mend (edits)
  "Make EDITS, from the back to the front, as one step of undo."
  (undo-boundary)
  (let ((places (mapcar (lambda (edit)
                          (cons (postil--bounds (postil--own) (plist-get edit :span))
                                (plist-get edit :content)))
                        edits)))
    (atomic-change-group
      (save-excursion
        (pcase-dolist (`((,beg . ,end) . ,content) places)
          (goto-char beg)
          (delete-region beg end)
          (insert content)))))
  (undo-boundary))

(defun postil--within (beg end)
  "A predicate of edits of this buffer that lie between BEG and END."
  (let ((text (postil--own)))
    (lambda (edit)
      (let ((bounds (postil--bounds text (plist-get edit :span))))
        (and (<= beg (car bounds)) (<= (cdr bounds) end))))))

;;;###autoload
(defun postil-fix (&optional beg end)
  "Make the repairs that are safe, between BEG and END if there is a region.
Where the buffer is narrowed, nothing else is touched."
  (interactive (progn
                 (barf-if-buffer-read-only)
                 (and (use-region-p) (list (region-beginning) (region-end)))))
  (postil--whole 'fix nil
                 (lambda (answer)
                   (let ((edits (cl-remove-if-not
                                 (postil--within (or beg (point-min)) (or end (point-max)))
                                 (plist-get answer :edits))))
                     (postil--mend edits)
                     (message "Postil: %d repair%s" (length edits) (if (cdr edits) "s" ""))))))

;;;###autoload
(defun postil-fix-at-point ()
  "Make the repair that is nearest in this line, also one that is not certain."
  (interactive "*")
  (let* ((answer (postil--ask-all 'fix :all t))
         (edits (cl-remove-if-not (postil--within (line-beginning-position) (line-end-position))
                                  (plist-get answer :edits)))
         (text (postil--own)))
    (unless edits
      (user-error "Postil: no repair in this line"))
    (cl-flet ((far (edit) (abs (- (point) (car (postil--bounds text (plist-get edit :span)))))))
      (postil--mend (list (car (sort edits (lambda (a b) (< (far a) (far b))))))))))

;;;; Motions and things

(defun postil--name-labels ()
  "Labels that name somebody or something, as one; nil if there is none."
  (or (postil--text-labels (postil--own))
      (let ((names (plist-get (postil--ask 'labels) :names)))
        (setf (postil--text-labels (postil--own))
              (and (not (equal names "")) names)))))

(defun postil--label (kind)
  "The label that asks for KIND: a label, the symbol `name', or nil."
  (if (eq kind 'name)
      (or (postil--name-labels) (user-error "Postil: the rules name nothing"))
    kind))

(defun postil--jump (answer)
  "Go where ANSWER leads; an error in its words if it leads nowhere."
  (let ((span (plist-get answer :span)))
    (unless span
      (user-error "Postil: %s" (or (plist-get answer :words) "there is nothing")))
    (let ((beg (car (postil--bounds (postil--own) span))))
      (unless (<= (point-min) beg (point-max))
        (user-error "Postil: it lies outside of what the buffer is narrowed to"))
      (unless (region-active-p) (push-mark nil t))
      (goto-char beg))))

(defun postil--move (count kind)
  "Go to the COUNT-th tag of a KIND; backward if COUNT is negative."
  (postil--here)
  (unless (zerop count)
    (postil--jump (postil--ask (if (> count 0) 'next 'previous) :at (postil--at)
                               :label (postil--label kind) :count (abs count)))))

(defmacro postil--motions (name kind words)
  "Define the motions to what is called NAME, of a KIND, told of as WORDS."
  `(progn
     (defun ,(intern (format "postil-next%s" name)) (&optional count)
       ,(format "Go to the COUNT-th %s that begins behind point." words)
       (interactive "p")
       (postil--move (or count 1) ,kind))
     (defun ,(intern (format "postil-previous%s" name)) (&optional count)
       ,(format "Go to the COUNT-th %s that begins before point." words)
       (interactive "p")
       (postil--move (- (or count 1)) ,kind))))

(postil--motions "" nil "tag")
(postil--motions "-quote" "quote" "quotation")
(postil--motions "-name" 'name "name")

(defun postil-next-label (label &optional count)
  "Go to the COUNT-th tag of a LABEL; backward if COUNT is negative."
  (interactive (list (postil--read-label "Next: ") (prefix-numeric-value current-prefix-arg)))
  (postil--move (or count 1) label))

(defun postil-partner ()
  "Go where what is at point leads.
From a quotation to its speaker, from a speaker to what he says next,
from another mention to the first full one of that name."
  (interactive)
  (postil--here)
  (postil--jump (postil--ask-all 'partner :at (postil--at))))

(defun postil--thing (kind inside &optional count)
  "The bounds of a thing of a KIND around point; COUNT is how far outward.
None if it reaches out of what the buffer is narrowed to.
With INSIDE, of what is inside of its quotation signs."
  (when (postil--own)
    (postil--here)
    (let* ((answer (postil--ask 'at :at (postil--at) :inner (and inside t)
                                :label (and (stringp kind) kind)))
           (tags (cl-remove-if (lambda (tag)
                                 (or (not (postil--face (plist-get tag :label)))
                                     (and (eq kind 'name)
                                          (member (plist-get tag :label) postil--no-names))))
                               (plist-get answer :tags)))
           (tag (nth (1- (or count 1)) tags))
           (bounds (and tag (postil--bounds (postil--own) (or (and inside (plist-get tag :inner))
                                                              (plist-get tag :span))))))
      (and bounds (<= (point-min) (car bounds)) (<= (cdr bounds) (point-max)) bounds))))

(defmacro postil--things (name kind inside words)
  "Define a thing and a command by NAME; WORDS describe it.
KIND and INSIDE are those of `postil--thing'."
  (let ((mark (intern (format "postil-mark-%s" name))))
    `(progn
       (put ',(intern (format "postil-%s" name)) 'bounds-of-thing-at-point
            (lambda () (postil--thing ,kind ,inside)))
       (defun ,mark (&optional count)
         ,(format "Set the region to %s.\nCOUNT is how far outward." words)
         (interactive "p")
         (postil--here)
         (let ((bounds (postil--thing ,kind ,inside count)))
           (unless bounds
             (user-error "Postil: there is none here"))
           (push-mark (cdr bounds) t t)
           (goto-char (car bounds)))))))

(postil--things "quote" "quote" nil "the quotation around point")
(postil--things "quote-inside" "quote" t "the quotation around point without its signs")
(postil--things "name" 'name nil "the name around point")
(postil--things "tag" nil nil "what is tagged around point")

(defun postil--name-at-point ()
  "What is named at point, or the word there, or nil."
  (let ((tag (cl-find-if-not (lambda (tag) (or (member (plist-get tag :label) postil--no-names)
                                               (not (postil--face (plist-get tag :label)))))
                             (plist-get (postil--ask 'at :at (postil--at)) :tags))))
    (if (null tag)
        (thing-at-point 'word t)
      (or (plist-get tag :name)
          (let ((bounds (postil--bounds (postil--own) (plist-get tag :span))))
            (buffer-substring-no-properties (car bounds) (cdr bounds)))))))

;;;; What stands at point

(defun postil-hover ()
  "Tell what is tagged at point, with its attributes and its rule."
  (interactive)
  (postil--here)
  (let ((lines (plist-get (postil--ask 'hover :at (postil--at)) :lines)))
    (display-message-or-buffer (if lines (string-join lines "\n") "Postil: nothing is tagged here")
                               "*postil*")))

(defun postil-why (&optional visit)
  "Tell why what is at point is tagged so, what lost, and what came near.
With a prefix argument, VISIT the rule if it is in a file."
  (interactive "P")
  (postil--here)
  (let* ((answer (postil--ask-all 'why :at (postil--at))) (place (plist-get answer :place)))
    (cond ((not visit)
           (display-message-or-buffer (string-join (plist-get answer :lines) "\n") "*postil*"))
          ((and place (file-readable-p (plist-get place :file)))
           (find-file-other-window (plist-get place :file))
           (goto-char (point-min))
           (forward-line (1- (or (plist-get place :line) 1))))
          (t (user-error "Postil: the rule is in no file of yours")))))

(defun postil--eldoc (callback &rest _)
  "Tell CALLBACK what stands at point, later."
  (when-let ((text (postil--own)))
    (when (and (postil--text-opened text) (process-live-p postil--process))
      (postil--flush text)
      (postil--send 'hover (list :text (postil--text-name text) :at (postil--at))
                    (lambda (answer)
                      (when-let ((lines (plist-get answer :lines)))
                        (funcall callback (string-join lines "\n")))))
      t)))

;;;; Imenu, completion, xref

(defun postil--imenu (own)
  "What OWN, the mode's function, lists, and names and quotations."
  (append (condition-case nil (funcall own) (imenu-unavailable nil) (error nil))
          (when (postil--own) (postil--imenu-own))))

(defun postil--imenu-own ()
  "Names by label, and quotations, for imenu."
  (let ((by-label nil) (text (postil--own)))
    (cl-flet ((add (label words row)
                (push (cons words (copy-marker (car (postil--bounds text (plist-get row :span)))))
                      (alist-get label by-label nil nil #'equal))))
      (dolist (row (plist-get (postil--ask-all 'quotes) :rows))
        (add "quote" (plist-get row :words) row))
      (dolist (row (plist-get (postil--ask-all 'names) :rows))
        (add (plist-get row :label) (plist-get row :name) row)))
    (mapcar (lambda (one) (cons (car one) (nreverse (cdr one))))
            (sort by-label (lambda (a b) (string< (car a) (car b)))))))

(defun postil--complete ()
  "Names that begin like what is before point, for `completion-at-point'."
  (when-let ((text (postil--own))
             (span (plist-get (postil--ask-all 'complete :at (postil--at)) :span))
             (beg (car (postil--bounds text span))))
    (and (< beg (point)) (list beg (point) (postil--name-table) :exclusive 'no))))

(defun postil--xref-backend ()
  "The backend of xref where the mode is on."
  (and (postil--own) 'postil))

(cl-defmethod xref-backend-identifier-at-point ((_backend (eql postil)))
  "The name at point."
  (postil--name-at-point))

(cl-defmethod xref-backend-identifier-completion-table ((_backend (eql postil)))
  "All names of this buffer."
  (postil--name-table))

(cl-defmethod xref-backend-identifier-completion-ignore-case ((_backend (eql postil)))
  "Names are found whatever the case."
  t)

(cl-defmethod xref-backend-definitions ((_backend (eql postil)) name)
  "The first full mention of NAME, else its first."
  (let* ((rows (plist-get (postil--ask-all 'names) :rows))
         (found (cl-find-if (lambda (row) (string-equal (downcase name)
                                                        (downcase (plist-get row :name))))
                            rows)))
    (postil--items (if found
                       (list found)
                     (seq-take (plist-get (postil--ask-all 'find :name name) :rows) 1))
                   #'postil--buffer-group)))

(cl-defmethod xref-backend-references ((_backend (eql postil)) name)
  "Each mention of NAME."
  (postil--items (plist-get (postil--ask-all 'find :name name) :rows) #'postil--buffer-group))

(cl-defmethod xref-backend-apropos ((_backend (eql postil)) pattern)
  "Names that PATTERN fits."
  (let ((regexp (xref-apropos-regexp pattern)) (case-fold-search t))
    (postil--items (cl-remove-if-not (lambda (row) (string-match-p regexp (plist-get row :name)))
                                     (plist-get (postil--ask-all 'names) :rows))
                   #'postil--buffer-group)))

;;;; Flymake

(defun postil--flymake (report &rest _)
  "Tell REPORT the faults of this buffer when it is tagged to its end."
  (if (null (postil--own))
      (funcall report nil)
    (setf (postil--text-report (postil--own)) report)
    (postil--check (postil--own))))

(defun postil--check (text)
  "Ask for the faults of TEXT, this buffer's, as soon as all is tagged."
  (setf (postil--text-unchecked text) (not (postil--text-done text)))
  (when (postil--text-done text)
    (let ((window (get-buffer-window nil t)))
      (postil--send 'check (list :text (postil--text-name text)
                                 :near (postil--place text (if window (window-point window)
                                                             (point)))
                                 :most postil--most-rows)
                    (lambda (answer)
                      (cond ((or (plist-get answer :error) (not (eq text (postil--own)))))
                            ((postil--is-now text answer) (postil--report text answer))
                            (t (setf (postil--text-unchecked text) t))))))))

(defun postil--report (text answer)
  "Tell flymake the faults of TEXT that are in ANSWER, in place of all others.
If they are those that are shown nothing is: to show hundreds takes long."
  (setf (postil--text-many text) (> (plist-get answer :left) 0))
  ;; Flymake may have been turned off, or on again, since it asked.
  (when (and flymake-mode (memq #'postil--flymake (flymake-running-backends)))
    (let ((faults (mapcar #'postil--fault (plist-get answer :rows))))
      (if (equal (postil--in-order (mapcar #'postil--fault-key faults))
                 (postil--in-order (postil--shown-faults)))
          (funcall (postil--text-report text) nil :region '(0 . 0))
        (funcall (postil--text-report text) faults :region (cons 1 (1+ (buffer-size))))))
    ;; It says there that flymake waits.
    (force-mode-line-update)))

(defun postil--fault-key (fault)
  "Place and words of FAULT, a diagnostic that is not shown yet."
  (list (flymake-diagnostic-beg fault) (flymake-diagnostic-end fault)
        (flymake-diagnostic-text fault)))

(defun postil--shown-faults ()
  "The faults of this buffer on show, as `postil--fault-key' has them.
Their overlays have moved along with the text; they themselves have not."
  (save-restriction
    (widen)
    (cl-loop for overlay in (overlays-in (point-min) (point-max))
             for fault = (overlay-get overlay 'flymake-diagnostic)
             when (and fault (eq (flymake-diagnostic-backend fault) #'postil--flymake))
             collect (list (overlay-start overlay) (overlay-end overlay)
                           (flymake-diagnostic-text fault)))))

(defun postil--in-order (keys)
  "KEYS in an order that is always the same."
  (sort keys (pcase-lambda (`(,beg ,end ,words) `(,other-beg ,other-end ,other-words))
               (cond ((/= beg other-beg) (< beg other-beg))
                     ((/= end other-end) (< end other-end))
                     (t (string< words other-words))))))

(defun postil--scrolled (window start)
  "Have faults shown where WINDOW begins, at START, if there are too many for all.
This is called also for a window that is where it was, as when faults have come."
  (with-current-buffer (window-buffer window)
    (when-let ((text (postil--own)))
      (when (and (postil--text-many text)
                 (not (eql start (window-parameter window 'postil--start))))
        (set-window-parameter window 'postil--start start)
        (postil--check-not text)
        (setf (postil--text-scrolled text)
              (run-at-time postil--calm nil #'postil--check-again (current-buffer)))))))

(defun postil--check-again (buffer)
  "Ask for the faults of BUFFER where its window is now."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when-let ((text (postil--own)))
        (setf (postil--text-scrolled text) nil)
        (postil--check text)))))

(defun postil--check-not (text)
  "Do not ask for the faults of TEXT because of scrolling."
  (when (postil--text-scrolled text)
    (cancel-timer (postil--text-scrolled text)))
  (setf (postil--text-scrolled text) nil))

(defun postil--diagnostic (beg end type words)
  "A diagnostic of a TYPE that has WORDS for what lies between BEG and END.
Flymake shows nothing where nothing lies: then it is the character before."
  (let ((end (min end (point-max))))
    (flymake-make-diagnostic (current-buffer)
                             (if (< beg end) beg (max (point-min) (1- end)))
                             (max end (min (point-max) (1+ (point-min))))
                             type words)))

(defun postil--fault (row)
  "ROW of faults as a diagnostic."
  (let ((bounds (postil--bounds (postil--own) (plist-get row :span))))
    (postil--diagnostic (car bounds) (cdr bounds) :note (plist-get row :words))))

(defvar-local postil--counters nil
  "What flymake counts: (STRING DIAGNOSTICS...), of each backend a list.")

(defun postil--counters ()
  "What flymake counts, counted only when it has heard something new."
  (let ((heard (mapcar #'flymake--state-diags (hash-table-values flymake--state))))
    (unless (and postil--counters (= (length heard) (length (cdr postil--counters)))
                 (cl-every #'eq heard (cdr postil--counters)))
      (setq postil--counters
            (cons (format-mode-line (default-value 'flymake-mode-line-counters)) heard)))
    (car postil--counters)))

(defun postil--counters-on ()
  "Have flymake of this buffer not count whenever something is displayed.
That of Emacs 28 does so, from all overlays: for each key."
  (unless (fboundp 'flymake--mode-line-counter-1)
    (setq-local flymake-mode-line-counters '(:eval (postil--counters)))))

(defun postil--flymake-on (function)
  "Add FUNCTION to flymake of this buffer; whether flymake was off before."
  (add-hook 'flymake-diagnostic-functions function nil t)
  (let ((was-off (not (bound-and-true-p flymake-mode))))
    (if was-off (flymake-mode 1) (flymake-start))
    was-off))

(defun postil--flymake-off (function by-us)
  "Take FUNCTION from flymake of this buffer; turn that off if it was on BY-US."
  (when (bound-and-true-p flymake-mode)
    (if (and by-us (equal (remq t flymake-diagnostic-functions) (list function)))
        (flymake-mode -1)
      (run-at-time 0 nil (symbol-function 'postil--flymake-again) (current-buffer))))
  (remove-hook 'flymake-diagnostic-functions function t)
  (unless (local-variable-p 'flymake-mode)
    (kill-local-variable 'flymake-diagnostic-functions)))

(defun postil--flymake-again (buffer)
  "Have flymake of BUFFER look again, without what is no longer there."
  (when (buffer-live-p buffer)
    (with-current-buffer buffer
      (when (bound-and-true-p flymake-mode)
        (flymake-mode -1)
        (flymake-mode 1)))))

;;;; Rule files

(defvar-local postil--rule-rows nil "What is wrong with the rules in this buffer.")
(defvar-local postil--rule-flymake nil "Whether flymake was turned on for that.")

(defun postil--flymake-rules (report &rest _)
  "Tell REPORT what is wrong with the rules in this buffer."
  (funcall report (mapcar #'postil--rule-fault postil--rule-rows)))

(defun postil--rule-fault (row)
  "ROW about this rule file as a diagnostic."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (forward-line (1- (plist-get row :line)))
      (let* ((end (line-end-position))
             (column (plist-get row :column))
             (bytes (position-bytes (point)))
             (at (lambda (more) (min end (or (byte-to-position (+ bytes column -1 more)) end))))
             (beg (if column (funcall at 0) (point)))
             (to (if column (max (1+ beg) (funcall at (or (plist-get row :width) 1))) end)))
        (postil--diagnostic beg to
                            (pcase (plist-get row :severity)
                              ("error" :error) ("warning" :warning) (_ :note))
                            (plist-get row :message))))))

(defun postil--show-rule-rows (rows files)
  "Show ROWS in the buffers of their files; nothing in those of FILES without."
  (dolist (buffer (buffer-list))
    (when-let* ((path (with-current-buffer buffer (postil--path)))
                (own (or (cl-remove-if-not
                          (lambda (row) (file-equal-p path (plist-get row :file)))
                          rows)
                         (and (buffer-local-value 'postil--rule-rows buffer)
                              (cl-some (lambda (file) (file-equal-p path file)) files)
                              'none))))
      (with-current-buffer buffer
        (if (eq own 'none)
            (postil--forget-rule-rows)
          (setq postil--rule-rows own)
          (when (postil--flymake-on #'postil--flymake-rules)
            (setq postil--rule-flymake t)))))))

(defun postil--forget-rule-rows ()
  "Nothing is wrong with the rules in this buffer any more."
  (postil--flymake-off #'postil--flymake-rules postil--rule-flymake)
  (kill-local-variable 'postil--rule-rows)
  (kill-local-variable 'postil--rule-flymake))

(defun postil--rules-changed (text message)
  "Tell of other rules for TEXT, as MESSAGE does."
  (let ((sum (plist-get message :sum)) (words (plist-get message :message))
        (rows (plist-get message :errors)))
    (setf (postil--text-labels text) nil)
    (postil--send 'rules (list :text (postil--text-name text))
                  (lambda (answer)
                    (when (postil--own)
                      (setf (postil--text-untrusted (postil--own)) (plist-get answer :untrusted)))
                    (postil--show-rule-rows
                     rows (if-let ((path (plist-get answer :path)))
                              (cons path (plist-get answer :files))
                            (plist-get answer :files)))))
    (jit-lock-refontify)
    (when flymake-mode (flymake-start))
    (cond (words (message (if rows "Postil: the rules stay as they were: %s" "Postil: %s")
                          (car (split-string words "\n"))))
          (sum (message "Postil: %s: +%d −%d, %d changed" (buffer-name)
                        (plist-get sum :new) (plist-get sum :gone) (plist-get sum :changed))))))

(defun postil--saved ()
  "Have rules taken anew that use the file that was saved."
  (when-let ((path (and (process-live-p postil--process) (postil--path))))
    (let ((owner (and (string-suffix-p ".postil.lua" path)
                      (cl-find-if (lambda (buffer)
                                    (equal path (postil--rule-path buffer)))
                                  (postil--buffers)))))
      (if (and owner (not (postil--text-untrusted (postil--own owner))))
          (postil--send 'trust (list :path path) #'postil--said-error)
        (postil--send 'reload (list :path path) #'postil--said-error)))))

(defun postil--said-error (answer)
  "Show what is wrong if ANSWER is an error."
  (when-let ((words (plist-get answer :error)))
    (message "Postil: %s" words)))

(defun postil--rule-path (buffer)
  "Where rules for the text in BUFFER are, or would be; nil if nowhere."
  (with-current-buffer buffer
    (when-let ((path (and (not (postil--text-rules (postil--own))) (postil--path))))
      (concat path ".postil.lua"))))

;;;###autoload
(defun postil-rules ()
  "Visit the rule file; the one beside the text if there is none."
  (interactive)
  (let* ((answer (postil--ask 'rules)) (path (plist-get answer :path)))
    (find-file-other-window (or path (car (plist-get answer :files))
                                (user-error "Postil: these rules are in no file")))))

;;;###autoload
(defun postil-trust ()
  "Show the rule file beside the text, and ask whether it may run."
  (interactive)
  (let* ((answer (postil--ask 'rules)) (path (plist-get answer :path)) (origin (current-buffer)))
    (unless path
      (user-error "Postil: there can be no rule file beside this text"))
    (unless (file-readable-p path)
      (user-error "Postil: there is no %s" path))
    (unless (plist-get answer :untrusted)
      (user-error "Postil: %s is trusted already" path))
    (let ((content (with-temp-buffer
                     (let ((coding-system-for-read 'utf-8-unix))
                       (insert-file-contents path))
                     (buffer-string))))
      (save-window-excursion
        (with-current-buffer (get-buffer-create "*postil rules*")
          (let ((inhibit-read-only t))
            (erase-buffer)
            (insert content)
            (goto-char (point-min))
            (special-mode))
          (display-buffer (current-buffer)))
        (unless (yes-or-no-p (format "Trust %s as it is shown? " (abbreviate-file-name path)))
          (user-error "Postil: not trusted")))
      (with-current-buffer origin
        (postil--send 'trust (list :path path :content (postil--clean (postil--own) content))
                      (lambda (answer)
                        (postil--said-error answer)
                        (unless (plist-get answer :error)
                          (message "Postil: trusted"))))))))

;;;###autoload
(defun postil-reload ()
  "Read rule files anew that others have changed."
  (interactive)
  (postil--here)
  (postil--send 'reload nil #'postil--said-error))

(defun postil--add (verb label &rest fields)
  "Do VERB with LABEL and FIELDS, and tell what is new in the rule file."
  (let* ((path (postil--rule-path (current-buffer)))
         (buffer (and path (find-buffer-visiting path))))
    (when (and buffer (buffer-modified-p buffer))
      (user-error "Postil: save %s first" (buffer-name buffer)))
    (let ((answer (apply #'postil--ask verb :label label fields)))
      (when buffer
        (with-current-buffer buffer (revert-buffer t t t)))
      (message "Postil: %s:%d: %s" (file-name-nondirectory (plist-get answer :path))
               (plist-get answer :line) (plist-get answer :statement)))))

(defun postil--selected ()
  "The bounds of the region, else of the name or word at point."
  (or (and (use-region-p) (cons (region-beginning) (region-end)))
      (postil--thing 'name nil)
      (bounds-of-thing-at-point 'word)
      (user-error "Postil: there is no word here")))

;;;###autoload
(defun postil-term (label)
  "Have the region, or the word at point, tagged as LABEL wherever it stands."
  (interactive (list (postil--read-label "Label: ")))
  (let ((bounds (postil--selected)))
    (postil--add 'term label :words
                 (postil--clean (postil--own)
                                (buffer-substring-no-properties (car bounds) (cdr bounds))))))

;;;###autoload
(defun postil-pin (label)
  "Have the region, or the word at point, tagged as LABEL in this place alone."
  (interactive (list (postil--read-label "Label: ")))
  (let ((bounds (postil--selected)))
    (postil--add 'pin label :span (postil--span (postil--own) (car bounds) (cdr bounds)))))

;;;###autoload
(defun postil-info ()
  "Say what postil knows of this buffer."
  (interactive)
  (if (null (postil--own))
      (message "Postil: it is not on in this buffer; M-x postil-mode")
    (let ((answer (postil--ask 'rules)))
      (message "Postil: %s; rules: %s%s; %s"
               (if (postil--text-done (postil--own)) "all is tagged" "tagging")
               (if (postil--text-rules (postil--own))
                   (string-join (postil--text-rules (postil--own)) ", ")
                 "news")
               (if-let ((files (plist-get answer :files)))
                   (concat ", " (string-join (mapcar #'abbreviate-file-name files) ", "))
                 "")
               (or (plist-get answer :untrusted) (plist-get answer :broken)
                   (car (process-command postil--process)))))))

;;;; The mode

(defvar postil-mode-map (make-sparse-keymap)
  "Keys of `postil-mode': none, until you put some there.")

(defvar postil-command-map
  (let ((map (make-sparse-keymap)))
    (pcase-dolist (`(,key . ,command)
                   '(("w" . postil-who) ("n" . postil-names) ("f" . postil-find) ("l" . postil-list)
                     ("c" . postil-check) ("x" . postil-fix) ("." . postil-fix-at-point)
                     ("]" . postil-next-quote) ("[" . postil-previous-quote)
                     (">" . postil-next-name) ("<" . postil-previous-name)
                     ("p" . postil-partner) ("h" . postil-hover) ("y" . postil-why)
                     ("q" . postil-mark-quote) ("i" . postil-mark-quote-inside)
                     ("m" . postil-mark-name) ("r" . postil-rules) ("!" . postil-trust)
                     ("g" . postil-reload) ("t" . postil-term) ("P" . postil-pin)
                     ("?" . postil-info)))
      (define-key map key command))
    map)
  "Commands of postil, to be put on a key.")
;;;###autoload (autoload 'postil-command-map "postil" nil nil 'keymap)
(defalias 'postil-command-map postil-command-map)

(defconst postil--repeated '("]" "[" ">" "<")
  "Keys of `postil-command-map' that `repeat-mode' repeats.")

(defvar postil-repeat-map
  (let ((map (make-sparse-keymap)))
    (dolist (key postil--repeated map)
      (define-key map key (lookup-key postil-command-map key))))
  "Motions, which `repeat-mode' repeats by their last key.")
(dolist (key postil--repeated)
  (put (lookup-key postil-command-map key) 'repeat-map 'postil-repeat-map))

(easy-menu-define postil-menu postil-mode-map
  "Menu of `postil-mode'."
  '("Postil"
    ["Who Said What" postil-who]
    ["Names" postil-names]
    ["Mentions of a Name..." postil-find]
    ["All That Is Tagged" postil-list]
    ["Faults" postil-check]
    ["Repair" postil-fix]
    "---"
    ["Next Quotation" postil-next-quote]
    ["Previous Quotation" postil-previous-quote]
    ["Next Name" postil-next-name]
    ["Previous Name" postil-previous-name]
    "---"
    ["From Quotation to Speaker and Back" postil-partner]
    ["What Is Here" postil-hover]
    ["Why" postil-why]
    "---"
    ["Rule File" postil-rules]
    ["Trust Rule File..." postil-trust]
    ["Tag These Words..." postil-term]
    ["Tag This Place..." postil-pin]
    "---"
    ["State" postil-info]
    ["Customize" (customize-group 'postil)]))

(defun postil--context-menu (menu click)
  "Add to MENU what can be done where CLICK is."
  (define-key-after menu [postil] menu-bar-separator)
  (pcase-dolist (`(,words . ,command) '(("Go to Speaker or Quotation" . postil-partner)
                                        ("What Is Tagged Here" . postil-hover)
                                        ("Why It Is Tagged" . postil-why)
                                        ("Repair This Line" . postil-fix-at-point)
                                        ("Select Quotation" . postil-mark-quote)
                                        ("Select Name" . postil-mark-name)))
    (define-key-after menu (vector command)
      `(menu-item ,words ,(lambda ()
                            (interactive)
                            (mouse-set-point click)
                            (call-interactively command)))))
  menu)

(defconst postil--hooks
  '((before-change-functions . postil--before-change)
    (after-change-functions . postil--after-change)
    (change-major-mode-hook . postil--off)
    (kill-buffer-hook . postil--off)
    (xref-backend-functions . postil--xref-backend)
    (completion-at-point-functions . postil--complete)
    (eldoc-documentation-functions . postil--eldoc)
    (context-menu-functions . postil--context-menu)
    (window-scroll-functions . postil--scrolled)
    (clone-indirect-buffer-hook . postil--cloned))
  "What the mode adds to hooks of a buffer.")

;;;###autoload
(define-minor-mode postil-mode
  "Show names and quotations in this buffer.
The work is done by the command postil, see `postil-program'.

No key is taken; `postil-command-map' may be put on one:

\\{postil-command-map}"
  :lighter " Postil"
  :keymap postil-mode-map
  (if postil-mode
      (unless (postil--own)
        (condition-case trouble
            (postil--on)
          (error (setq postil-mode nil)
                 (signal (car trouble) (cdr trouble)))))
    (postil--off)))

(defun postil--on ()
  "Turn on what the mode does in this buffer."
  (when (buffer-base-buffer)
    (user-error "Postil: this is an indirect buffer; turn it on in %s" (buffer-base-buffer)))
  (when (> (buffer-size) postil-max-size)
    (user-error "Postil: %s is larger than `postil-max-size', %d bytes" (buffer-name)
                postil-max-size))
  (unless (process-live-p postil--process)
    (setq postil--restarts 0))
  (let ((rules (mapcar #'postil--rule-set postil-rule-sets)))
    (postil--start)
    (puthash (current-buffer)
             (postil--make-text :name (format "%d" (cl-incf postil--count)) :rules rules)
             postil--texts))
  (pcase-dolist (`(,hook . ,function) postil--hooks)
    (add-hook hook function nil t))
  (add-function :around (local 'imenu-create-index-function) #'postil--imenu)
  (jit-lock-register #'postil--fontify)
  (postil--resync)
  ;; The mode that is on everywhere saw no use for itself here.
  (when (and global-eldoc-mode (not eldoc-mode))
    (eldoc-mode 1)
    (setf (postil--text-eldoc (postil--own)) t))
  (when postil-flymake
    (postil--counters-on)
    (setf (postil--text-flymake (postil--own)) (postil--flymake-on #'postil--flymake))))

(defun postil--off ()
  "Undo in this buffer all that the mode has done."
  (when-let ((text (postil--own)))
    (remhash (current-buffer) postil--texts)
    (setq postil-mode nil)
    (when (postil--text-timer text)
      (cancel-timer (postil--text-timer text)))
    (postil--check-not text)
    (pcase-dolist (`(,hook . ,function) postil--hooks)
      (remove-hook hook function t))
    (remove-function (local 'imenu-create-index-function) #'postil--imenu)
    (jit-lock-unregister #'postil--fontify)
    (when (postil--text-eldoc text)
      (eldoc-mode -1))
    (postil--flymake-off #'postil--flymake (postil--text-flymake text))
    (kill-local-variable 'flymake-mode-line-counters)
    (kill-local-variable 'postil--counters)
    (postil--unpaint)
    (if (null (postil--buffers))
        (progn
          (dolist (buffer (buffer-list))
            (when (buffer-local-value 'postil--rule-rows buffer)
              (with-current-buffer buffer (postil--forget-rule-rows))))
          (postil--stop))
      (when (process-live-p postil--process)
        (postil--send 'close (list :text (postil--text-name text)) #'ignore)))))

(defun postil-unload-function ()
  "Undo what `unload-feature' does not know of."
  (dolist (buffer (postil--buffers))
    (with-current-buffer buffer (postil-mode -1)))
  (dolist (thing '(postil-quote postil-quote-inside postil-name postil-tag))
    (put thing 'bounds-of-thing-at-point nil))
  nil)

(provide 'postil)
;;; postil.el ends here
