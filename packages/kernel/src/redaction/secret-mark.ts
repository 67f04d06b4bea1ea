/** What stands where a secret stood. */
export const SECRET_MARK = "<redacted>";
