import { isWritError, type ExactJson } from "@writ/canon";
import { answered, refused, type Operation, type Outcome } from "./operation.ts";

/** An operation whose refusals are records' refusals: the code, and the rule of §27 where the product is stricter. */
export function recordOperation(run: (input: ExactJson) => object | string): Operation {
  return (input) => attempted(() => answered(run(input) as ExactJson));
}

/** As `recordOperation`, for what says itself whether its answer is stricter. */
export function attempted(run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    if (!isWritError(error)) throw error;
    const { reason, rule } = error.details;
    return refused(typeof reason === "string" ? reason : error.code, typeof rule === "number" ? rule : undefined);
  }
}
