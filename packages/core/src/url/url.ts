/**
 * Database URLs, to SQLAlchemy's rules: `postgresql+pg://scott:tiger@localhost:5432/test?application_name=x`. Parses and
 * renders; what a driver makes of them is the dialect's business. Next: ../dialect/registry.ts.
 */
import { ArgumentError } from "../errors/errors.ts";

/** Query arguments: one value, or several of the same name. */
export type UrlQuery = Readonly<Record<string, string | readonly string[]>>;

/** The parts of a URL, for {@link URL.create} and {@link URL.set}. */
export interface UrlParts {
  readonly drivername: string;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly host?: string | null;
  readonly port?: number | null;
  readonly database?: string | null;
  readonly query?: UrlQuery;
}

/** Finds the default driver of a dialect for {@link URL.getDriverName}; filled by ../dialect/registry.ts. */
export const defaultDriverSlot: { of(backend: string): string } = { of: () => "" };

/** A database URL. Immutable; `toString()` hides the password. */
export class URL {
  /** Dialect and driver, e.g. `"postgresql+pg"`. */
  readonly drivername: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly host: string | null;
  readonly port: number | null;
  /** Name or file of the database, without the separating slash. */
  readonly database: string | null;
  readonly query: UrlQuery;

  private constructor(parts: UrlParts) {
    this.drivername = parts.drivername;
    this.username = parts.username ?? null;
    this.password = parts.password ?? null;
    this.host = parts.host ?? null;
    this.port = parts.port ?? null;
    this.database = parts.database ?? null;
    this.query = Object.freeze({ ...parts.query });
  }

  /**
   * Puts a URL together; nothing is to be escaped.
   *
   * @throws ArgumentError for parts that are no text or a port that is no number.
   */
  static create(parts: UrlParts): URL;
  static create(drivername: string, parts?: Omit<UrlParts, "drivername">): URL;
  static create(given: UrlParts | string, rest: Omit<UrlParts, "drivername"> = {}): URL {
    const parts: UrlParts = typeof given === "string" ? { ...rest, drivername: given } : given;
    for (const name of ["drivername", "username", "password", "host", "database"] as const) {
      const value = parts[name];
      if (value !== undefined && value !== null && typeof value !== "string")
        throw new ArgumentError(`${name} of a URL must be a string`);
    }
    if (!parts.drivername) throw new ArgumentError("a URL needs a drivername, e.g. sqlite");
    for (const [name, value] of Object.entries(parts.query ?? {}))
      if ([value].flat().some((one) => typeof one !== "string"))
        throw new ArgumentError(`query argument ${name} of a URL must be a string or a list of strings`);
    const { port } = parts;
    if (port !== undefined && port !== null && !Number.isInteger(port))
      throw new ArgumentError("port of a URL must be an integer");
    return new URL(parts);
  }

