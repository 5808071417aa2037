/** Hand-written notes of one person and questions to them, apart from the suite that the thresholds are read off. */
import type { MemoryKind } from "#core";

export const NOTES: readonly (readonly [kind: MemoryKind, text: string])[] = [
  ["note", "The router password is in the blue folder on the shelf in the hall."],
  ["note", "The spare key to the garage hangs behind the fuse box."],
  ["note", "Dentist: Dr. Okafor, Tuesday 14 March at 9:30, bring the insurance card."],
  ["note", "The boiler was serviced by Hanley & Sons in October; the next service is due in a year."],
  ["note", "Mira is allergic to hazelnuts and cannot eat pesto."],
  ["preference", "I prefer aisle seats on flights and never check a bag."],
  ["note", "Lena's birthday is on 3 June; she wants a telescope."],
  ["note", "The landlord, Mr. Petrov, can be reached on 555-0142 after six."],
  ["decision", "Ann decided to run the job queue on Postgres instead of Redis."],
  ["decision", "We decided to ship the beta on the first Monday in September."],
  ["decision", "Decision: invoices go out on the 25th, and Jonas signs them off."],
  ["decision", "Priya chose the Lisbon office for the spring retreat."],
  ["decision", "we use oak for the counters"],
  ["update", "The payment gateway migration is finished; only refunds still run through the old one."],
  ["update", "Staging was moved to the Frankfurt region last week."],
  ["task", "Renew the passport before the trip to Japan in November."],
  ["task", "Ask the accountant about the home office deduction."],
  ["fact", "The API rate limit of the weather service is 60 calls a minute."],
  ["fact", "The deploy script lives in tools/release and needs Node 24."],
  ["turn", "I put the winter tyres on the car yesterday, the summer ones are in the cellar."],
  ["turn", "My sister moved to Aarhus and works at the harbour museum."],
  ["turn", "The plumber said that the kitchen tap needs a new cartridge, about 40 euros."],
  ["note", "Gym: closes at ten on weekdays, at six on Sundays."],
  ["note", "Book club reads The Left Hand of Darkness for April."],
  ["note", "Wifi at the cabin: network Spruce, password under the kettle."],
];

type Case = readonly [question: string, says: string];

/** Questions that the notes answer, and words of the note that must come first. */
export const ANSWERED: readonly Case[] = [
  ["Where is the router password?", "blue folder"],
  ["where did we put the router password", "blue folder"],
  ["What do you remember about the router password?", "blue folder"],
  ["where's the spare garage key?", "fuse box"],
  ["when was the boiler serviced", "Hanley"],
  ["What is Mira allergic to?", "hazelnuts"],
  ["which seat do I prefer on flights?", "aisle"],
  ["When is Lena's birthday?", "3 June"],
  ["how do I reach the landlord", "555-0142"],
  ["What did Ann decide about the queue?", "Postgres"],
  ["When do we ship the beta?", "September"],
  ["who signs off the invoices?", "Jonas"],
  ["Which office did Priya choose for the retreat?", "Lisbon"],
  ["what did I decide about the counters?", "oak"],
  ["is the payment gateway migration finished?", "refunds"],
  ["which region is staging in?", "Frankfurt"],
  ["what is the rate limit of the weather API?", "60 calls"],
  ["where does the deploy script live?", "tools/release"],
  ["Where are the summer tyres?", "cellar"],
  ["where does my sister work", "museum"],
  ["what did the plumber say about the tap?", "cartridge"],
  ["when does the gym close on Sundays?", "at six"],
  ["what does the book club read in April?", "Darkness"],
  ["wifi password at the cabin", "kettle"],
];

/** Questions that a note may answer, though half of their words are not in it. */
export const HALF_MET: readonly Case[] = [
  ["When is my dentist appointment?", "Okafor"],
  ["When is my gym induction?", "Gym"],
];

/** Questions about somebody or something else than the note that fits the rest of the words. */
export const WRONG_PERSON: readonly Case[] = [
  ["What did Bob decide about the queue?", "Ann"],
  ["what did bob decide about the job queue", "Ann"],
  ["What is Lena allergic to?", "allergic"],
  ["When is Mira's birthday?", "birthday"],
  ["Which office did Jonas choose for the retreat?", "Priya"],
  ["Did Tomas put the winter tyres on the car?", "tyres"],
  ["what did the electrician say about the kitchen tap", "plumber"],
];

/** Questions that have nothing to do with any note. */
export const UNRELATED: readonly string[] = [
  "What is the capital of France?",
  "How do I boil an egg?",
  "who won the world cup in 1998",
  "Translate good morning into Spanish",
  "What is the best password for my bank?",
  "How many planets are there?",
  "recommend me a film for tonight",
  "What is the square root of 169?",
  "Why is the sky blue?",
  "how do I reset a branch in git",
  "What is our vacation policy?",
  "Which framework should we use for the mobile app?",
  "who is the president of Brazil",
  "how far is the moon",
  "Explain the difference between a mutex and a semaphore",
  "how tall is the Eiffel Tower",
  "give me a recipe for pancakes",
  "How many kilometres are ten miles?",
  "what does the word ubiquitous mean",
];
