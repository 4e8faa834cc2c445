// The Python original. SQLALCHEMY_LIB names the lib/ folder of a checkout (unset: the installed package);
// BENCH_PYTHONPATH adds folders (for a newer typing_extensions, say); BENCH_PYTHON names the interpreter (pg needs psycopg2). The workloads are in sqlalchemy_worker.py.
import fs from "node:fs";

const keys = ["W1", "W1.nocache", "W2", "W3", "W4", "W5", "W5.joined", "W6", "W7", "W8", "W9", "W10", "W10.asyncpg"];
const pgOnly = { "W10.asyncpg": { dbs: ["pg"] } };
const lib = process.env.SQLALCHEMY_LIB;
export default {
  name: "sqlalchemy",
  dateFormat: "space6",
  dbs: ["sqlite", "pg"],
  skip: lib && !fs.existsSync(lib) ? `SQLALCHEMY_LIB=${lib} does not exist` : undefined,
  command: [process.env.BENCH_PYTHON ?? "python3", "peers/sqlalchemy_worker.py"],
  env: () => ({ PYTHONPATH: [lib, process.env.BENCH_PYTHONPATH].filter(Boolean).join(":") }),
  workloads: Object.fromEntries(keys.map((k) => [k, { ...pgOnly[k] }])),
};
