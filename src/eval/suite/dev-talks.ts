/** Conversations in which an answer's words stand partly in the line before. Part of own.ts. */
import { asks, cluster, ME, nothing, talk } from "./write.ts";

export const devTalks = cluster(
  "talks",
  "dev",
  [
    ...talk("move", "2026-02-08T18:10", [
      ["Greta", "Aunt Tilda is moving at the end of the month, did you hear where to?"],
      [ME, "No, still somewhere near the coast?"],
      ["Greta", "To Skagersund, a flat with a view of the lighthouse."],
      [ME, "Lovely, who helps with the furniture?"],
      ["Greta", "Her neighbour Bosse, he has a van."],
    ]),
    ...talk("crash", "2026-04-28T11:00", [
      ["Ruben", "The importer crashed again last night."],
      ["Yusuf", "Did you find out why?"],
      ["Ruben", "A customer had an emoji in the street name, the column was latin1."],
      ["Yusuf", "Ha. Fixed for good?"],
      ["Ruben", "Yes, migrated the table to utf8 this morning."],
    ]),
    ...talk("gift", "2026-05-30T20:15", [
      ["Greta", "What do we give Oskar's teacher for the farewell?"],
      [ME, "A voucher for the plant nursery, she loves her balcony."],
      ["Greta", "Good idea, how much?"],
      [ME, "Forty euros, the other parents add to it."],
    ]),
    ...talk("hotel", "2026-07-11T09:40", [
      ["Imke", "I looked at hotels for the fair."],
      [ME, "And? Anything near the airfield?"],
      ["Imke", "The Goldammer has two rooms left, 84 a night, breakfast included."],
      [ME, "Take them."],
      ["Imke", "Booked, under my name, they hold them until six."],
    ]),
    ...talk("knee", "2026-08-02T19:00", [
      [ME, "My knee hurts since the hike."],
      ["Greta", "Have you seen somebody about it?"],
      [ME, "The physiotherapist says it is the tendon, no running for five weeks."],
    ]),
    ...talk("vote", "2026-09-03T10:05", [
      ["Yusuf", "Should we move the standup?"],
      ["Imke", "Please, half past eight is too early for me."],
      ["Ruben", "I can do a quarter past nine."],
      ["Yusuf", "Settled then, from Monday."],
    ]),
    ...talk("camera", "2026-10-12T15:20", [
      ["Ruben", "Which camera did you use for the mast pictures?"],
      ["Imke", "The old Fennwick, with the 35 mm lens."],
      ["Ruben", "They look great, may I borrow it for the holidays?"],
      ["Imke", "Sure, but the charger is at my mother's."],
    ]),
  ],
  [
    asks("turn", "where is aunt tilda moving to?", ["move.3"]),
    asks("turn", "who helps aunt tilda with the furniture", ["move.5"]),
    asks("turn", "why did the importer crash", ["crash.3"]),
    asks("turn", "how was the importer crash fixed", ["crash.5"]),
    asks("turn", "what do we give oskars teacher", ["gift.2"]),
    asks("turn", "how much is the farewell voucher for the teacher", ["gift.4"]),
    asks("turn", "which hotel did imke book for the fair and what does it cost", ["hotel.3"]),
    asks("turn", "until when does the hotel hold the rooms", ["hotel.5"]),
    asks("turn", "what did the physiotherapist say about my knee", ["knee.3"]),
    asks("turn", "how many weeks must I not go jogging", ["knee.3"]),
    asks("turn", "what time is standup since september", ["vote.3"]),
    asks("turn", "which lens did imke take the mast pictures with", ["camera.2"]),
    asks("turn", "where is the charger of the camera", ["camera.4"]),
    asks("typo", "which hotle near the airfeild", ["hotel.3"]),
    asks("wrong_person", "What did the physiotherapist say about Greta's knee?", ["knee.3"]),
    asks("wrong_person", "Where is Marlow moving to at the end of the month?", ["move.3"]),
    asks("wrong_person", "Which hotel did Ruben book for the fair?", ["hotel.3", "hotel.5"]),
    asks("wrong_person", "yusuf knee physiotherapist", ["knee.3"]),
    ...nothing(
      "which importer sells olive oil from Crete",
      "how does a lighthouse work",
      "what is a good farewell speech for a boss",
    ),
  ],
);
