/** Fills the places by which lower layers reach the loaders. Imported once by the package's entry. */
import { loaders } from "../base/loading.ts";
import { checkSqlAllowed, lazyLoadStep } from "./lazy.ts";
import { checkColumnAllowed, loadColumnsStep } from "./refresh.ts";

loaders.columns = loadColumnsStep;
loaders.relationship = lazyLoadStep;
loaders.checkSqlAllowed = checkSqlAllowed;
loaders.checkColumnAllowed = checkColumnAllowed;
