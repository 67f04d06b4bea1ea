/** What stands where a secret stood. */
export const SECRET_MARK = "<redacted>";

/**
 * The text with every secret of a known form replaced, wherever it stands (spec kernel.md §9, §27 no. 17): issuers'
 * token forms, JWTs, PEM private keys, passwords in URLs, and values of authorization and cookie headers.
 */
export function redactSecretText(text: string): string {
  return FORMS.reduce((redacted, form) => redacted.replaceAll(form, SECRET_MARK), text);
}

/** Every repetition is of one class between fixed ends, so that no text is read more than a few times. */
const FORMS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  /\b(?:gh[opusr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|gl[a-z]{2,6}-[A-Za-z0-9_-]{20,255})/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}/g,
  /\bAIza[A-Za-z0-9_-]{30,}|\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}/g,
  /\bxox[a-z]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}|hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,}/g,
  /\b(?:[srp]k_(?:live|test)_|whsec_|sk-|npm_|hf_|dop_v1_|SG\.|pypi-)[A-Za-z0-9._-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /(?<=:\/\/)[^\s/@:]{0,256}:[^\s/@]{1,1024}(?=@)/g,
  /(?<=\b(?:authorization|cookie|x-api-key):\s{0,8})\S[^\r\n]*/gi,
  /(?<=\b(?:bearer|basic) )[A-Za-z0-9._~+/=-]{8,}/gi,
];
