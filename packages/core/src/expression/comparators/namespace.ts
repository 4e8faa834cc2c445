/** `t` with the operators of JSON and array expressions. */
import { type TypeNamespace, t as types } from "../../types/namespace.ts";
import type { ArrayOps } from "../array-ops.ts";
import type { JsonOps } from "./json.ts";
import "./array.ts";
import "./json.ts";

/** SQL types: `t.integer`, `t.string(50)`, `t.enum("a", "b")`, `t.json<Meta>()`; bare or called. */
export const t: TypeNamespace<JsonOps, ArrayOps> = types as TypeNamespace<JsonOps, ArrayOps>;
