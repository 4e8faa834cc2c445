/** Elements of the user's own, as SQLAlchemy's chapter "Custom SQL Constructs and Compilation Extension" has them. */
import {
  and,
  CacheKeyBuilder,
  ClauseElement,
  type Column,
  ColumnClause,
  ColumnElement,
  case_,
  checkConstraint,
  column,
  columnClause,
  compiles,
  createTable,
  DdlElement,
  DefaultDialect,
  Executable,
  FunctionElement,
  func,
  GenericFunction,
  Insert,
  insert,
  MetaData,
  type Node,
  registerGenericFunction,
  type Select,
  StringType,
  select,
  type Table,
  t,
  table,
  tableClause,
  toType,
  visitFunction,
} from "@athanor/core";
import { MSSQLDialect } from "@athanor/dialect-mssql";
import { OracleDialect } from "@athanor/dialect-oracle";
import { PostgresDialect } from "@athanor/dialect-postgres";
import { SQLiteDialect } from "@athanor/dialect-sqlite";
import { describe, expect, test } from "vitest";

const fold = (sql: string): string => sql.replaceAll(/\s+/g, " ").trim();
const sqlOf = (element: ClauseElement, dialect: unknown = new DefaultDialect()): string =>
  fold(element.compile({ dialect }).sql);

const x = table("mytable", new MetaData(), { x: column(t.integer), y: column(t.integer), z: column(t.integer) });

describe("synopsis", () => {
  class MyColumn extends ColumnClause {
    static override readonly inheritCache = true;
    constructor(name: string) {
      super(name, toType(t.integer));
    }
  }
  compiles(MyColumn, (_compiler, element) => `[${String(element.name)}]`);

  test("a column with a text of its own", () => {
    expect(sqlOf(select(new MyColumn("x"), new MyColumn("y")))).toBe("SELECT [x], [y]");
  });

  test("a subclass is rendered as its parent", () => {
    class Further extends MyColumn {}
    expect(sqlOf(select(new Further("z")))).toBe("SELECT [z]");
  });
});

describe("renderings by dialect", () => {
  class AlterColumn extends DdlElement {
    static override readonly inheritCache = false;
    readonly column: Column;
    readonly cmd: string;
    constructor(altered: Column, cmd: string) {
      super();
      this.column = altered;
      this.cmd = cmd;
    }
  }
  compiles(AlterColumn, (_compiler, element) => `ALTER COLUMN ${String(element.column.name)} ${element.cmd} ...`);
  compiles(
    AlterColumn,
    (compiler, { column: altered, cmd }) =>
      `ALTER TABLE ${compiler.visit(altered.table as unknown as Table)} ALTER COLUMN ${String(altered.name)} ${cmd} ...`,
    "postgresql",
  );

  test("the one of the dialect goes first", () => {
    const element = new AlterColumn(x.c.x, "SET DEFAULT 5");
    expect(sqlOf(element)).toBe("ALTER COLUMN x SET DEFAULT 5 ...");
    expect(sqlOf(element, new PostgresDialect())).toBe("ALTER TABLE mytable ALTER COLUMN x SET DEFAULT 5 ...");
  });

  test("where a dialect has none, that of the class it extends holds", () => {
    class Loud extends ColumnClause {
      static override readonly inheritCache = true;
    }
    compiles(Loud, (_compiler, element) => String(element.name).toUpperCase(), "postgresql");
    const statement = select(new Loud("a", toType(t.integer)));
    expect(sqlOf(statement, new PostgresDialect())).toBe("SELECT A");
    expect(sqlOf(statement)).toBe("SELECT a");
  });
});

