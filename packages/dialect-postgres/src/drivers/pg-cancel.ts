/** Asking the server, over a connection of its own, to cancel what another one is running. */
import type { PgClient, PgModule } from "./pg-port.ts";

/** Milliseconds after which the attempt is given up. */
const patience = 5_000;

/** Sends a cancel request and waits until the server has taken it. Never fails: what was asked for may be over already. */
export function requestCancel(pg: PgModule, client: PgClient): Promise<void> {
  const { processID, secretKey, host, port, ssl } = client;
  if (processID === null || secretKey === null) return Promise.resolve();
  return new Promise((resolve) => {
    const connection = new pg.Connection({ ssl });
    const timer = setTimeout(() => connection.stream.destroy(), patience);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const send = (): void => connection.cancel(processID, secretKey);
    connection.on("error", done);
    connection.on("end", done);
    connection.on("connect", () => (ssl ? connection.requestSsl() : send()));
    connection.on("sslconnect", send);
    if (host?.startsWith("/")) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}
