/** What the packages throw. */

/** An error of the server, of the network, or of the package itself. */
export interface NativeError extends Error {
  code?: string;
  errno?: number;
  sqlState?: string;
  fatal?: boolean;
}
