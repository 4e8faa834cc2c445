/** Whether code may be made at run time; edge runtimes and strict content policies forbid it. Probed once. */

let allowed: boolean | undefined;

/** True where `new Function` works. `ATHANOR_NO_CODEGEN=1` turns it off, for tests and for those who must. */
export function codegenAllowed(): boolean {
  if (allowed === undefined) {
    try {
      const switchedOff = globalThis.process?.env?.ATHANOR_NO_CODEGEN;
      allowed = !(switchedOff && switchedOff !== "0") && new Function("return true")() === true;
    } catch {
      allowed = false;
    }
  }
  return allowed;
}
