import { isWritError, type ExactJson } from "@writ/canon";
import { answered, refused, type Operation } from "./operation.ts";

/** An operation whose refusals are records' refusals: the code, and the rule of §27 where the product is stricter. */
export function recordOperation(run: (input: ExactJson) => object | string): Operation {
  return (input) => {
    try {
      return answered(run(input) as ExactJson);
    } catch (error) {
      if (!isWritError(error)) throw error;
      const { reason, rule } = error.details;
      return refused(typeof reason === "string" ? reason : error.code, typeof rule === "number" ? rule : undefined);
    }
  };
}