test("elements inside: INSERT INTO … (SELECT …)", () => {
  class InsertFromSelect extends Executable {
    static override readonly inheritCache = false;
    readonly table: Table;
    readonly select: Select;
    constructor(into: Table, from: Select) {
      super();
      this.table = into;
      this.select = from;
    }
  }
  compiles(
    InsertFromSelect,
    (compiler, element) => `INSERT INTO ${compiler.process(element.table)} (${compiler.process(element.select)})`,
  );
  const element = new InsertFromSelect(x, select(x).where(x.c.x.gt(5)));
  expect(sqlOf(element)).toBe(
    "INSERT INTO mytable (SELECT mytable.x, mytable.y, mytable.z FROM mytable WHERE mytable.x > :x_1)",
  );
  expect(element.compile().params).toEqual({ x_1: 5 });
});

test("a DDL element with an expression inside: values are written", () => {
  class MyConstraint extends DdlElement {
    readonly name: string;
    readonly expression: ColumnElement;
    constructor(name: string, expression: ColumnElement) {
      super();
      this.name = name;
      this.expression = expression;
    }
  }
  compiles(
    MyConstraint,
    (compiler, { name, expression }) => `CONSTRAINT ${name} CHECK (${compiler.literal(expression)})`,
  );
  expect(
    sqlOf(new MyConstraint("c", and(columnClause("q", t.integer).gt(5), columnClause("r", t.string).eq("it's")))),
  ).toBe("CONSTRAINT c CHECK (q > 5 AND r = 'it''s')");
});

describe("changing what there is", () => {
  class ChattyDialect extends DefaultDialect {
    override readonly name = "chatty";
  }

  test("a statement gets a prefix", () => {
    compiles(Insert, (compiler, statement) => compiler.visitDefault(statement.prefixWith("some prefix")), "chatty");
    const statement = insert(x).values({ x: 5 });
    expect(sqlOf(statement, new ChattyDialect())).toBe("INSERT some prefix INTO mytable (x) VALUES (:x)");
    expect(sqlOf(statement)).toBe("INSERT INTO mytable (x) VALUES (:x)");
  });

  test("a type gets another text, also where it is decorated", () => {
    compiles(
      StringType,
      (compiler, type) => (type.length === 4000 ? "VARCHAR('max')" : compiler.typeTextDefault(type)),
      "chatty",
    );
    const made = table("foo", new MetaData(), { data: column(t.string(4000)), other: column(t.VARCHAR(5)) });
    expect(sqlOf(createTable(made), new ChattyDialect())).toBe(
      "CREATE TABLE foo ( data VARCHAR('max'), other VARCHAR(5) )",
    );
    expect(sqlOf(createTable(made))).toBe("CREATE TABLE foo ( data VARCHAR(4000), other VARCHAR(5) )");
  });

  test("constraints of a table", () => {
    const made = table("bar", new MetaData(), { q: column(t.integer) }, checkConstraint("q > 5", { name: "ck" }));
    expect(sqlOf(createTable(made))).toBe("CREATE TABLE bar ( q INTEGER, CONSTRAINT ck CHECK (q > 5) )");
  });
});

