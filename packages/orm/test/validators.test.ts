/** Validators: what they are called with, in which order. */
import { column, foreignKey, t } from "@athanor/core";
import { declarativeBase, delAttribute, many, one } from "@athanor/orm";
import { expect, it } from "vitest";

const Base = declarativeBase();
const id = () => column(t.integer, { primaryKey: true });
const calls: string[] = [];
const take = () => calls.splice(0);

class Parent extends Base.mapped(
  "parent",
  { id: id(), name: column(t.string), children: () => many(Child, { backPopulates: "parent" }) },
  {
    validates: {
      name: {
        validate: (value: string, key: string, _parent: object, isRemove: boolean) => {
          calls.push(`${key} ${value} ${isRemove}`);
          return isRemove ? value : `${value}!`;
        },
        includeRemoves: true,
      },
      children: {
        validate: (value: Child | string, _key: string, _parent: object, isRemove: boolean) => {
          const child = typeof value === "string" ? new Child({ name: value }) : value;
          calls.push(`${child.name} ${isRemove}`);
          return child;
        },
        includeRemoves: true,
      },
    },
  },
) {}
class Child extends Base.mapped("child", {
  id: id(),
  name: column(t.string),
  parentId: column(t.integer, foreignKey("parent.id")),
  parent: () => one(Parent, { backPopulates: "children" }),
}) {}

it("a scalar that is deleted, with includeRemoves", () => {
  const parent = new Parent({ name: "ed" });
  delAttribute(parent, "name");
  expect(take()).toEqual(["name ed false", "name ed! true"]);
});

it("a collection that is replaced: every new value first, also those that stay; then what left", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => new Child({ name })) as [Child, Child, Child];
  const parent = new Parent({ children: [a, b] });
  expect(take()).toEqual(["a false", "b false"]);
  parent.children = [b, c];
  expect(take().slice(0, 3)).toEqual(["b false", "c false", "a true"]);
  c.parent = null;
  expect(take()).toEqual(["c true"]);
});

it("may make the objects of a collection that is assigned", () => {
  const parent = new Parent();
  (parent as { children: unknown }).children = ["x", "y"];
  expect(parent.children.map((child) => [child instanceof Child, child.name])).toEqual([
    [true, "x"],
    [true, "y"],
  ]);
});
