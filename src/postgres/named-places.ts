/** Shared places by the names that people gave them: the port NamedPlaces of the core. */
import { NovaError, serviceOf, type Address, type Clock, type NamedPlace, type NamedPlaces, type Person } from "#core";
import { isRowId } from "./conversation-rows.ts";
import type { Database, Tx } from "./engine/database.ts";

export function createNamedPlaces(database: Database, { clock }: { readonly clock: Clock }): NamedPlaces {
  return {
    all: (tenant) => database.within(serviceOf(tenant), (tx) => find(tx, "true", [])),

    get: (tenant, id) =>
      database.within(serviceOf(tenant), async (tx) =>
        isRowId(id) ? (await find(tx, "id = $1", [id]))[0] : undefined,
      ),

    name: (person, name, address) =>
      database.within(serviceOf(person.tenant), async (tx) => {
        const clean = name.replaceAll(/\s+/g, " ").trim();
        const [taken] = await find(tx, "lower(name) = lower($1)", [clean]);
        if (taken && !isSame(taken.address, address)) {
          throw new NovaError("bad_input", `Another place is called ${clean} already.`, {
            advice: `Choose another name, or let that one go with \`/place forget ${clean}\`.`,
          });
        }
        return upsert(tx, { person, name: clean, address, at: clock.now() });
      }),

    forget: (tenant, name) =>
      database.within(serviceOf(tenant), async (tx) => {
        const { rowCount } = await tx.query("delete from named_place where lower(name) = lower($1)", [
          name.replaceAll(/\s+/g, " ").trim(),
        ]);
        return rowCount === 1;
      }),

    isShared: (tenant, { platform, scope, container }) =>
      database.within(serviceOf(tenant), async (tx) => {
        const { rowCount } = await tx.query(
          `select from conversation
           where platform = $1 and scope = $2 and container = $3 and visibility = 'shared' limit 1`,
          [platform, scope, container],
        );
        return rowCount === 1;
      }),
  };
}

const isSame = (a: Address, b: Address): boolean =>
  a.platform === b.platform && a.scope === b.scope && a.container === b.container;

type Row = Pick<Address, "platform" | "scope" | "container"> & { readonly id: string; readonly name: string };

const placeFrom = ({ id, name, platform, scope, container }: Row): NamedPlace => ({
  id,
  name,
  address: { platform, scope, container, root: null, visibility: "shared" },
});

async function find(tx: Tx, where: string, values: unknown[]): Promise<readonly NamedPlace[]> {
  const { rows } = await tx.query<Row>(
    `select id, name, platform, scope, container from named_place where ${where} order by lower(name)`,
    values,
  );
  return rows.map(placeFrom);
}

type Naming = { readonly person: Person; readonly name: string; readonly address: Address; readonly at: Date };

async function upsert(tx: Tx, { person, name, address, at }: Naming): Promise<NamedPlace> {
  const { rows } = await tx.query<Row>(
    `insert into named_place (tenant_id, name, platform, scope, container, named_by, named_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, platform, scope, container)
       do update set name = excluded.name, named_by = excluded.named_by, named_at = excluded.named_at
     returning id, name, platform, scope, container`,
    [person.tenant, name, address.platform, address.scope, address.container, person.id, at],
  );
  const [row] = rows;
  if (!row) throw new Error("the place was not stored");
  return placeFrom(row);
}
