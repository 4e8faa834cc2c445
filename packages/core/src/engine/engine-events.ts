/** What an engine can be asked to tell: its own events, and those of its pool, as SQLAlchemy's engines have both. */
import { EventDispatcher, type ListenerList } from "@athanor/driver";
import { type PoolEvents, poolEventArguments } from "@athanor/pool";
import { type EngineEvents, engineEventArguments } from "./events.ts";

/** Events that are listened to on an engine. `C` is the connection as the program holds it. */
export type EngineAndPoolEvents<C> = EngineEvents<C> & PoolEvents;

/** Something with listeners of pools: a pool, or the class of all of them. */
interface PoolSource {
  readonly dispatch: EventDispatcher<PoolEvents>;
}

const argumentNames = { ...engineEventArguments, ...poolEventArguments };

/** Listeners of an engine, or of all engines of a class. Those of the pool's events stand on the pool. */
export class EngineDispatcher<C> extends EventDispatcher<EngineAndPoolEvents<C>> {
  readonly #pool: () => PoolSource;

  /** @param pool the present one: `dispose()` makes another, which takes the listeners over. */
  constructor(pool: () => PoolSource, parent: EventDispatcher<EngineAndPoolEvents<C>> | null = null) {
    super(Object.keys(argumentNames) as (keyof typeof argumentNames)[], parent, { argumentNames });
    this.#pool = pool;
  }

  /** As those of the engine alone; TypeScript 5.9 does not see that every name of theirs is here. */
  get ofEngine(): EventDispatcher<EngineEvents<C>> {
    return this as unknown as EventDispatcher<EngineEvents<C>>;
  }

  override of<Name extends keyof EngineAndPoolEvents<C> & string>(
    name: Name,
  ): ListenerList<EngineAndPoolEvents<C>[Name]> {
    if (!Object.hasOwn(poolEventArguments, name)) return super.of(name);
    return this.#pool().dispatch.of(name as keyof PoolEvents) as ListenerList<never>;
  }
}
