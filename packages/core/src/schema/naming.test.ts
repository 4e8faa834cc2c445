import { describe, expect, it } from "vitest";
import {
  checkConstraint,
  column,
  conv,
  foreignKey,
  index,
  MetaData,
  type NamingConvention,
  t,
  table,
  uniqueConstraint,
} from "../index.ts";

const named = (namingConvention: NamingConvention) => {
  const metadata = new MetaData({ namingConvention });
  table("p", metadata, { id: column("pid", t.integer, { primaryKey: true }) });
  return metadata;
};

describe("naming conventions", () => {
  it("name what has no name", () => {
    const metadata = named({
      pk: "pk_%(table_name)s",
      uq: "uq_%(table_name)s_%(column_0_N_name)s",
      fk: "fk_%(column_0_label)s_%(referred_table_name)s_%(referred_column_0_name)s",
    });
    const made = table(
      "k",
      metadata,
      { a: column(t.integer, foreignKey("p.id"), { primaryKey: true }), b: column("bb", t.integer) },
      uniqueConstraint("a", "b"),
      uniqueConstraint("b", { name: "mine" }),
    );
    expect(made.sortedConstraints.map((constraint) => constraint.name).sort()).toEqual([
      "fk_k_a_p_pid",
      "mine",
      "pk_k",
      "uq_k_a_bb",
    ]);
  });

  it("build on given names where they ask for them", () => {
    const metadata = named({ ck: "ck_%(table_name)s_%(constraint_name)s" });
    const made = table(
      "k",
      metadata,
      { a: column(t.integer, checkConstraint("a > 0", { name: "col" })) },
      checkConstraint("a > 1", { name: "x" }),
      checkConstraint("a > 2", { name: conv("exact") }),
    );
    expect(made.sortedConstraints.map((constraint) => constraint.name)).toEqual(["ck_k_x", "exact", null].sort());
    expect([...made.c.a.constraints].map((constraint) => constraint.name)).toEqual(["ck_k_col"]);
    expect(() => table("z", metadata, { a: column(t.integer) }, checkConstraint("a > 1"))).toThrow(
      "requires that constraint is explicitly named",
    );
  });

  it("take functions and positions as tokens", () => {
    const metadata = named({
      uq: "%(shout)s_%(column_1_key)s_100%%",
      shout: (constraint, owner) => `${owner.name.toUpperCase()}${constraint.columns.length}`,
      ix: "ix_%(column_0N_key)s",
    });
    const made = table(
      "k",
      metadata,
      { a: column(t.integer), b: column("bb", t.integer) },
      uniqueConstraint("a", "b"),
      index(null, "a", "b"),
    );
    expect([...made.constraints].map((constraint) => constraint.name)).toContain("K2_b_100%");
    expect([...made.indexes].map((each) => each.name)).toEqual(["ix_ab"]);
  });

  it("refuse tokens that nobody knows", () => {
    const metadata = named({ uq: "uq_%(nope)s" });
    const made = table("k", metadata, { a: column(t.integer) }, uniqueConstraint("a"));
    expect(() => [...made.constraints].map((constraint) => constraint.name)).toThrow("unknown token %(nope)s");
  });

  it("name indexes even where there is no convention", () => {
    const made = table("k", new MetaData(), { a: column(t.integer, { index: true }) }, { schema: "s.t" });
    expect([...made.indexes].map((each) => each.name)).toEqual(["ix_s_t_k_a"]);
  });
});
