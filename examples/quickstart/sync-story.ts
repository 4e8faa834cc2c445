/** The story, told with the synchronous API. */
import { type Engine, func, IntegrityError, select } from "@athanor/core";
import { joinedload, Session, selectinload } from "@athanor/orm";
import { Address } from "./address.ts";
import { Base } from "./base.ts";
import { User } from "./user.ts";

/** Takes a line of the story. */
export type Say = (line: string) => void;

/** Creates, queries, changes and deletes users; every step says what came out. */
export function syncStory(engine: Engine, say: Say): void {
  Base.metadata.createAll(engine);

  {
    using session = new Session(engine);
    const alice = new User({
      name: "Alice",
      email: "alice@example.org",
      addresses: [new Address({ emailAddress: "a1@example.org" }), new Address({ emailAddress: "a2@example.org" })],
    });
    session.addAll([alice, new User({ name: "Bob", email: "bob@example.org" })]);
    session.commit();
    say(`saved ${alice.label} with id ${alice.id} and ${alice.addresses.length} addresses, in one commit`);
  }

  {
    using session = new Session(engine);
    session.add(new User({ name: "Impostor", email: "alice@example.org" }));
    try {
      session.commit();
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      session.rollback();
      say(`refused a second alice@example.org: ${error.kind} violation on ${error.table}.${error.columns.join(", ")}`);
    }
    say(`the session goes on: ${session.scalar(select(func.count(User.$.id)))} users`);
  }

  {
    using session = new Session(engine);
    const alice = session.scalars(select(User).where(User.$.name.like("A%"))).one();
    say(`lazy loading: ${alice.addresses.map((address) => address.emailAddress).join(", ")}`);
  }

  {
    using session = new Session(engine);
    for (const user of session.scalars(select(User).options(selectinload(User.$.addresses)).orderBy(User.$.id))) {
      say(`eager loading: ${user.label} has ${user.addresses.length} addresses`);
    }
    const address = session.scalars(select(Address).options(joinedload(Address.$.user)).orderBy(Address.$.id)).first();
    say(`joined loading: ${address?.emailAddress} belongs to ${address?.user?.name}`);
    const rows = session
      .execute(select(User.$.name, func.count(Address.$.id).label("n")).join(User.$.addresses).groupBy(User.$.name))
      .all();
    for (const { name, n } of rows) say(`columns: ${name} ${n}`);
  }

  {
    using session = new Session(engine);
    const bob = session
      .scalars(
        select(User).where(User.$.addresses.any(Address.$.emailAddress.like("b%")).eq(false), User.$.name.eq("Bob")),
      )
      .one();
    bob.name = "Robert";
    bob.addresses.push(new Address({ emailAddress: "rob@example.org" }));
    session.commit();
    say(`updated: ${bob.label}, ${bob.addresses.length} address`);
  }

  {
    using session = new Session(engine);
    const alice = session.scalars(select(User).where(User.$.name.eq("Alice"))).one();
    alice.addresses.splice(0, 1);
    session.commit();
    say(`an address without a user is deleted: ${session.scalar(select(func.count(Address.$.id)))} left`);
    session.delete(alice);
    session.commit();
    say(
      `deleted with its orphans: ${session.scalar(select(func.count(User.$.id)))} user, ${session.scalar(select(func.count(Address.$.id)))} address`,
    );
  }
}
