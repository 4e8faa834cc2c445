/** The same models behind the asynchronous API: the same unit of work, awaited. */
import type { AsyncEngine } from "@athanor/async";
import { AsyncSession } from "@athanor/async/orm";
import { func, select } from "@athanor/core";
import { selectinload } from "@athanor/orm";
import { Address } from "./address.ts";
import { Base } from "./base.ts";
import type { Say } from "./sync-story.ts";
import { User } from "./user.ts";

/** Saves, loads and deletes users; works on every database. */
export async function asyncStory(engine: AsyncEngine, say: Say): Promise<void> {
  await Base.metadata.dropAll(engine);
  await Base.metadata.createAll(engine);

  await using session = new AsyncSession(engine);
  session.add(
    new User({
      name: "Carol",
      email: "carol@example.org",
      addresses: [new Address({ emailAddress: "c@example.org" })],
    }),
  );
  await session.commit();

  session.expungeAll();
  const carol = (await session.scalars(select(User).where(User.$.name.eq("Carol")))).one();
  try {
    void carol.addresses;
  } catch (error) {
    say(`nothing is loaded behind your back: ${(error as Error).constructor.name}`);
  }
  await session.refresh(carol, ["addresses"]);
  say(`refreshed: ${carol.label} has ${carol.addresses.length} address`);

  const rows = (await session.execute(select(User).options(selectinload(User.$.addresses)))).scalars().all();
  say(`eager loading: ${rows.map((user) => `${user.name} ${user.addresses.length}`).join(", ")}`);

  await session.delete(carol);
  await session.commit();
  say(`deleted: ${await session.scalar(select(func.count(Address.$.id)))} addresses left`);
}
