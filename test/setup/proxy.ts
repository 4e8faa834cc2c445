/** A TCP proxy that tests can cut: between a client and a server that is reached by its URL. */
import { connect, createServer, type Socket } from "node:net";

/** A proxy that is running. */
export interface Proxy {
  /** The server's URL by way of the proxy. */
  readonly url: string;
  /** Breaks all connections; new ones are taken. */
  cut(): void;
  /** Swallows everything from now on, in both directions, on connections that are open; new ones work. */
  swallow(): void;
  /** Connections that are open. */
  readonly count: number;
  close(): Promise<void>;
}

/** Starts a proxy in front of the server of a URL. */
export async function startProxy(target: string): Promise<Proxy> {
  const to = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    client.setNoDelay(true);
    upstream.setNoDelay(true);
    client.pipe(upstream);
    upstream.pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const url = new URL(target);
  url.port = String(port);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.toString(),
    cut,
    swallow() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.resume();
      }
    },
    get count() {
      return sockets.size / 2;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
