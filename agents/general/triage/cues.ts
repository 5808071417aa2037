/** The words that tell what a message is, in English and in little German, French and Spanish. Used by kind.ts. */

export const KINDS = ["failure", "review", "task", "question", "change", "news"] as const;
export type Told = (typeof KINDS)[number];

/** A state that went well again; it outweighs what had failed, where the headline says it. */
export const RECOVERED =
  /\bresolved\b|\brecovered\b|\brecovery\b|\bback (?:up|online|to normal|in operation|below|under|within)\b|\bnormal(?:ly)? again\b|\b(?:works|working) (?:fine |well )?again\b|\b(?:incident|alert|outage) (?:is |was |has been )?(?:closed|over|cleared)\b|\b(?:is|are) (?:now )?up\b|\bUP\b|(?<![\p{L}\p{N}])OK(?![\p{L}\p{N}])|\boperational\b|\bwieder (?:erreichbar|verfügbar|online)|\bbehoben\b|\brétablie?\b|\brestablecid[oa]\b/iu;

/** It says itself that nobody has to do anything. */
export const NOTHING_WANTED =
  /\bthere(?: is|['’]s) nothing (?:more |else )?(?:for you )?to do\b|\bnothing (?:is )?(?:needed|required) (?:from|of) you\b|\bno (?:further )?action (?:is )?(?:needed|required)\b/i;
/** Faults were looked for, and there are none. */
export const FAULTLESS =
  /\b(?:no|zero|0|without(?: any)?) (?:new )?(?:errors|failures|faults|vulnerabilities|incidents)\b/i;
/** Paid, where a bill is named beside. */
export const PAID =
  /\bpayment\b(?:(?!\b(?:not|never|yet|fail\w*|until|before|if|once)\b)[^?\n]){0,60}\b(?:received|succeeded|completed)\b|\bthank(?:s| you) for your (?:payment|purchase|order)\b/i;

export const CUES: Readonly<Record<Told, readonly RegExp[]>> = {
  failure: [
    /(?:\b(?:[Ii]s|[Aa]re|[Ww]as|[Ww]ere|[Ww]ent|[Gg]oes|[Ss]tatus|[Ss]tate) |: "?)[Dd]own\b(?! (?:to|by|from|the|a)\b)|\bDOWN\b/,
    /\b(?:outage|offline|unreachable|unavailable|unhealthy|degraded|not responding|out of (?:memory|disk|space)|(?:almost|nearly) full|data loss)\b/i,
    /\b(?:fail(?:ed|ing|ure|ures|s)?|crash(?:ed|es|ing)?|crashloop\w{0,12}|abort(?:ed|s)|killed|evicted|stopped unexpectedly|exception|panic|broken|stack ?trace)\b/i,
    /\berrors?\b|\b[A-Z]\w{2,40}(?:Error|Exception)\b/i,
    /\b(?:did not|didn['’]t|does not|doesn['’]t|is not|isn['’]t|are not|aren['’]t|not|no longer|won['’]t|will not) (?:run|start|finish|complete|succeed|arrive|work|working|load|loading|respond|reachable|available|sync|syncing|turn on|open)\b|\b(?:declined|rejected)\b/i,
    /\b(?:alert(?:s|ing)?|firing|triggered|incident|critical|exceeded|threshold|time[ds]? ?out|anomaly)\b/i,
    /\b(?:security (?:alert|incident|advisory|breach)|vulnerabilit(?:y|ies)|(?:data )?breach|leaked|intrusion)\b/i,
    /\b(?:certificate|disk|memory|cpu|quota)\b.{0,60}\b(?:expire[sd]?|full|above|over|reached)\b/i,
    /\b(?:sign(?:ed)?[- ]?in|log(?:ged)?[- ]?in|login)\b.{0,60}\b(?:new|unknown|unrecogni[sz]ed|unfamiliar|unusual|suspicious)\b|\b(?:new|unknown|unrecogni[sz]ed|unfamiliar|unusual|suspicious) (?:sign-?in|login|device)\b/i,
    /\b(?:could not|couldn['’]t|can ?not|can['’]t|unable to) (?:be )?(?:log(?:ged)? ?in|sign(?:ed)? in|connect|reach|charge|load|open|save|access|start|deliver|process|sync|resolve|read|write|complete|pay)(?:e?d)?\b/i,
    /\bexit(?:s|ed)?(?: with)? (?:(?:code|status)\s?[:=]?\s?)?[1-9]\d{0,2}\b|\b(?:http|status|returns?|returned|responds? with|code)\s?[:=]?\s?5\d\d\b/i,
    /\b(?:heartbeat|check-?in|ping|backup)s? (?:was |were |is )?(?:missed|missing|overdue|late)\b|\bmissed (?:a |its |the )?(?:heartbeat|check-?in|ping|backup)\b|\b(?:has|have) not (?:reported|run|checked in|been seen)\b/i,
    /^\W{0,4}(?:warning|warn|alarm|fatal|achtung|attention)\b(?=\W)/i,
    /(?<!\p{L})(?:ausfall|störung|ausgefallen|fehlgeschlagen|fehler|abgestürzt|nicht erreichbar)(?!\p{L})/iu,
    /(?<!\p{L})(?:panne|erreur|échec|échoué|indisponible|hors service)(?!\p{L})/iu,
    /(?<!\p{L})(?:caíd[oa]|fallo|falló|no responde|fuera de servicio)(?!\p{L})/iu,
  ],
  review: [
    /\b(?:needs?|awaits?|awaiting|waiting for|pending|request(?:s|ed|ing)?)\b.{0,20}\b(?:approval|review|decision|sign-?off|confirmation)\b/i,
    /\b(?:please|kindly|(?:can|could|would|will) you(?: please)?|you (?:need|have) to|asks? you to)\s+(?:approve|review|confirm|decide|sign off|choose|vote|let us know which)\b/i,
    /\b(?:requests?|requested|requesting|asks? for|asked for|wants?|needs?) (?:\S+ ){0,3}(?:access|permissions?|membership)\b(?! (?:was|is|has been|were) (?:approved|granted|denied|closed|withdrawn))|\baccess request\b(?! (?:was|is|has been))/i,
    /\byour (?:approval|decision|go-ahead|sign-?off|vote|review)\b/i,
    /\bapprov(?:e or (?:reject|deny|decline)|al (?:request|required|needed))\b/i,
    /\b(?:shall|should) we\b.{0,80}\?|\bwhich (?:one|option|version|of)\b.{0,60}\?/i,
    /(?<!\p{L})(?:freigabe|freigeben|genehmig\p{L}*|bitte (?:prüfen|bestätigen|entscheiden))(?!\p{L})/iu,
    /(?<!\p{L})(?:approbation|approuver|merci de valider|votre (?:accord|validation|décision))(?!\p{L})/iu,
    /(?<!\p{L})(?:aprobación|aprobar|su (?:decisión|visto bueno))(?!\p{L})/iu,
  ],
  task: [
    /\b(?:invoice|bill|amount due|payment (?:is )?due|pay by|past due|overdue|outstanding balance)\b/i,
    /\b(?:deadline|due (?:date|on|by|in|today|tomorrow)|no later than|at the latest)\b/i,
    /\b(?:(?:can|could|would|will) (?:you|someone|somebody)(?: please)?|you (?:need|have) to|don['’]t forget to|remember to)\s+(?:send|pay|fill|complete|submit|update|upload|return|call|register|renew|provide|schedule|book|bring|prepare|forward|reply|respond|answer|check|fix|sign|add|remove|move|order|deliver|attend|join|reset|rotate|share|write|give|take|make|help|come)\b/i,
    /\b(?:please|kindly)\s+(?!(?:find|note|ignore|see|feel|contact|visit|refer|accept|enjoy|be (?:aware|advised)|(?:do not|don['’]t) (?:reply|hesitate|respond)|approve|review|confirm|decide|vote|choose)\b)[a-z]{2,}/i,
    /\b(?:i|we) (?:want|need|would like|wish|have) (?:to (?!know\b)|you to )|\b(?:i|we)['’]d like (?:to (?!know\b)|you to )/i,
    /\b(?:action (?:is )?(?:required|needed)|reminder|to-?do|assigned (?:to )?you|has been assigned)\b/i,
    /\b(?:renew(?:al|s)?|expires? (?:on|in|soon|tomorrow|today))\b/i,
    /\b(?:invit(?:es?|ed|ation)|appointment|rsvp|meeting (?:at|on|request))\b/i,
    /(?<!\p{L})(?:rechnung|mahnung|zahlungserinnerung|fällig|frist|bitte \p{Ll}+|läuft .{0,40}ab|erinnerung|termin)(?!\p{L})/iu,
    /(?<!\p{L})(?:facture|échéance|rappel|merci (?:de|d['’])|veuillez|à régler)(?!\p{L})/iu,
    /(?<!\p{L})(?:factura|vencimiento|vence|recordatorio|plazo|por favor)(?!\p{L})/iu,
  ],
  question: [
    /(?:^|[\s"“(¿])[\p{L}\p{N}][^?\n]{3,300}\?(?=$|[\s"”)])/u,
    /[？؟]/u,
    /\b(?:i(?:['’]m| am| was)? wondering|(?:would|['’]d) like to know|have a question|question about|enquir(?:y|e)|inquir(?:y|e)|get in touch|could you tell)\b/i,
    /(?<!\p{L})(?:anfrage|eine frage|ich (?:möchte|würde gern(?:e)?) wissen)(?!\p{L})/iu,
    /(?<!\p{L})(?:une question|je voudrais savoir|una pregunta|quisiera saber|me gustaría saber)(?!\p{L})/iu,
  ],
  change: [
    /\b(?:was|is|has been) (?:approved|granted)\b|\b(?:deployed|released|merged|pushed|upgraded|migrated|rolled (?:out|back)|published|release notes|changelog|new (?:version|release))\b/i,
    /\b(?:succeeded|success|successful(?:ly)?|passed|completed|finished)\b/i,
    /\b(?:shipped|dispatched|out for delivery|delivered|order confirmation|receipt|payment received|has been (?:sent|received|processed|paid|updated|changed|created|closed))\b/i,
    /\bno (?:further )?action (?:is )?(?:needed|required)\b|\byou can (?:safely )?ignore this\b|\bfyi\b|\bfor your information\b|\b(?:quick|status|short) update\b|\bwent (?:fine|well|smoothly)\b|\b(?:we|they|it was) decided\b|\b(?:meeting notes|minutes of)\b/i,
    /\b(?:maintenance (?:window|is planned)|scheduled maintenance|was (?:updated|changed|added|removed))\b/i,
    /(?<!\p{L})(?:erfolgreich|abgeschlossen|veröffentlicht|versandt|wurde (?:aktualisiert|geändert))(?!\p{L})/iu,
    /(?<!\p{L})(?:avec succès|déployée?|expédiée?|publiée?|con éxito|desplegad[oa]|enviad[oa])(?!\p{L})/iu,
  ],
  news: [
    /\bnewsletters?\b/i,
    /\bunsubscribe\b|\bmanage (?:your )?(?:email )?preferences\b/i,
    /\b(?:view|read|open) (?:this (?:e-?mail|message) |it )?(?:in (?:your|a|the) browser|online)\b/i,
    /\b(?:weekly|monthly|daily) (?:digest|round-?up|update|news|summary|report)\b|\bthis (?:week|month) in\b|\bin this (?:issue|edition)\b/i,
    /\b(?:announc(?:e|es|ed|ing|ement)|introducing|webinar|read more|what['’]s new|blog post|early bird|% off)\b/i,
    /(?<!\p{L})(?:abmelden|abbestellen|se désabonner|désinscri\p{L}*|darse de baja|boletín)(?!\p{L})/iu,
  ],
};
