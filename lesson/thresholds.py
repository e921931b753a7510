"""Every number that a definition rests on, in one place; sources in ``docs/definitions.md``."""

from __future__ import annotations

#: Target think pause θ when neither the lesson nor the caller says otherwise.
TARGET_S = 3.0
#: Measuring tolerance ε: a pause of θ - ε reaches the target.
EPSILON_S = 0.15
#: The line for comparing wait time 1 with the literature, whatever the target.
RESEARCH_WAIT_S = 3.0
#: Longer pauses are working time: censored.
TIME_OUT_S = 15.0
#: Less than this between question and name: the name is glued to the question.
GLUED_S = 0.30
#: Less than this between two questions: stacked.
STACK_GAP_S = 1.0
#: Less than this inside one source's speech: one utterance.
UTTERANCE_GAP_S = 0.5
#: The teacher goes on for this long: the question is abandoned.
ABANDON_S = 2.0
#: A name this long before the question is a wake-up, not name-first.
WAKE_UP_S = 5.0
#: Two names at most this far apart are one nomination put right («Bo, of nee, Sofie»).
REPAIR_S = 2.0
#: Two names closer than this are two pupils named together («Sem en Roos»).
TOGETHER_GAP_S = 0.30
#: A pupil who begins sooner than this after the question called out.
CALLED_OUT_S = 0.5
#: Pupil speech shorter than this is no answer.
ANSWER_S = 0.30
#: A pause and its question, or a pause end and a turn, this close belong together.
MATCH_S = 0.5
#: Many voices for this long after a question are pair talk, not a choral answer.
PAIR_TALK_S = 10.0
#: Teacher speech shorter than this during an answer is a back-channel («hm-hm»).
BACK_CHANNEL_S = 0.5
#: Silence of the same pupil up to this long is a hesitation inside the answer.
HESITATION_S = 2.0
#: Silences from this length count as pauses within an answer.
WITHIN_ANSWER_S = 0.5
#: Questions below this signal-to-noise ratio have uncertain times.
LOW_SNR_DB = 6.0
#: A deliberate-name-first mark belongs to the last such question no longer ago than this.
MARK_REACH_S = 60.0
#: Share of episodes with an audible pupil below which pupils' times are not measurable.
PUPILS_HEARD_SHARE = 0.60
#: Figures over fewer observations are better not shown.
MINIMUM_N = 5
#: Upper limits of the bins for pauses; the last bin is open.
BIN_LIMITS_S = (1.0, 2.0, 2.7, 3.0, 5.0, 10.0)
