/** The compliance suite that a dialect runs to show that it is one. */

export type { RequirementName, Requirements } from "./requirements.ts";
export { requirementsOf } from "./requirements.ts";
export type { GivenRunner, TestRunner } from "./runner.ts";
export type { SuiteOptions } from "./suite.ts";
export { complianceSuite } from "./suites/compliance.ts";
