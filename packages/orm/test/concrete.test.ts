/** Relationships to a concrete hierarchy that is queried as one: subclasses as members, criteria about them. */
import { column, createEngine, foreignKey, select, t } from "@athanor/core";
import { declarativeBase, joinedload, many, Session, selectinload } from "@athanor/orm";
import { expect, it } from "vitest";
import "@athanor/dialect-sqlite";

const Base = declarativeBase();
const common = {
  id: column(t.integer, { primaryKey: true }),
  name: column(t.string),
  companyId: column("company_id", t.integer, foreignKey("company.id")),
};
class Employee extends Base.mapped(
  "employee",
  { ...common },
  { polymorphicIdentity: "employee", concrete: true, concreteBase: true },
) {}
class Manager extends Employee.extend(
  "manager",
  { ...common, data: column(t.string) },
  { polymorphicIdentity: "manager", concrete: true },
) {
  static {
    this.register();
  }
}
class Company extends Base.mapped("company", {
  id: column(t.integer, { primaryKey: true }),
  employees: () => many(Employee),
}) {}

it("members of subclasses get the key, before they are written", () => {
  const engine = createEngine("sqlite://");
  Base.metadata.createAll(engine);
  using session = new Session(engine);
  session.add(
    new Company({
      id: 1,
      employees: [new Manager({ id: 1, name: "m", data: "d" }), new Employee({ id: 1, name: "e" })],
    }),
  );
  session.commit();
  session.expungeAll();
  const named = (company: Company): unknown[] =>
    company.employees.map((each) => [each.constructor.name, each.name]).toSorted();
  const expected = [
    ["Employee", "e"],
    ["Manager", "m"],
  ];
  expect(named(session.get(Company, 1) as Company)).toEqual(expected);
  for (const option of [selectinload(Company.$.employees), joinedload(Company.$.employees)]) {
    session.expungeAll();
    expect(named(session.scalars(select(Company).options(option)).unique().one())).toEqual(expected);
  }
  const company = session.get(Company, 1) as Company;
  company.employees.splice(
    company.employees.findIndex((each) => each instanceof Manager),
    1,
  );
  session.commit();
  expect(session.get(Manager, 1)?.companyId).toBeNull();
  expect(session.scalars(select(Company.$.id).where(Company.$.employees.any(Employee.$.name.eq("e")))).all()).toEqual([
    1,
  ]);
  expect(session.scalars(select(Company.$.id).where(Company.$.employees.any(Employee.$.name.eq("m")))).all()).toEqual(
    [],
  );
});

it("criteria of any() speak of the union", () => {
  expect(
    String(select(Company.$.id).where(Company.$.employees.any(Employee.$.name.eq("x")))).replace(/\s+/g, " "),
  ).toMatch(/\) AS pjoin WHERE company.id = pjoin.company_id AND pjoin.name = :name_1\)$/);
});
