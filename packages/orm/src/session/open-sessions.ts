/** The sessions that are in use: from their first transaction to `close()`. Sessions that were forgotten fall out by themselves. */
import type { OrmClasses } from "../base/classes.ts";

type SessionCore = OrmClasses["session"];

/** A session's place among them. It is what is held weakly: a session that was closed can be collected at once. */
export class OpenPlace {
  readonly ref: WeakRef<OpenPlace> = new WeakRef(this);
  session: SessionCore | null;

  constructor(session: SessionCore) {
    this.session = session;
  }
}

const places = new Set<WeakRef<OpenPlace>>();
const smallest = 64;
let sweepsAt = smallest;

/** Notes that a session is in use. */
export function noteOpen(session: SessionCore): void {
  if (session.place !== null) return;
  session.place = new OpenPlace(session);
  places.add(session.place.ref);
  if (places.size < sweepsAt) return;
  for (const ref of places) if (ref.deref() === undefined) places.delete(ref);
  sweepsAt = Math.max(smallest, places.size * 2);
}

/** Notes that a session was closed. */
export function noteClosed(session: SessionCore): void {
  if (session.place === null) return;
  places.delete(session.place.ref);
  session.place.session = null;
  session.place = null;
}

/** Those that are in use now. */
export function openSessions(): SessionCore[] {
  return [...places].flatMap((ref) => ref.deref()?.session ?? []);
}
