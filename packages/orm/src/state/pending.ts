/** Changes of a collection that is not loaded: applied when it is. Next: ../instrument/collection-attribute.ts. */

/** What was added to and removed from an unloaded collection. */
export class PendingChanges {
  readonly added: Set<object> = new Set();
  readonly removed: Set<object> = new Set();

  append(value: object): void {
    if (!this.removed.delete(value)) this.added.add(value);
  }

  remove(value: object): void {
    if (!this.added.delete(value)) this.removed.add(value);
  }
}
