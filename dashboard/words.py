"""The words on the pages for the codes of ``lesson``; Dutch is in ``translations``."""

from __future__ import annotations

from dashboard.i18n import lazy_gettext as _
from lesson.episode import Order
from lesson.events import (
    Ender,
    Focus,
    NamePosition,
    NameRole,
    PauseOutcome,
    QuestionForm,
    Signal,
    Source,
)

ORDERS = {
    Order.QPN: _("Question – think pause – name"),
    Order.QN_SHORT: _("Question – name, pause short"),
    Order.QN_GLUED: _("Name right after the question"),
    Order.NQ: _("Name first"),
    Order.Q_VOL: _("Pupil begins without a turn"),
    Order.Q_CHORAL: _("Answer in chorus"),
    Order.Q_ALL: _("Everybody answers"),
    Order.FN: _("Passed on"),
    Order.Q_NONE: _("No turn given"),
}

FORMS = {
    QuestionForm.CHECK: _("check question"),
    QuestionForm.OPEN: _("thought-provoking question"),
    QuestionForm.CHOICE: _("choice question"),
    QuestionForm.YESNO: _("yes/no question"),
    QuestionForm.TAG: _("tag"),
    QuestionForm.COMPLETION: _("sentence to complete"),
    QuestionForm.INDIRECT: _("indirect question"),
    QuestionForm.DECLARATIVE: _("question in statement form"),
    QuestionForm.FOLLOWUP: _("follow-up"),
    QuestionForm.ELICIT_IMPERATIVE: _("request for an answer"),
    QuestionForm.META: _("question about understanding"),
    QuestionForm.PROCEDURAL: _("procedural question"),
    QuestionForm.RHETORICAL: _("rhetorical question"),
}

FOCUSES = {
    Focus.OPEN: _("thought-provoking"),
    Focus.CHECK: _("check"),
}

ENDERS = {
    Ender.NAME: _("name"),
    Ender.PUPIL: _("pupil"),
    Ender.CHORAL: _("chorus"),
    Ender.TEACHER_CONTINUES: _("teacher goes on"),
    Ender.SELF_ANSWER: _("teacher answers"),
    Ender.REPHRASE: _("question put again"),
    Ender.TIMEOUT: _("working time"),
    Ender.LESSON_END: _("end of lesson"),
}

OUTCOMES = {
    PauseOutcome.UNMEASURED: _("not measured"),
    PauseOutcome.RETRACTED: _("taken back"),
    PauseOutcome.CENSORED: _("working time"),
    PauseOutcome.INTERRUPTED: _("noise"),
}

ROLES = {
    NameRole.CALL: _("gives the turn"),
    NameRole.MENTION: _("spoken about"),
    NameRole.THANKS: _("thanked or praised"),
    NameRole.REPRIMAND: _("called to order"),
}

POSITIONS = {
    NamePosition.FIRST: _("at the beginning"),
    NamePosition.LAST: _("at the end"),
    NamePosition.INSIDE: _("in the middle"),
    NamePosition.ALONE: _("the name alone"),
}

SOURCES = {
    Source.TEACHER: _("the teacher"),
    Source.PUPIL: _("a pupil"),
    Source.MANY: _("several at once"),
    Source.UNKNOWN: _("not to be told"),
}

SIGNALS = {
    Signal.WAIT: _("signal: wait, they think"),
    Signal.GO: _("signal: the target is reached"),
}

MARKS = {
    "fragment": _("fragment"),
    "deliberate_name_first": _("name first, on purpose"),
}

#: what the device is doing, large at the top of the live page
STATUSES = {
    "listening": _("Listening"),
    "muted": _("Paused"),
    "microphone": _("Check the microphone"),
    "link_lost": _("Link lost – the device goes on measuring"),
    "off": _("Device is off"),
    "ready": _("Ready for the lesson"),
    "waiting": _("Waiting for a device"),
}

#: the sentence below the running pause
PHASES = {
    "listening": _("Waiting for a question"),
    "think": _("They think"),
    "reached": _("The target is reached"),
    "named": _("Turn given"),
    "answer": _("A pupil answers"),
    "lost": _("No sound to judge by"),
}

#: written by the live page's script, which puts figures in the braces
LIVE_TEXTS = {
    "too_few": _("too few questions so far (n = {n})"),
    "spread": _("n = {n} · middle half {low} to {high} s"),
    "of": _("{k} of {n} turns"),
    "of_turns": _("of {n} turns"),
    "age_seconds": _("last message {s} s ago"),
    "age_minutes": _("last message {min} min ago"),
    "order_unknown": _("not measured"),
    "no_lesson": _("No lesson is running now"),
    "sending": _("Sending …"),
    "not_done": _("The device did not answer: nothing was changed"),
    "refused": _("The device does not allow it"),
    "done_mark": _("Fragment marked"),
    "done_deliberate": _("Marked as name first on purpose"),
    "done_mute": _("Signals are off; measuring goes on"),
    "done_unmute": _("Signals are on from the next question"),
    "done_target": _("Signal at {s} s from the next question on"),
    "mute": _("Signals off"),
    "unmute": _("Signals on"),
    "ended": _("Watching has ended: the teacher stopped it, or its time is over"),
    "talk": _("n = {n} · of teacher and pupils together"),
}

#: what a part of the device could not do for a while, by ``dashboard.health.code_of``
HEALTH = {
    "noisy": _("too noisy"),
    "quiet": _("too soft"),
    "clipping": _("too loud"),
    "behind": _("speech runs behind"),
    "no_words": _("no speech recognition"),
    "muted": _("microphone off"),
    "no_microphone": _("microphone lost"),
}
