/** What people write every day and where it has to land: written from what the agents are for, not from their examples. */

/**
 * By agent; settled or guessed does not matter. Left out, because they are two agents' alike: "sort these by urgency" (no
 * word says what they are), "shorten it to the main points" (summary or shorter text), "how many errors are there?" (of a
 * text or of Nova), "is it important?", and "what did I decide about Nova?".
 */
export const EVERYDAY: Readonly<Record<string, readonly string[]>> = {
  librarian: [
    "do you remember the wifi password?",
    "where did I put the passport",
    "did Ben ever mention the new office?",
    "what did Ben say about the launch?",
    "what did I tell you about the budget?",
    "when is Anna's birthday?",
    "please keep a note that the car is in the garage",
    "what was decided on the logo?",
    "find my note about the insurance",
    "please forget my old address",
    "what did I note down last week?",
  ],
  editor: [
    "can you proofread my cover letter?",
    "correct the grammar in my message",
    "is the tone of this reply ok?",
    "how many characters are in this sentence?",
    "trim this paragraph to 50 words",
    "make this sound less formal",
    "check this letter for typos",
  ],
  summariser: [
    "give me a tl;dr",
    "sum up this report for me",
    "what are the takeaways of this article?",
    "I need the short version of this text",
    "which decisions were made in these minutes?",
  ],
  "ops-watch": [
    "show me the errors of last night",
    "status of my last request",
    "why did you not answer my last message?",
    "how long did the last answer take?",
    "which agent answered me before?",
    "are there failed turns since yesterday?",
    "is Nova slow today?",
    "what went wrong in t21?",
    "how many messages are still waiting to be sent?",
  ],
  analyst: [
    "how many days until Christmas?",
    "sum up the second column of this table",
    "how much VAT is in 119 euros at 19%?",
    "how many kilograms are 12 pounds?",
    "add up the hours in this list:\n3\n4.5\n6",
    "what date will it be in 100 days?",
    "what's the average of these: 4, 8, 15",
  ],
  "inbox-triage": [
    "which of these mails should I answer first?",
    "is this message phishing?",
    "do I need to answer this mail today?",
    "write a draft answer to this mail",
    "how urgent is this alert?",
  ],
  concierge: [
    "I need to prepare a talk for Friday and I do not know how to begin",
    "hi, I just joined",
    "what exactly do you do?",
    "which of the agents handles texts?",
    "thanks, see you tomorrow",
    "how do I use the commands?",
  ],
};

/** Right after an agent has answered, words that only mean something together with its answer. */
export const GOING_ON: readonly (readonly [words: string, agent: string])[] = [
  ["tell me more about it", "librarian"],
  ["can you explain it", "analyst"],
];
