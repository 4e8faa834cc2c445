/** What a session is bound to. */

/** What a session gets its connections from: an engine or a connection, of either API. */
export interface Bind {
  readonly core: object;
}
