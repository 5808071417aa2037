/** Whom a person may reach, by the names that they are known by: people, named places, receivers, projects. */
import type {
  AnnouncementStore,
  Destination,
  Destinations,
  NamedPlaces,
  People,
  Person,
  Projects,
  Receivers,
  TenantId,
} from "#core";

export type DestinationParts = {
  readonly people: People;
  readonly projects: Projects;
  readonly namedPlaces: NamedPlaces;
  readonly receivers: Receivers;
  readonly announced: Pick<AnnouncementStore, "whereTo">;
};

/** Names are compared as people write them: without case, `@` or `#` in front, and how many spaces. */
export function createDestinations(parts: DestinationParts): (person: Person) => Destinations {
  return ({ tenant }) => ({
    async find(name) {
      const found = (await all(tenant, parts)).filter((each) => folded(nameOf(each)) === folded(name));
      return Promise.all(
        found.map(async (each): Promise<Destination> => {
          if (each.kind !== "person") return each;
          return { ...each, on: (await parts.announced.whereTo(each.person))?.platform ?? null };
        }),
      );
    },
    names: async (kind) =>
      (await all(tenant, parts)).filter((each) => kind === undefined || each.kind === kind).map(nameOf),
  });
}

/** Where a person is told is looked up only for one that was named. */
async function all(tenant: TenantId, { people, projects, namedPlaces, receivers }: DestinationParts) {
  const [persons, places, posts, works] = await Promise.all([
    people.all(tenant),
    namedPlaces.all(tenant),
    receivers.all(tenant),
    projects.all(tenant),
  ]);
  return [
    ...persons.map((person): Destination => ({ kind: "person", person, on: null })),
    ...places.map(({ id, name, address }): Destination => ({ kind: "place", id, name, on: address.platform })),
    ...posts
      .filter(({ state }) => state === "active")
      .map(({ id, name, url }): Destination => ({ kind: "receiver", id, name, host: new URL(url).host })),
    ...works.map(({ id, name }): Destination => ({ kind: "project", id, name })),
  ];
}

const nameOf = (destination: Destination): string =>
  destination.kind === "person" ? destination.person.name : destination.name;

const folded = (name: string): string =>
  name.normalize("NFKC").trim().replace(/^[@#]/, "").replaceAll(/\s+/g, " ").toLowerCase();