  /** A copy with some parts replaced. */
  set(parts: Partial<UrlParts>): URL {
    return URL.create({ ...this.#parts(), ...parts });
  }

  /** {@link updateQuery}, from text: `url.updateQueryString("sslmode=require&application_name=x")`. */
  updateQueryString(query: string, options: { readonly append?: boolean } = {}): URL {
    return this.updateQuery(parseQuery(query), options);
  }

  /** {@link updateQuery}, from pairs; a name that comes twice has both values. */
  updateQueryPairs(
    pairs: Iterable<readonly [name: string, value: string | readonly string[]]>,
    options: { readonly append?: boolean } = {},
  ): URL {
    const query: Record<string, string | readonly string[]> = {};
    for (const [name, value] of pairs)
      query[name] = Object.hasOwn(query, name) ? [query[name] ?? [], value].flat() : value;
    return this.updateQuery(query, options);
  }

  /** The same as {@link updateQuery}, by SQLAlchemy's name. */
  updateQueryDict(query: UrlQuery, options: { readonly append?: boolean } = {}): URL {
    return this.updateQuery(query, options);
  }

  /** A copy with query arguments added; those of the same name are replaced, or joined with `append`. */
  updateQuery(query: UrlQuery, options: { readonly append?: boolean } = {}): URL {
    if (options.append !== true) return this.set({ query: { ...this.query, ...query } });
    const joined: Record<string, string | readonly string[]> = { ...this.query };
    for (const [name, value] of Object.entries(query)) {
      const known = joined[name];
      joined[name] = known === undefined ? value : [known, value].flat();
    }
    return this.set({ query: joined });
  }

  /** A copy without some query arguments. */
  differenceUpdateQuery(names: Iterable<string>): URL {
    const left: Record<string, string | readonly string[]> = { ...this.query };
    for (const name of names) delete left[name];
    return Object.keys(left).length === Object.keys(this.query).length ? this : this.set({ query: left });
  }

  /** Query arguments with every value as a list. */
  get normalizedQuery(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(
      Object.entries(this.query).map(([name, value]) => [name, typeof value === "string" ? [value] : [...value]]),
    );
  }

  /** The database's name: `"postgresql"` of `postgresql+pg`. */
  getBackendName(): string {
    return this.drivername.split("+")[0] as string;
  }

  /** The driver's name, the dialect's default where the URL names none. */
  getDriverName(): string {
    const [backend, driver] = this.drivername.split("+");
    return driver ?? defaultDriverSlot.of(backend as string);
  }

  /** The parts that are set, under the names that a driver uses for them: `translateConnectArgs({ username: "user" })`. */
  translateConnectArgs(names: Readonly<Record<string, string>> = {}): Record<string, string | number> {
    const translated: Record<string, string | number> = {};
    for (const part of ["host", "database", "username", "password", "port"] as const) {
      const value = this[part];
      if (value !== null && value !== "" && value !== 0) translated[names[part] ?? part] = value;
    }
    return translated;
  }

  /** The URL as text. Default: the password is shown as `***`. */
  renderAsString(options: { readonly hidePassword?: boolean } = {}): string {
    let text = `${this.drivername}://`;
    if (this.username !== null) {
      text += escapePart(this.username, " +");
      if (this.password !== null)
        text += `:${options.hidePassword === false ? escapePart(this.password, " +") : "***"}`;
      text += "@";
    }
    if (this.host !== null) text += this.host.includes(":") ? `[${this.host}]` : this.host;
    if (this.port !== null) text += `:${this.port}`;
    if (this.database !== null) text += `/${escapePart(this.database, " +/")}`;
    const names = Object.keys(this.query).sort();
    if (names.length > 0) {
      const pairs = names.flatMap((name) =>
        [this.query[name] as string | readonly string[]]
          .flat()
          .map((value) => `${escapePlus(name)}=${escapePlus(value)}`),
      );
      text += `?${pairs.join("&")}`;
    }
    return text;
  }

  /** The URL as text, without the password. */
  toString(): string {
    return this.renderAsString();
  }

  /** As {@link toString}, so that logs keep no password. */
  toJSON(): string {
    return this.renderAsString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.renderAsString();
  }

  /** Whether all parts are the same. */
  equals(other: unknown): boolean {
    return (
      other instanceof URL &&
      other.renderAsString({ hidePassword: false }) === this.renderAsString({ hidePassword: false })
    );
  }

  #parts(): UrlParts {
    const { drivername, username, password, host, port, database, query } = this;
    return { drivername, username, password, host, port, database, query };
  }
}

const pattern =
  /^(?<name>[\w+-]+):\/\/(?:(?<username>[^:/]*)(?::(?<password>[^@]*))?@)?(?:(?:\[(?<ipv6>[^/?]+)\]|(?<ipv4>[^/:?]+))?(?::(?<port>[^/?]*))?)?(?:\/(?<database>[^?]*))?(?:\?(?<query>[\s\S]*))?$/;

/**
 * A URL from its text; a URL object is returned as it is.
 *
 * @throws ArgumentError when the text is no database URL; the message does not repeat it, for it may hold a password.
 */
export function makeUrl(given: string | URL): URL {
  if (given instanceof URL) return given;
  if (typeof given !== "string") throw new ArgumentError("a database URL must be a string or a URL object");
  const parts = pattern.exec(given)?.groups;
  if (parts === undefined) {
    throw new ArgumentError("Could not parse the database URL", {
      code: "bad_url",
      fix: "write dialect+driver://user:password@host:port/database, e.g. sqlite:///file.db; escape @ : / in a password as %40 %3A %2F",
    });
  }
  const port = parts.port;
  if (port && !/^\d+$/.test(port))
    throw new ArgumentError("The port of the database URL is not a number", { code: "bad_url" });
  return URL.create({
    drivername: parts.name as string,
    username: unescapePart(parts.username),
    password: unescapePart(parts.password),
    host: parts.ipv4 ?? parts.ipv6 ?? null,
    port: port ? Number(port) : null,
    database: unescapePart(parts.database),
    query: parseQuery(parts.query ?? ""),
  });
}

function parseQuery(text: string): UrlQuery {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    if (value === "") continue;
    const known = Object.hasOwn(query, name) ? query[name] : undefined;
    if (known === undefined) query[name] = value;
    else if (typeof known === "string") query[name] = [known, value];
    else known.push(value);
  }
  return query;
}

function unescapePart(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    // A % that escapes nothing stands for itself.
    return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  }
}

function escapePart(text: string, safe: string): string {
  const escaped = encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return escaped.replaceAll(/%(20|2B|2F)/g, (code) => {
    const char = decodeURIComponent(code);
    return safe.includes(char) ? char : code;
  });
}

function escapePlus(text: string): string {
  return escapePart(text, " ").replaceAll(" ", "+");
}
