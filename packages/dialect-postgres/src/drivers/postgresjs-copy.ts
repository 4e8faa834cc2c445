/** COPY over postgres.js's streams. What the bytes mean is ./copy-text.ts's business. */
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { type CopySource, ignore, type Prelude } from "./connection.ts";
import type { JsOutcome, JsQuery, JsResult } from "./postgresjs-port.ts";

/** What COPY asks of its connection. */
interface CopyOwner {
  query(sql: string): JsQuery;
  send(query: JsQuery): Promise<JsOutcome>;
  sendPrelude(prelude: Prelude): Promise<unknown>;
  cancel(): Promise<void>;
}

/** A COPY under way. */
interface Copying<Stream> {
  readonly stream: Stream;
  /** The outcome of the statement, once the server is ready again. */
  readonly over: Promise<JsResult>;
}

/** Starts a COPY. The package tells of a query once, with the stream; what it says afterwards is what counts. */
async function start<Stream extends Readable | Writable>(
  owner: CopyOwner,
  sql: string,
  prelude: Prelude,
): Promise<Copying<Stream>> {
  const begun = owner.sendPrelude(prelude);
  const query = owner.query(sql);
  const { resolve, reject } = query;
  const opened = new Promise<Stream>((open, refuse) => {
    query.resolve = (outcome) => {
      if (!Array.isArray(outcome)) open((outcome as Stream).on("error", ignore) as Stream);
      else {
        refuse(new Error("the statement is no COPY"));
        resolve(outcome);
      }
    };
    query.reject = (error) => {
      refuse(error);
      reject(error);
    };
  });
  const over = owner.send(query) as Promise<JsResult>;
  over.catch(ignore);
  // A connection that is lost before the stream is there tells only the other one.
  const stream = await Promise.race([opened, over.then(() => opened)]);
  await begun;
  return { stream, over };
}

/** COPY … FROM STDIN: sends what a source yields, as fast as the server takes it. Returns the number of rows. */
export async function copyFrom(owner: CopyOwner, sql: string, prelude: Prelude, source: CopySource): Promise<number> {
  const { stream, over } = await start<Writable>(owner, sql, prelude);
  const ended = over.then(ignore, ignore);
  let failure: { readonly error: unknown } | null = null;
  try {
    for await (const chunk of source) {
      // The server has refused a row, or is gone: nobody reads any further.
      if (stream.destroyed) break;
      if (stream.write(Buffer.from(chunk as string))) continue;
      await Promise.race([once(stream, "drain").catch(ignore), ended]);
      // The socket may take everything at once: the server's word is heard between turns of the event loop only.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!stream.destroyed) stream.end();
  } catch (error) {
    failure = { error };
    stream.destroy(new Error("the source of the rows has failed"));
  }
  const { count } = await over.catch((error: unknown) => {
    throw failure === null ? error : failure.error;
  });
  return count ?? 0;
}

/** COPY … TO STDOUT: the bytes as they arrive; a slow reader makes the server wait. Stopping early cancels the statement. */
export async function* copyTo(owner: CopyOwner, sql: string, prelude: Prelude): AsyncGenerator<Buffer, void> {
  const { stream, over } = await start<Readable>(owner, sql, prelude);
  let isOver = false;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
    isOver = true;
  } catch (error) {
    isOver = true;
    await over;
    throw error;
  } finally {
    if (!isOver) {
      stream.resume();
      await owner.cancel();
      await over.catch(ignore);
    }
  }
  await over;
}
