/** Marks and flags that every folder of the ORM shares. Next: ./classes.ts. */

/** Stands for "there is no value": never loaded, never set. It is not null, which is SQL's NULL. */
export const NO_VALUE: unique symbol = Symbol.for("athanor.noValue");

/** What a getter gives when a load would have been needed and was not allowed. */
export const NOT_LOADED: unique symbol = Symbol.for("athanor.notLoaded");

/** How far a getter may go to find a value: a sum of bits. */
export type Passive = number;

/** Loader callables may run. */
export const CALLABLES_OK = 1;
/** Loader callables may send SQL. */
export const SQL_OK = 2;
/** Related objects may be fetched, not only the keys that refer to them. */
export const RELATED_OK = 4;
/** An attribute that never had a value may be given an empty one. */
export const INIT_OK = 8;
/** Objects that are not persistent may load. */
export const NON_PERSISTENT_OK = 16;
/** Foreign keys are read as they are in the database, not as they are now. */
export const LOAD_AGAINST_COMMITTED = 32;
/** No autoflush before the load. */
export const NO_AUTOFLUSH = 64;
/** `lazy: "raise"` stays silent. */
export const NO_RAISE = 128;
/** History may load the old value of a many-to-one. */
export const DEFERRED_HISTORY_LOAD = 256;
/** History shows queued changes of an unloaded collection. */
export const INCLUDE_PENDING = 512;

/** Do everything: what touching an attribute does. */
export const PASSIVE_OFF: Passive = CALLABLES_OK | SQL_OK | RELATED_OK | INIT_OK | NON_PERSISTENT_OK;
/** Load, yet give NO_VALUE rather than a made-up empty value. */
export const PASSIVE_RETURN_NO_VALUE: Passive = PASSIVE_OFF ^ INIT_OK;
/** Only look at what is there: NOT_LOADED where something could be loaded, NO_VALUE where nothing is. */
export const PASSIVE_NO_INITIALIZE: Passive = PASSIVE_RETURN_NO_VALUE ^ CALLABLES_OK;
/** No SQL; the identity map may answer. */
export const PASSIVE_NO_FETCH: Passive = PASSIVE_OFF ^ SQL_OK;
/** Load the keys, not the related objects. */
export const PASSIVE_NO_FETCH_RELATED: Passive = PASSIVE_OFF ^ RELATED_OK;
/** Load for persistent objects only. */
export const PASSIVE_ONLY_PERSISTENT: Passive = PASSIVE_OFF ^ NON_PERSISTENT_OK;
/** For merge(): everything, and `lazy: "raise"` stays silent. */
export const PASSIVE_MERGE: Passive = PASSIVE_OFF | NO_RAISE;