describe("what to extend", () => {
  test("ColumnElement: a value", () => {
    class Timestamp extends ColumnElement<Date> {
      static override readonly inheritCache = true;
      constructor() {
        super(toType(t.TIMESTAMP));
      }
    }
    compiles(Timestamp, () => "CURRENT_TIMESTAMP");
    expect(sqlOf(select(new Timestamp().label("now"), new Timestamp().gt(new Date(0))))).toBe(
      "SELECT CURRENT_TIMESTAMP AS now, CURRENT_TIMESTAMP > :param_1 AS anon_1",
    );
  });

  test("FunctionElement: a function with arguments", () => {
    class Coalesce extends FunctionElement {
      static override readonly inheritCache = true;
      override readonly name = "coalesce";
    }
    compiles(Coalesce, (compiler, element) => `coalesce(${compiler.process(element.clauses)})`);
    compiles(
      Coalesce,
      (compiler, element) => {
        if (element.clauses.clauses.length > 2) throw new TypeError("coalesce only supports two arguments on Oracle");
        return `nvl(${compiler.process(element.clauses)})`;
      },
      "oracle",
    );
    const element = new Coalesce(x.c.x, 5);
    expect(sqlOf(select(element))).toBe("SELECT coalesce(mytable.x, :param_1) AS coalesce_1 FROM mytable");
    expect(sqlOf(element, new OracleDialect())).toBe("nvl(mytable.x, :param_1)");
    expect(() => sqlOf(new Coalesce(1, 2, 3), new OracleDialect())).toThrow("only supports two");
    expect(sqlOf(element.over({ orderBy: x.c.y }))).toBe("coalesce(mytable.x, :param_1) OVER (ORDER BY mytable.y)");
  });

  test("a function without a rendering of its own is written by its name", () => {
    class Plain extends FunctionElement<number> {
      static override readonly type = t.integer;
      static override readonly inheritCache = true;
      override readonly name = "my_plain";
    }
    expect(sqlOf(select(new Plain(x.c.x).add(5)))).toBe("SELECT my_plain(mytable.x) + :param_1 AS anon_1 FROM mytable");
  });

  test("utcnow(): the same on all databases, as a default of the server", () => {
    class UtcNow extends FunctionElement<Date> {
      static override readonly type = t.dateTime;
      static override readonly inheritCache = true;
    }
    compiles(UtcNow, () => "TIMEZONE('utc', CURRENT_TIMESTAMP)", "postgresql");
    compiles(UtcNow, () => "GETUTCDATE()", "mssql");
    const event = table("event", new MetaData(), {
      id: column(t.integer, { primaryKey: true }),
      timestamp: column(t.dateTime, { serverDefault: new UtcNow() }),
    });
    expect(sqlOf(createTable(event), new PostgresDialect())).toContain(
      "timestamp TIMESTAMP WITHOUT TIME ZONE DEFAULT TIMEZONE('utc', CURRENT_TIMESTAMP)",
    );
    expect(sqlOf(createTable(event), new MSSQLDialect())).toContain("DEFAULT GETUTCDATE()");
    expect(() => sqlOf(select(new UtcNow()), new SQLiteDialect())).toThrow(/UtcNow/);
  });

  test("greatest(): CASE where a database has no function", () => {
    class Greatest extends FunctionElement<string, string | number> {
      static override readonly type = t.numeric;
      static override readonly inheritCache = true;
      override readonly name = "greatest";
    }
    compiles(Greatest, (compiler, element) => visitFunction(compiler, element));
    compiles(
      Greatest,
      (compiler, element) => {
        const [a, b] = [...element.clauses] as [ColumnElement, ColumnElement];
        return compiler.process(case_([a.gt(b), a], { else: b }));
      },
      "sqlite",
      "mssql",
      "oracle",
    );
    const statement = select(x.c.x).where(new Greatest(x.c.y, x.c.z).gt(4000));
    expect(sqlOf(statement)).toBe("SELECT mytable.x FROM mytable WHERE greatest(mytable.y, mytable.z) > :param_1");
    expect(sqlOf(statement, new SQLiteDialect())).toBe(
      "SELECT mytable.x FROM mytable WHERE CASE WHEN (mytable.y > mytable.z) THEN mytable.y ELSE mytable.z END > ?",
    );
  });

  test("a constant that differs between databases", () => {
    class SqlFalse extends ColumnElement<boolean> {
      static override readonly inheritCache = true;
      constructor() {
        super(toType(t.boolean));
      }
    }
    compiles(SqlFalse, () => "false");
    compiles(SqlFalse, () => "0", "mysql", "mssql", "oracle");
    expect(sqlOf(select(x.c.x).where(new SqlFalse()), new PostgresDialect())).toBe(
      "SELECT mytable.x FROM mytable WHERE false",
    );
  });
});

