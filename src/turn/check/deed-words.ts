/** The words by which an answer claims that something was done, in English and German. Read by the checks of deeds. */

export type DeedKind = "send" | "pay" | "book" | "create" | "delete" | "change" | "keep" | "forget";

type Words = {
  readonly en: string;
  readonly de: string;
  /** Beginnings of the words in a verb's name that carry it out: `send_message`, `add_reminder`. */
  readonly verbs: readonly string[];
  /** It may be said of a text that is being worked on, too: "I have removed the last line". */
  readonly ofTexts: boolean;
};

const MAKING = ["create", "add", "book", "schedul", "remind", "set", "note", "plan", "open", "keep", "save", "resum"];

export const DEEDS: Readonly<Record<DeedKind, Words>> = {
  send: {
    en: "sent|e-?mailed|mailed|messaged|texted|forwarded|delivered|notified|informed|told|posted|published|submitted|pinged|contacted|alerted|dispatched|invited|called back|replied to|responded to",
    de: "gesendet|geschickt|verschickt|versendet|versandt|abgeschickt|abgesendet|weitergeleitet|zugestellt|benachrichtigt|informiert|gepostet|veröffentlicht|eingereicht|angerufen|kontaktiert|eingeladen|gemailt",
    verbs: ["send", "messag", "mail", "notif", "forward", "post", "reply", "webhook", "call", "tell", "deliver", "publish"],
    ofTexts: false,
  },
  pay: {
    en: "paid|transferred|wired|refunded|purchased|bought|ordered|charged|reimbursed|(?:made|issued|completed|processed|initiated) (?:the |your |a |an )?(?:payment|transfer|refund|purchase)|placed (?:the |your |a |an )?order",
    de: "bezahlt|gezahlt|überwiesen|gekauft|bestellt|erstattet|beglichen",
    verbs: ["pay", "transfer", "wire", "refund", "purchas", "buy", "order", "charg"],
    ofTexts: false,
  },
  book: {
    en: "booked|reserved|scheduled|rescheduled|arranged|cancell?ed|registered|subscribed|unsubscribed|enrolled|signed (?:you |him |her |them )?up|reminded|set (?:up )?(?:a |an |the |your |that )?(?:\\w+ )?(?:reminder|alarm|timer|meeting|appointment|call|schedule)|made (?:a |an |the |your )?(?:booking|reservation|appointment)|put (?:it|that|this) (?:in|on|into) (?:your|the) calendar",
    de: "gebucht|reserviert|vereinbart|terminiert|eingeplant|storniert|abgesagt|verschoben|angemeldet|abgemeldet|abonniert|eingetragen|erinnert|(?:erinnerung|wecker|timer|termin)\\w* (?:gesetzt|gestellt|eingerichtet|angelegt|erstellt)",
    verbs: [...MAKING, "reserv", "cancel", "paus", "remov", "delet"],
    ofTexts: false,
  },
  create: {
    en: "created|added|filed|uploaded|opened (?:a |an |the )?(?:ticket|issue|case|account)|set up",
    de: "erstellt|angelegt|hinzugefügt|hochgeladen|eingerichtet",
    verbs: MAKING,
    ofTexts: true,
  },
  delete: {
    en: "deleted|removed|erased|wiped|archived",
    de: "gelöscht|entfernt|archiviert",
    verbs: ["delet", "remov", "eras", "archiv", "forget", "cancel"],
    ofTexts: true,
  },
  change: {
    en: "updated|changed|edited|modified|renamed|moved|merged|deployed|installed|enabled|disabled|activated|deactivated|approved|granted|revoked|restarted|triggered",
    de: "aktualisiert|geändert|umbenannt|verschoben|installiert|aktiviert|deaktiviert|freigegeben|genehmigt|neu gestartet|ausgelöst",
    verbs: ["updat", "chang", "edit", "modif", "renam", "move", "merg", "deploy", "install", "enabl", "disabl", "activ", "approv", "grant", "revok", "restart", "trigger", "paus", "resum", "set"],
    ofTexts: true,
  },
  keep: {
    en: "saved|stored|noted|remembered|kept|recorded|memori[sz]ed|(?:written|noted|jotted) (?:it|that|this) down|made a note",
    de: "gespeichert|notiert|gemerkt|festgehalten|vermerkt|abgelegt|aufgeschrieben",
    verbs: MAKING,
    ofTexts: true,
  },
  forget: {
    en: "forgotten|forgot(?! to\\b)",
    de: "vergessen",
    verbs: ["forget", "delet", "remov"],
    ofTexts: true,
  },
}; // prettier-ignore

/** What stands between the one who did it and the deed. */
export const ADVERBS =
  "(?:(?:now|just|already|also|then|successfully|gladly|immediately|accordingly|officially|finally|since|both|duly|safely|quickly|gone ahead and|went ahead and|managed to have) )*";

/** A thing that an answer may hold itself, so that "I have created a list" needs no record. */
export const OF_THE_ANSWER =
  /\b(?:below|above|here|following|texts?|drafts?|lists?|tables?|summar(?:y|ies)|outlines?|versions?|sentences?|paragraphs?|words?|wording|tone|examples?|bullets?|headings?|sections?|lines?|commas?|typos?|duplicates?|short(?:er)?|brief|simple|in mind|comparison|overview|checklist|code|snippet|unten|oben|folgende\w*|texte?|entwurf|liste|tabelle|zusammenfassung|übersicht|fassung|sätze?|absätze?|wörter|beispiele?|kurz|knapp)\b/i;
