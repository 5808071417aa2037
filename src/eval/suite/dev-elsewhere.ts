/** Lines in other languages, and questions that nothing kept has to do with. Part of own.ts. */
import { asks, cluster, fact, nothing, note } from "./write.ts";

export const devElsewhere = cluster(
  "elsewhere",
  "dev",
  [
    note(
      "muell",
      "2026-02-04",
      "Die Papiertonne wird jeden zweiten Mittwoch geleert, der Abfallkalender hängt am Kühlschrank.",
    ),
    note(
      "garderie",
      "2026-03-12",
      "La garderie ferme à dix-huit heures, le code du portail est affiché dans le vestiaire.",
    ),
    fact("taller", "2026-04-19", "El taller de la furgoneta está en la calle Almirante 12, pregunta por Joaquín."),
    note("dacha", "2026-06-22", "Ключи от дачи лежат под третьей ступенькой крыльца."),
    note("cha", "2026-08-15", "茶叶放在厨房左边的抽屉里。"),
  ],
  [
    asks("note", "wann wird die Papiertonne geleert?", ["muell"]),
    asks("note", "à quelle heure ferme la garderie", ["garderie"]),
    asks("note", "dónde está el taller de la furgoneta", ["taller"]),
    asks("note", "где ключи от дачи", ["dacha"]),
    asks("note", "茶叶放在哪里?", ["cha"]),
    ...nothing(
      "what is the boiling point of ethanol",
      "who painted the night watch",
      "convert 40 fahrenheit to celsius",
      "tell me a joke about penguins",
      "good morning, how are you today?",
      "what should I wear to a wedding in Scotland",
      "how do i center a div",
      "which river flows through Budapest",
      "What is my blood pressure usually?",
      "where did I park the caravan?",
      "how much do I still owe my brother-in-law",
      "what was the name of the film we saw on the plane",
      "wie hoch ist die Zugspitze",
      "quelle est la capitale du Pérou",
      "сколько планет в солнечной системе",
    ),
  ],
);
