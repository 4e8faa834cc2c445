import { tracingChannel } from "node:diagnostics_channel";
import { setTimeout as sleep } from "node:timers/promises";
import { insert, select, type TraceContext, text } from "@athanor/core";
import { instrumentAthanor } from "@athanor/core/otel";
import { context as otelContext, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterEach, describe, expect, it } from "vitest";
import { describeSql } from "../src/engine/sql-summary.ts";
import { queryTracer } from "../src/engine/tracing.ts";
import { engineWithUsers, users } from "./story.ts";

describe("tracing channels", () => {
  it("tell of statements and transactions, and are off without subscribers", () => {
    const { engine } = engineWithUsers({}, "a");
    expect(queryTracer.isOn).toBe(false);
    const seen: unknown[] = [];
    const subscriber = {
      start: (message: unknown) => {
        const { attributes, parameters, engine: from } = message as TraceContext;
        seen.push(["start", { ...attributes }, parameters, from === engine]);
      },
      end: (message: unknown) => void seen.push(["end", (message as TraceContext).isSettled]),
      error: (message: unknown) => void seen.push(["error", (message as TraceContext).error instanceof Error]),
      asyncStart: () => void seen.push("asyncStart"),
      asyncEnd: () => void seen.push("asyncEnd"),
    };
    const channel = tracingChannel("athanor:query");
    const transactions = tracingChannel("athanor:transaction");
    const seenTransactions: string[] = [];
    const watch = {
      start: (message: unknown) =>
        void seenTransactions.push((message as TraceContext).attributes["db.operation.name"] as string),
    };
    channel.subscribe(subscriber);
    transactions.subscribe(watch as never);
    expect(queryTracer.isOn).toBe(true);
    using connection = engine.connect();
    connection.execute(select(users.c.name).where(users.c.id.eq(1)));
    expect(() => connection.execute(insert(users).values({ name: "a" }))).toThrow();
    connection.rollback();
    channel.unsubscribe(subscriber);
    transactions.unsubscribe(watch as never);
    connection.execute(select(users.c.name));
    expect(seenTransactions).toEqual(["BEGIN", "ROLLBACK"]);
    expect(seen).toEqual([
      [
        "start",
        {
          "db.system.name": "small",
          "db.query.text": "SELECT users.name \nFROM users \nWHERE users.id = ?",
          "db.operation.name": "SELECT",
          "db.collection.name": "users",
          "db.query.summary": "SELECT users",
        },
        [1],
        true,
      ],
      ["end", true],
      ["start", expect.objectContaining({ "db.query.summary": "INSERT users" }), ["a"], true],
      ["error", true],
      ["end", true],
    ]);
  });

  it("keep hidden parameters hidden", () => {
    const { engine } = engineWithUsers({ hideParameters: true });
    const seen: unknown[] = [];
    const subscriber = { start: (message: unknown) => void seen.push((message as TraceContext).parameters) };
    const channel = tracingChannel("athanor:query");
    channel.subscribe(subscriber as never);
    engine.begin((connection) => connection.execute(select(users.c.id).where(users.c.name.eq("secret"))));
    channel.unsubscribe(subscriber as never);
    expect(seen).toEqual([null]);
  });
});

describe("OpenTelemetry's SDK", () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer("test");
  const contexts = new AsyncLocalStorageContextManager().enable();
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 1e8 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("test");
  afterEach(() => exporter.reset());

  it("gets client spans with the stable conventions' attributes, below the active span", async () => {
    otelContext.setGlobalContextManager(contexts);
    const { engine } = engineWithUsers({}, "a");
    const stop = instrumentAthanor({ tracer, meter, captureParameters: true });
    try {
      tracer.startActiveSpan("request", (parent) => {
        engine.begin((connection) => {
          connection.execute(insert(users), [{ name: "x" }, { name: "y" }]);
          connection.execute(select(users.c.name).where(users.c.id.eq(1)));
          connection.beginNested(() => {
            expect(() => connection.execute(text("SELECT missing"))).toThrow();
          });
        });
        parent.end();
      });
    } finally {
      stop();
    }
    engine.begin((connection) => connection.execute(text("SELECT 'unseen'")));
    const spans = exporter.getFinishedSpans();
    const parent = spans.find((span) => span.name === "request");
    expect(spans.map((span) => span.name)).toEqual([
      "BEGIN",
      "BATCH INSERT users",
      "SELECT users",
      "SAVEPOINT",
      "SELECT",
      "RELEASE",
      "COMMIT",
      "request",
    ]);
    const [, batch, selected, , failed] = spans;
    expect(batch).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: {
        "db.system.name": "small",
        "db.operation.name": "BATCH INSERT",
        "db.operation.batch.size": 2,
        "db.collection.name": "users",
      },
    });
    expect(batch?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect(selected?.attributes).toMatchObject({
      "db.query.text": "SELECT users.name \nFROM users \nWHERE users.id = ?",
      "db.query.parameter.0": "1",
      "db.response.returned_rows": 1,
    });
    expect(failed).toMatchObject({
      status: { code: SpanStatusCode.ERROR, message: "no such column: missing" },
      attributes: { "error.type": "OperationalError" },
    });
    await reader.forceFlush();
    const histogram = measured.getMetrics()[0]?.scopeMetrics[0]?.metrics[0];
    expect(histogram?.descriptor).toMatchObject({ name: "db.client.operation.duration", unit: "s" });
    expect(histogram?.dataPoints.length).toBe(7);
    expect(trace.getActiveSpan()).toBeUndefined();
    await sleep(0);
    await reader.shutdown();
  });
});

describe("describeSql", () => {
  it.each([
    ["SELECT a FROM t WHERE x", "SELECT", "t"],
    ['select 1 from "My ""T""" limit 1', "SELECT", 'My "T"'],
    ["SELECT a FROM t JOIN u ON 1", "SELECT", null],
    ["SELECT a FROM t, u WHERE x", "SELECT", null],
    ["SELECT a FROM (SELECT b FROM t) AS x", "SELECT", null],
    ["SELECT now()", "SELECT", null],
    ["SELECT * FROM generate_series(1, 2)", "SELECT", null],
    ["INSERT INTO s.t (a) VALUES (1)", "INSERT", "s.t"],
    ["/* hint */ INSERT OR IGNORE INTO `t` (a) VALUES (1)", "INSERT", "t"],
    ["UPDATE [t] SET a = 1", "UPDATE", "t"],
    ["DELETE FROM t", "DELETE", "t"],
    ["\nCREATE TEMPORARY TABLE IF NOT EXISTS t (a INT)", "CREATE", "t"],
    ["-- c\nDROP TABLE t", "DROP", "t"],
    ["PRAGMA x", "PRAGMA", null],
    ["", "", null],
  ])("%s", (sql, operation, collection) => {
    expect(describeSql(sql)).toEqual({ operation, collection });
  });
});
