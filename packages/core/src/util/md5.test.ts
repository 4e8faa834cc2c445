import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { md5Hex } from "./md5.ts";

test("is MD5", () => {
  expect(md5Hex("")).toBe("d41d8cd98f00b204e9800998ecf8427e");
  for (const length of [54, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const text = "x".repeat(length);
    expect(md5Hex(text)).toBe(createHash("md5").update(text).digest("hex"));
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(md5Hex(text)).toBe(createHash("md5").update(text).digest("hex"));
    }),
  );
});
