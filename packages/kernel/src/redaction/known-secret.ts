import { privateKeySpans } from "./private-key.ts";
import { tokenSpans } from "./token-forms.ts";

/** Whether the text holds a token of known form or a private key in armour; names and randomness are not looked at. */
export function holdsKnownSecret(text: string): boolean {
  return tokenSpans(text).length > 0 || privateKeySpans(text).length > 0;
}
