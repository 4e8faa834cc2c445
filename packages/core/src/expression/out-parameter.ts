/** Parameters that the database fills. */
import { type SqlType, type TypeLike, toType } from "../types/type.ts";
import { BindParameter } from "./bind.ts";

/** A parameter that the database fills. */
export class OutParameter extends BindParameter {
  override readonly isOut: boolean = true;

  constructor(name: string, type: SqlType) {
    super(name, name, null, type);
  }
}

/**
 * A parameter that the database fills, for PL/SQL in `text()` on Oracle; its value is in the result's `outParameters`.
 *
 * @example conn.execute(text("BEGIN :total := f(:a); END;").bindparams(outparam("total", t.integer)), { a: 1 })
 */
export function outparam(name: string, type: TypeLike): OutParameter {
  return new OutParameter(name, toType(type));
}
