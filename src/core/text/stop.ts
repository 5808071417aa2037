/** The words that end what runs. One definition for the door, which acts on them, and for routing, which reads them. */

const STOP = /^\s*(?:\/stop(?:[\s.,!?][\s\S]*)?|stop[.!]*\s*)$/i;

export const isStop = (text: string): boolean => STOP.test(text);
