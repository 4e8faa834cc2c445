/**
 * H2, a database of another make that has modes for Oracle's and SQL Server's dialects: one warm JVM for all connections of a
 * test file. Needs Java and H2 (Debian: default-jdk-headless, libh2-java). Next: ./Runner.java.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const jar = [process.env["ATHANOR_TEST_H2_JAR"], "/usr/share/java/h2.jar"].find(
  (path) => path !== undefined && existsSync(path),
);

/** Why H2 cannot be had here; null where it can. */
export const h2Missing: string | null =
  jar === undefined
    ? "no H2: install libh2-java, or name its jar in ATHANOR_TEST_H2_JAR"
    : spawnSync("java", ["-version"]).status === 0
      ? null
      : "no Java: install default-jdk-headless";

/** An error of H2's. */
export class H2Error extends Error {
  readonly code: string;
  /** The SQL state. */
  readonly state: string;

  constructor(line: string) {
    const [, code = "", state = "", text = ""] = line.split("\t");
    super(Buffer.from(text, "base64").toString());
    this.code = code;
    this.state = state;
  }
}

/** Text as it travels to the JVM. */
export const encode = (text: string): string => Buffer.from(text).toString("base64");

/** One JVM. */
class Jvm {
  readonly #process: ChildProcess;
  readonly #waiting: ((lines: string[]) => void)[] = [];
  #lines: string[] = [];

  constructor() {
    const source = fileURLToPath(new URL("./Runner.java", import.meta.url));
    this.#process = spawn("java", ["-Xshare:auto", "-Duser.timezone=UTC", "-cp", jar as string, source], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.#process.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      if (line !== ".") {
        this.#lines.push(line);
        return;
      }
      const lines = this.#lines;
      this.#lines = [];
      this.#waiting.shift()?.(lines);
    });
    this.#process.on("exit", () => {
      for (const answer of this.#waiting.splice(0)) answer([`E\t0\tHY000\t${encode("the JVM has ended")}`]);
    });
  }

  /** Sends a request of ./Runner.java's. @throws H2Error */
  async call(...fields: readonly string[]): Promise<string[]> {
    const lines = await new Promise<string[]>((resolve) => {
      this.#waiting.push(resolve);
      this.#process.stdin?.write(`${fields.join("\t")}\n`);
    });
    const failure = lines.find((line) => line.startsWith("E\t"));
    if (failure !== undefined) throw new H2Error(failure);
    return lines;
  }

  end(): void {
    this.#process.stdin?.end();
  }
}

let jvm: Jvm | null = null;

/** The JVM; starts with the first use. */
export function h2Jvm(): Jvm {
  jvm ??= new Jvm();
  return jvm;
}

/** Ends the JVM. */
export function stopH2(): void {
  jvm?.end();
  jvm = null;
}
