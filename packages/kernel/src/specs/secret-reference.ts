import { recordRefusal } from "../control/record-refusal.ts";
import { text, type FieldReader } from "../fields.ts";

/** The name under which the host keeps a secret. It says nothing of the secret itself. */
export const secretReference: FieldReader<string> = text({
  min: 1,
  max: 128,
  form: /^[a-z0-9][a-z0-9/_-]*$/,
  what: "the name of a secret: lower-case letters, digits and `/_-`",
});

const MARK = /\{\{secret:([^{}]*)\}\}/g;

/** What stands in a spec where the secret itself is sent (spec kernel.md §27 no. 30). */
export function secretMark(reference: string): string {
  return `{{secret:${reference}}}`;
}

/** Whether a text asks for a secret. */
export function holdsSecretMark(text: string): boolean {
  return text.includes("{{secret:");
}

/**
 * The arguments with the secrets in place, for the moment they are sent: what this returns is never stored, digested or
 * logged. A secret that is not there, or would break a line, is `GOVERNANCE_RECORD_INVALID`.
 */
export function injectSecrets(args: readonly string[], secrets: ReadonlyMap<string, string>): readonly string[] {
  return args.map((argument) =>
    argument.replaceAll(MARK, (_mark, reference: string) => {
      const secret = secrets.get(reference);
      if (secret === undefined || secret === "") throw recordRefusal(`missing_secret:${reference}`, 30);
      // oxlint-disable-next-line no-control-regex -- a line break would begin another header
      if (/[\u0000-\u001f\u007f]/.test(secret)) throw recordRefusal(`unusable_secret:${reference}`, 30);
      return secret;
    }),
  );
}
