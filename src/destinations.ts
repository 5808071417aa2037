/** Whom a person may reach: everybody of the tenant, and its projects, by the names that they are known by. Opened by main.ts. */
import type { Destination, Destinations, People, Person, Projects } from "#core";

export type DestinationParts = { readonly people: People; readonly projects: Projects };

/** Names are compared as people write them: without case, `@` or `#` in front, and how many spaces. */
export function createDestinations({ people, projects }: DestinationParts): (person: Person) => Destinations {
  return ({ tenant }) => {
    const all = async (): Promise<readonly Destination[]> => [
      ...(await people.all(tenant)).map((person): Destination => ({ kind: "person", person })),
      ...(await projects.all(tenant)).map(({ id, name }): Destination => ({ kind: "project", id, name })),
    ];
    return {
      find: async (name) => (await all()).filter((each) => folded(nameOf(each)) === folded(name)),
      names: async () => (await all()).map(nameOf),
    };
  };
}

const nameOf = (destination: Destination): string =>
  destination.kind === "person" ? destination.person.name : destination.name;

const folded = (name: string): string =>
  name.normalize("NFKC").trim().replace(/^[@#]/, "").replaceAll(/\s+/g, " ").toLowerCase();
