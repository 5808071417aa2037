/** Nova's own suite of recall cases: what two people chatting cannot show. */
import { devBrasswork } from "./dev-brasswork.ts";
import { devCrowd } from "./dev-crowd.ts";
import { devElsewhere } from "./dev-elsewhere.ts";
import { devHousehold } from "./dev-household.ts";
import { devKestrel } from "./dev-kestrel.ts";
import { devTalks } from "./dev-talks.ts";
import { devTandem } from "./dev-tandem.ts";
import { heldCrowd } from "./held-crowd.ts";
import { heldDriftway } from "./held-driftway.ts";
import { heldElsewhere } from "./held-elsewhere.ts";
import { heldHome } from "./held-home.ts";
import { heldLanternfish } from "./held-lanternfish.ts";
import { heldMosscap } from "./held-mosscap.ts";
import { heldQuillon } from "./held-quillon.ts";
import { heldTalks } from "./held-talks.ts";
import type { Suite } from "./suite.ts";
import { withTypos } from "./typos.ts";

/** All lines of a part are kept in one memory, about a year of them. */
export const ownSuite: Suite = [
  withTypos(devHousehold, 2, 101),
  withTypos(devKestrel, 2, 102),
  withTypos(devTandem, 2, 103),
  withTypos(devBrasswork, 2, 104),
  withTypos(devTalks, 2, 105),
  devElsewhere,
  devCrowd,
  withTypos(heldHome, 3, 201),
  withTypos(heldLanternfish, 3, 202),
  withTypos(heldQuillon, 3, 203),
  withTypos(heldMosscap, 3, 204),
  withTypos(heldDriftway, 3, 205),
  withTypos(heldTalks, 3, 206),
  heldElsewhere,
  heldCrowd,
];
