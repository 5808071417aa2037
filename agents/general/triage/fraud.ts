/** Marks of spam and fraud: what such mails want, and links that do not go where they say. Used by kind.ts. */
import type { Link, Page } from "./page.ts";

/** Each says of itself what a mail wants that ought not to want it. */
const BAITS: readonly RegExp[] = [
  /\b(?:you(?:['’]ve| have)? won|lottery|jackpot|inheritance|claim your (?:prize|reward|gift|refund|funds)|free gift|unclaimed (?:funds|package)|next of kin|(?:guaranteed|daily) (?:income|returns?|profits?)|double your)\b/i,
  /\b(?:account|mailbox|e-?mail|password|access|card|profile|parcel|package|wallet)\b.{0,80}\b(?:suspended|limited|locked|blocked|deactivated|disabled|on hold|terminated|restricted|deleted)\b/i,
  /\b(?:verify|confirm|validate|update|re-?activate|restore)\b.{0,12}\byour (?:account|identity|password|payment|billing|details|information|bank|card|credentials|wallet|mailbox)\b/i,
  /\bgift cards?\b.{0,200}\b(?:codes?|scratch|photos?|pictures?|urgent\w*|discreet\w*|confidential)\b|\b(?:seed|recovery) phrase\b/i,
  /\b(?:backlinks?|guest posts?|rank(?:ing)? (?:on|in|#?1)|first page of google|seo (?:services?|experts?|agency|audit)|increase your (?:traffic|sales|followers)|casino|viagra|cialis|payday loan)\b/i,
  /(?<!\p{L})(?:konto (?:wurde |ist )?(?:gesperrt|eingeschränkt)|compte (?:a été |est )?(?:suspendu|bloqué)|cuenta (?:ha sido |está )?(?:suspendida|bloqueada)|bestätigen sie ihre? (?:daten|konto|identität)|verifique su)(?!\p{L})/iu,
];

/** What honest mails say, too; it only counts beside a bait. */
const PRESSURE: readonly RegExp[] = [
  /\b(?:within (?:the next )?\d{1,2} (?:hours?|days?)|final (?:notice|warning)|act (?:now|fast)|last chance|limited time|or (?:it|your account) will be|immediately to avoid)\b/i,
  /\b(?:click (?:here|below|(?:on )?the (?:link|button))|log ?in (?:here|below)|follow (?:this|the) link)\b/i,
  /\bdear (?:customer|client|user|friend|sir(?: or |\/)madam|winner|beneficiary|account holder|member|webmaster|site owner|valued \w+)\b/i,
  /\b(?:kindly|keep (?:this|it) (?:confidential|secret|between us)|wire transfer|western union|bitcoin|crypto(?:currency)?|whatsapp)\b/i,
  /(?<!\p{L})(?:klicken sie|innerhalb von \d+ stunden|cliquez|haga clic)(?!\p{L})/iu,
];

/** The words that give it away; empty when there are too few of them to say so. */
export function fraudIn(text: string, { links }: Page): readonly string[] {
  const baits = BAITS.flatMap((cue) => cue.exec(text)?.[0] ?? []);
  const pressure = PRESSURE.flatMap((cue) => cue.exec(text)?.[0] ?? []);
  const disguised = links.filter(isDisguised).map(({ label, url }) => label || url);
  const enough = disguised.length > 0 ? baits.length + pressure.length >= 1 : baits.length >= 1;
  return enough && baits.length + pressure.length + disguised.length >= 2 ? [...baits, ...disguised, ...pressure] : [];
}

/** Shows the name of one place and leads to another, or hides the place by how it is written. */
export function isDisguised({ url, label }: Link): boolean {
  const target = hostOf(url);
  if (target === undefined) return true;
  if (/^https?:\/\/[^/?#]*@/i.test(url) || /(?:^|\.)xn--/.test(target)) return true;
  const shown = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]{1,63}\.){1,6}\p{L}{2,24})(?=$|[/:?#])/iu.exec(label)?.[1];
  return shown !== undefined && site(shown.toLowerCase()) !== site(target);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

/** The last two parts of a name: `www.example.com` and `example.com` are one place. */
const site = (host: string): string => host.split(".").slice(-2).join(".");
