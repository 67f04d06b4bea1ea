import { isWritError, type WritError } from "@writ/canon";

/** What `run` gives, or what `answer` makes of its typed refusal. Any other error is a defect and goes on. */
export function onRefusal<Given, Answer>(run: () => Given, answer: (refusal: WritError) => Answer): Given | Answer {
  try {
    return run();
  } catch (error) {
    if (!isWritError(error)) throw error;
    return answer(error);
  }
}
