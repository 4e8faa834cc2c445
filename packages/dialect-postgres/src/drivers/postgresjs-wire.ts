/** The socket under a connection of postgres.js, which the package itself does not give out. */
import { connect, type Socket } from "node:net";

/** One connection's socket, and what the package calls back for it. */
export class Wire {
  readonly #timeout: number | undefined;
  #socket: Socket | null = null;
  isConnected = false;
  onclose: (() => void) | null = null;
  onnotify: ((channel: string, payload: string) => void) | null = null;

  /** @param timeout seconds to wait for the server to answer. */
  constructor(timeout: number | undefined) {
    this.#timeout = timeout;
  }

  /** The package's hook: called for the connection, and for each cancel request. */
  readonly open = async (server: {
    host: readonly string[];
    port: readonly number[];
    path?: unknown;
  }): Promise<Socket> => {
    // The package would try for ever where a server closes connections without a word.
    if (this.#socket !== null && !this.isConnected) throw new Error("Connection terminated unexpectedly");
    const [[host], [port]] = [server.host, server.port];
    const socket = typeof server.path === "string" ? connect(server.path) : connect(Number(port), host);
    this.#socket ??= socket;
    await new Promise<void>((resolve, reject) => {
      const timer =
        this.#timeout === undefined
          ? undefined
          : setTimeout(() => socket.destroy(timeoutError(host)), this.#timeout * 1000);
      socket.once("error", reject);
      socket.once("connect", () => {
        clearTimeout(timer);
        socket.removeListener("error", reject);
        resolve();
      });
      socket.once("close", () => clearTimeout(timer));
    });
    socket.setNoDelay(true);
    return Object.assign(socket, { host, port });
  };

  destroy(): void {
    this.#socket?.destroy();
  }
}

function timeoutError(host: string | undefined): Error {
  return Object.assign(new Error(`timeout expired while connecting to ${host}`), { code: "ETIMEDOUT" });
}
