/** Further model sets, for scenarios of orm_more.json: models_more.md in our mapping. */
import { column, foreignKey, t, table } from "@athanor/core";
import { declarativeBase, many, one } from "@athanor/orm";
import type { ModelSet } from "./orm-models.ts";

const key = { primaryKey: true } as const;
const required = { nullable: false } as const;

function company(): ModelSet {
  const Base = declarativeBase();
  class Company extends Base.mapped("company", {
    id: column(t.integer, key),
    name: column(t.string(30), required),
    staff: () => many(Person, { backPopulates: "company", orderBy: () => Person.$.id }),
  }) {}
  class Person extends Base.mapped(
    "person",
    {
      id: column(t.integer, key),
      type: column(t.string(20), required),
      name: column(t.string(30), required),
      companyId: column("company_id", t.integer, foreignKey("company.id")),
      company: () => one(Company, { backPopulates: "staff" }),
    },
    { polymorphicOn: "type", polymorphicIdentity: "person" },
  ) {}
  const managerId = column(t.integer, foreignKey("employee.id"), key);
  class Employee extends Person.extend(
    "employee",
    {
      id: column(t.integer, foreignKey("person.id"), key),
      salary: column(t.integer, required),
      bossId: column("boss_id", t.integer, foreignKey("manager.id", { useAlter: true, name: "fk_boss" })),
      boss: () =>
        one(Manager, {
          foreignKeys: () => Employee.$.bossId,
          backPopulates: "reports",
          remoteSide: () => Manager.table.c.id,
        }),
    },
    { polymorphicIdentity: "employee" },
  ) {}
  class Manager extends Employee.extend(
    "manager",
    {
      id: managerId,
      title: column(t.string(20), required),
      reports: () =>
        many(Employee, {
          foreignKeys: () => Employee.$.bossId,
          backPopulates: "boss",
          orderBy: () => Employee.$.id,
        }),
    },
    { polymorphicIdentity: "manager", inheritCondition: () => managerId.eq(Employee.table.c.id) },
  ) {}
  class Engineer extends Employee.extend(
    "engineer",
    {
      id: column(t.integer, foreignKey("employee.id"), key),
      language: column(t.string(20), required),
      machines: () => many(Machine, { orderBy: () => Machine.$.id }),
    },
    { polymorphicIdentity: "engineer" },
  ) {}
  class Intern extends Employee.extend({ school: column(t.string(20)) }, { polymorphicIdentity: "intern" }) {}
  class Machine extends Base.mapped("machine", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    engineerId: column("engineer_id", t.integer, foreignKey("engineer.id")),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Company, Person, Employee, Manager, Engineer, Intern, Machine },
    *seed(s) {
      const acme = new Company({ name: "acme" });
      s.add(acme);
      yield;
      const mia = new Manager({ name: "mia", salary: 9, title: "head", company: acme });
      s.add(mia);
      yield;
      for (const person of [
        new Engineer({
          name: "eve",
          salary: 5,
          language: "c",
          boss: mia,
          company: acme,
          machines: [new Machine({ name: "m1" }), new Machine({ name: "m2" })],
        }),
        new Intern({ name: "ian", salary: 1, school: "high", boss: mia, company: acme }),
        new Employee({ name: "emil", salary: 3, company: acme }),
        new Person({ name: "pat", company: acme }),
      ]) {
        s.add(person);
        yield;
      }
    },
  };
}

function eager(): ModelSet {
  const Base = declarativeBase();
  class Owner extends Base.mapped("owner", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    pets: () => many(Pet, { backPopulates: "owner", lazy: "selectin", orderBy: () => Pet.$.id }),
    home: () => one(Home, { backPopulates: "owner", lazy: "joined" }),
    notes: () => many(Note, { lazy: "subquery", orderBy: () => Note.$.id }),
  }) {}
  class Home extends Base.mapped("home", {
    id: column(t.integer, key),
    street: column(t.string(20), required),
    ownerId: column("owner_id", t.integer, foreignKey("owner.id")),
    owner: () => one(Owner, { backPopulates: "home", lazy: "joined", innerjoin: true }),
  }) {}
  class Note extends Base.mapped("note", {
    id: column(t.integer, key),
    text: column(t.string(20), required),
    ownerId: column("owner_id", t.integer, foreignKey("owner.id")),
  }) {}
  class Pet extends Base.mapped(
    "pet",
    {
      id: column(t.integer, key),
      kind: column(t.string(10), required),
      name: column(t.string(20), required),
      ownerId: column("owner_id", t.integer, foreignKey("owner.id")),
      owner: () => one(Owner, { backPopulates: "pets", lazy: "immediate" }),
      toys: () => many(Toy, { lazy: "raise", orderBy: () => Toy.$.id }),
    },
    { polymorphicOn: "kind", polymorphicIdentity: "pet" },
  ) {}
  class Dog extends Pet.extend(
    "dog",
    { id: column(t.integer, foreignKey("pet.id"), key), bark: column(t.integer, required) },
    { polymorphicIdentity: "dog", polymorphicLoad: "inline" },
  ) {}
  class Cat extends Pet.extend(
    "cat",
    { id: column(t.integer, foreignKey("pet.id"), key), lives: column(t.integer, required) },
    { polymorphicIdentity: "cat", polymorphicLoad: "selectin" },
  ) {}
  class Toy extends Base.mapped("toy", {
    id: column(t.integer, key),
    label: column(t.string(20), required),
    petId: column("pet_id", t.integer, foreignKey("pet.id")),
  }) {}
  const nodeLink = table("node_link", Base.metadata, {
    a_id: column(t.integer, foreignKey("node.id"), key),
    b_id: column(t.integer, foreignKey("node.id"), key),
  });
  class Node extends Base.mapped("node", {
    id: column(t.integer, key),
    name: column(t.string(20), required),
    parentId: column("parent_id", t.integer, foreignKey("node.id")),
    children: () => many(Node, { lazy: "joined", joinDepth: 2, orderBy: () => Node.$.id }),
    links: () =>
      many(Node, {
        secondary: nodeLink,
        primaryjoin: () => Node.$.id.eq(nodeLink.c.a_id),
        secondaryjoin: () => Node.$.id.eq(nodeLink.c.b_id),
        orderBy: () => Node.$.id,
      }),
  }) {}
  return {
    metadata: Base.metadata,
    names: { Base, Owner, Home, Note, Pet, Dog, Cat, Toy, Node, nodeLink },
    *seed(s) {
      const ola = new Owner({
        name: "ola",
        home: new Home({ street: "s1" }),
        notes: [new Note({ text: "n1" }), new Note({ text: "n2" })],
        pets: [
          new Dog({ name: "rex", bark: 3 }),
          new Cat({ name: "tom", lives: 9 }),
          new Pet({ name: "any", toys: [new Toy({ label: "ball" })] }),
        ],
      });
      s.addAll([ola, new Owner({ name: "non" })]);
      const n3 = new Node({ name: "n3", children: [new Node({ name: "n4" })] });
      const n2 = new Node({ name: "n2", children: [n3] });
      const n1 = new Node({ name: "n1", children: [n2], links: [] });
      s.add(n1);
      yield;
      n1.links = [n2, n3] as never;
    },
  };
}

/** The model sets by name. */
export const moreModelSets: Readonly<Record<string, () => ModelSet>> = { company, eager };
