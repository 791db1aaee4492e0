import { expect, it } from "vitest";
import { migrationNames, notApplied } from "../../../src/migrations/names.ts";

it("finds migrations by their place, and nothing beside them", () => {
  const paths = [
    "shop/migrations/0002_price.py",
    "shop/migrations/0001_initial.py",
    "apps/blog/migrations/0001_initial.py",
    "shop/migrations/__init__.py",
    "shop/migrations/_draft.py",
    "shop/migrations/0001_initial.pyc",
    "shop/migrations/data/rows.py",
    "migrations/0001_initial.py",
  ];
  const names = migrationNames(paths);
  expect(names.map(({ app, name }) => `${app}.${name}`)).toEqual([
    "blog.0001_initial",
    "shop.0001_initial",
    "shop.0002_price",
  ]);
  expect(
    notApplied(names, [
      ["shop", "0001_initial"],
      ["auth", "0001_initial"],
    ]),
  ).toEqual([
    { app: "blog", name: "0001_initial" },
    { app: "shop", name: "0002_price" },
  ]);
});
