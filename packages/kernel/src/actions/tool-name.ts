import { text, type FieldReader } from "../fields.ts";

/** A tool's name: lower case, as it is started; never a path. */
export const toolName: FieldReader<string> = text({
  min: 1,
  max: 64,
  form: /^[a-z0-9][a-z0-9._-]*$/,
  what: "a tool's name in lower case",
});

/** A name of the host's own: a capability, a family, a category. */
export const profileName: FieldReader<string> = text({
  min: 1,
  max: 64,
  form: /^[a-z][a-z0-9_]*$/,
  what: "lower-case letters, digits and `_`",
});