test("an element without a rendering for a dialect says so", () => {
  class OnlyThere extends ColumnElement<number> {
    static override readonly inheritCache = true;
    constructor() {
      super(toType(t.integer));
    }
  }
  compiles(OnlyThere, () => "there", "oracle");
  expect(sqlOf(new OnlyThere(), new OracleDialect())).toBe("there");
  expect(() => sqlOf(new OnlyThere())).toThrow(/can't render element of type OnlyThere/);
});

describe("GenericFunction", () => {
  class AsUtc extends GenericFunction<Date> {
    static override readonly functionName = "as_utc";
    static override readonly type = t.dateTime;
    static override readonly inheritCache = true;
  }
  class GeoBuffer extends GenericFunction<string> {
    static override readonly functionName = "ST_Buffer";
    static override readonly identifier = "buffer";
    static override readonly package = "geo";
    static override readonly type = t.string;
    static override readonly inheritCache = true;
  }
  registerGenericFunction(AsUtc);
  registerGenericFunction(GeoBuffer);

  test("func gives it, with its type", () => {
    expect(func("as_utc")(x.c.x)).toBeInstanceOf(AsUtc);
    expect(sqlOf(select(func("as_utc")(x.c.x)))).toBe("SELECT as_utc(mytable.x) AS as_utc_1 FROM mytable");
    expect(func("AS_UTC")(1).type.visitName).toBe(toType(t.dateTime).visitName);
  });

  test("a package is a place under func, no part of the SQL", () => {
    expect(func("geo", "buffer")(1)).toBeInstanceOf(GeoBuffer);
    expect(sqlOf(select(func("geo", "buffer")(x.c.y)))).toBe(
      'SELECT ST_Buffer(mytable.y) AS "ST_Buffer_1" FROM mytable',
    );
  });

  test("a name is wanted", () => {
    class Nameless extends GenericFunction {}
    expect(() => registerGenericFunction(Nameless)).toThrow(/functionName/);
  });
});

describe("cache keys", () => {
  const keyOf = (node: Node): string | null => {
    const key = new CacheKeyBuilder();
    node.appendCacheKey(key);
    return key.uncacheable ? null : key.text;
  };

  test("objects of a class that does not say what they hold are compiled anew", () => {
    class Secretive extends ColumnClause {
      readonly extra: string;
      constructor(extra: string) {
        super("c", toType(t.integer));
        this.extra = extra;
      }
    }
    compiles(Secretive, (_compiler, element) => element.extra);
    expect(keyOf(select(new Secretive("a")))).toBeNull();
    expect([sqlOf(select(new Secretive("a"))), sqlOf(select(new Secretive("b")))]).toEqual(["SELECT a", "SELECT b"]);
  });

  test("a class that declares its fields has keys by them, apart from those of the class it extends", () => {
    class Open extends ColumnElement<number> {
      static override readonly fields = { extra: "atom" } as const;
      readonly extra: string;
      constructor(extra: string) {
        super(toType(t.integer));
        this.extra = extra;
      }
    }
    compiles(Open, (_compiler, element) => element.extra);
    expect(keyOf(select(new Open("a")))).toBe(keyOf(select(new Open("a"))));
    expect(keyOf(select(new Open("a")))).not.toBe(keyOf(select(new Open("b"))));
  });

  test("inheritCache: the parent's key and the class", () => {
    class Named extends ColumnClause {
      static override readonly inheritCache = true;
    }
    compiles(Named, (_compiler, element) => `<${String(element.name)}>`);
    const made = new Named("c", toType(t.integer));
    expect(keyOf(select(made))).not.toBeNull();
    expect(keyOf(select(made))).not.toBe(keyOf(select(columnClause("c", t.integer))));
  });
});

test("a custom clause is no column: it stands where it is put", () => {
  class Marker extends ClauseElement {
    static override readonly inheritCache = true;
  }
  compiles(Marker, () => "/* here */");
  expect(sqlOf(select(columnClause("a")).selectFrom(tableClause("q")).prefixWith(new Marker()))).toBe(
    "SELECT /* here */ a FROM q",
  );
});
