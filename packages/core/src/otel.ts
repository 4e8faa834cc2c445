/**
 * OpenTelemetry for Athanor: spans and the duration histogram of the stable database conventions, from the tracing
 * channels of ./engine/tracing.ts. Needs `@opentelemetry/api`; knows no SDK.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  type Attributes,
  type Histogram,
  type Meter,
  metrics,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { TraceContext } from "./engine/tracing.ts";

/** Options of {@link instrumentAthanor}. */
export interface InstrumentationOptions {
  /** Default: that of the global provider, named `@athanor/core`. */
  readonly tracer?: Tracer;
  /** Default: that of the global provider, named `@athanor/core`. */
  readonly meter?: Meter;
  /** Write the SQL text into spans. It holds no parameters' values, but literals of `text()`. Default true. */
  readonly captureQueryText?: boolean;
  /** Write parameters into spans, as `db.query.parameter.<position or name>`. Default false. */
  readonly captureParameters?: boolean;
  /** Only inside of a span: statements without a parent are not traced. Default false. */
  readonly requireParentSpan?: boolean;
  /** Spans for BEGIN, COMMIT and ROLLBACK. Default true. */
  readonly traceTransactions?: boolean;
  /** Spans for taking connections from the pool. Default false. */
  readonly traceConnections?: boolean;
}

interface Running {
  readonly span: Span | null;
  readonly startedAt: number;
}

/**
 * Writes a client span for every statement, and measures `db.client.operation.duration` in seconds. Call it once; what it
 * returns stops it.
 *
 * @example const stop = instrumentAthanor();
 */
export function instrumentAthanor(options: InstrumentationOptions = {}): () => void {
  const { traceTransactions = true, traceConnections = false } = options;
  const writer = new SpanWriter(options);
  const names = ["athanor:query"];
  if (traceTransactions) names.push("athanor:transaction");
  if (traceConnections) names.push("athanor:connect");
  const stops = names.flatMap((name) => [
    listen(`tracing:${name}:start`, (call) => writer.begin(call)),
    listen(`tracing:${name}:end`, (call) => call.isSettled && writer.end(call)),
    listen(`tracing:${name}:asyncEnd`, (call) => writer.end(call)),
  ]);
  return () => {
    for (const stop of stops) stop();
  };
}

function listen(channel: string, receive: (call: TraceContext) => unknown): () => void {
  const listener = (message: unknown): void => void receive(message as TraceContext);
  subscribe(channel, listener);
  return () => void unsubscribe(channel, listener);
}

class SpanWriter {
  readonly #tracer: Tracer;
  readonly #duration: Histogram;
  readonly #options: InstrumentationOptions;
  readonly #running = new WeakMap<TraceContext, Running>();

  constructor(options: InstrumentationOptions) {
    this.#options = options;
    this.#tracer = options.tracer ?? trace.getTracer("@athanor/core");
    this.#duration = (options.meter ?? metrics.getMeter("@athanor/core")).createHistogram(
      "db.client.operation.duration",
      {
        description: "Duration of database client operations.",
        unit: "s",
        advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
      },
    );
  }

  begin(call: TraceContext): void {
    const isWanted = this.#options.requireParentSpan !== true || trace.getActiveSpan() !== undefined;
    const { attributes } = call;
    const span = isWanted
      ? this.#tracer.startSpan(attributes["db.query.summary"] || attributes["db.system.name"], {
          kind: SpanKind.CLIENT,
          attributes: this.#spanAttributes(call),
        })
      : null;
    this.#running.set(call, { span, startedAt: performance.now() });
  }

  end(call: TraceContext): void {
    const running = this.#running.get(call);
    if (running === undefined) return;
    this.#running.delete(call);
    const { attributes } = call;
    const { span, startedAt } = running;
    this.#duration.record((performance.now() - startedAt) / 1000, measured(attributes));
    if (span === null) return;
    for (const name of ["db.response.returned_rows", "db.response.status_code", "error.type"] as const) {
      const value = attributes[name];
      if (value !== undefined) span.setAttribute(name, value);
    }
    if (attributes["error.type"] !== undefined) {
      // The first line: the others repeat the SQL and its parameters.
      const message = String((call.error as Error | undefined)?.message ?? call.error).split("\n")[0] as string;
      span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    span.end();
  }

  #spanAttributes({ attributes, parameters }: TraceContext): Attributes {
    const { captureQueryText = true, captureParameters = false } = this.#options;
    const given: Record<string, string | number> = { ...attributes };
    if (!captureQueryText) delete given["db.query.text"];
    if (captureParameters && parameters !== null && typeof parameters === "object") {
      const isBatch = attributes["db.operation.batch.size"] !== undefined;
      if (!isBatch)
        for (const [name, value] of Object.entries(parameters)) given[`db.query.parameter.${name}`] = String(value);
    }
    return given;
  }
}

/** What the histogram is divided by: nothing of which there may be many. */
function measured(attributes: TraceContext["attributes"]): Attributes {
  const {
    "db.query.text": _text,
    "db.response.returned_rows": _rows,
    "db.operation.batch.size": _size,
    ...few
  } = attributes;
  return few;
}
