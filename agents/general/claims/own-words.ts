/** An answer without what it quotes: “I have booked the flight” [m12] is somebody's claim, not the agent's. */
const QUOTED = /“[^“”]*”|"[^"\n]*"|«[^«»]*»|^[ \t]*>.*$/gmu;

export const ownWords = (answer: string): string => answer.replace(QUOTED, "“…”");
