import { expect, test } from "vitest";
import { configuredOptions } from "./configuration.ts";
import { withPreset } from "./presets.ts";

test("a preset stands behind what is given", () => {
  expect(withPreset({ preset: "serverless", poolSize: 4 })).toEqual({
    preset: "serverless",
    poolSize: 4,
    maxOverflow: 2,
    poolPrePing: true,
    poolUseLifo: true,
    poolRecycle: 300,
  });
  const plain = { poolSize: 3 };
  expect(withPreset(plain)).toBe(plain);
});

test("a preset of a flat configuration", () => {
  const { options } = configuredOptions({ "sqlalchemy.url": "sqlite://", "sqlalchemy.preset": "serverless" });
  expect(withPreset(options).poolSize).toBe(1);
});

test("an unknown preset is named", () => {
  expect(() => withPreset({ preset: "edge" as never })).toThrow(/no preset 'edge'. Presets are serverless/);
});
