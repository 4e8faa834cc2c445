/** `beforeExecute` and `afterExecute`: statements on their way in, perhaps changed by a listener. */
import { type Listener, type ListenerList, type Step, settle } from "@athanor/driver";
import { InvalidRequestError } from "../../errors/errors.ts";
import type { ClauseElement } from "../../expression/clause-element.ts";
import type { ConnectionCore } from "../connection-core.ts";
import type { GivenParameters } from "../events.ts";
import { type ExecutionOptionsInput, isEmpty } from "../options.ts";
import type { ParameterSet, Prepared } from "../prepared.ts";
import { executableOf } from "./executable.ts";

/** What is executed, after the listeners. */
export interface Announced {
  readonly statement: ClauseElement;
  readonly params: GivenParameters;
}

/** Tells listeners of `beforeExecute`; those with `retval` may change the statement and its parameters. */
export function* announceExecution(
  connection: ConnectionCore,
  listeners: ListenerList<Listener>,
  given: ClauseElement,
  givenParams: GivenParameters,
  options: ExecutionOptionsInput,
): Step<Announced> {
  let statement = given;
  let params = givenParams;
  for (const listener of listeners.all) {
    const [multiparams, single] = splitParameters(params);
    const returned = yield* settle(
      (listener as (...values: unknown[]) => unknown)(connection.front, statement, multiparams, single, options),
    );
    if (!listeners.returns(listener)) continue;
    if (!Array.isArray(returned) || returned.length !== 3) {
      throw new InvalidRequestError(
        "a beforeExecute listener with { retval: true } must return [clauseelement, multiparams, params]",
      );
    }
    const [element, sets, set] = returned as [unknown, readonly ParameterSet[], ParameterSet];
    statement = executableOf(element);
    params = sets.length > 0 ? sets : isEmpty(set) ? null : set;
  }
  return { statement, params };
}

/** Tells listeners of `afterExecute`. */
export function* concludeExecution(
  connection: ConnectionCore,
  listeners: ListenerList<Listener>,
  { statement, params }: Announced,
  options: ExecutionOptionsInput,
  result: object,
): Step<void> {
  const [multiparams, single] = splitParameters(params);
  for (const listener of listeners.all) {
    yield* settle(
      (listener as (...values: unknown[]) => unknown)(
        connection.front,
        statement,
        multiparams,
        single,
        options,
        result,
      ),
    );
  }
}

/** As listeners get them: the sets of an executemany, or the only set. */
function splitParameters(params: GivenParameters): readonly [readonly ParameterSet[], ParameterSet] {
  if (params === null) return [[], {}];
  return Array.isArray(params) ? [params as readonly ParameterSet[], {}] : [[], params as ParameterSet];
}

/**
 * Asks `doSetinputsizes`: the conversions of a statement's parameters, where a listener replaced types; undefined for the
 * statement's own. Statements with `IN` lists keep theirs.
 */
export function* inputProcessors(
  connection: ConnectionCore,
  prepared: Prepared,
  valuesOf: () => readonly unknown[],
): Step<ReturnType<Prepared["processorsFor"]> | undefined> {
  const list = connection.listeners.doSetinputsizes;
  if (list.empty || !prepared.isFixed) return undefined;
  const types = prepared.inputTypes();
  const values = valuesOf();
  const parameters = Object.fromEntries(prepared.compiled.binds.map(({ name }, index) => [name, values[index]]));
  for (const listener of list.all) {
    yield* settle(
      (listener as (...given: unknown[]) => unknown)(
        types,
        null,
        prepared.compiled.fixedText,
        parameters,
        prepared.compiled,
      ),
    );
  }
  return prepared.processorsFor(types);
}
