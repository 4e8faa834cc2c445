/** What the packages throw, and what is thrown where they say nothing. */

/** An error of the server, of the network, or of the package itself. */
export interface NativeError extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
  fatal?: boolean;
}

/** The server has closed the connection without a word. */
export function connectionLost(): NativeError {
  return Object.assign(new Error("Connection lost: The server closed the connection."), {
    code: "PROTOCOL_CONNECTION_LOST",
  });
}

/** The connection was dropped from this side. */
export function connectionTerminated(): NativeError {
  return Object.assign(new Error("the connection was terminated"), { code: "ECONNABORTED" });
}
