/** Every code the Cedar engine of this room throws. Loader codes carry `details.file`, `line` and `column` where known. */
export type PolicyErrorCode =
  /** The official engine cannot parse a policy text. */
  | "POLICY_SYNTAX"
  /** A policy parses but fails strict validation against the schema; `details.policy` names it. */
  | "POLICY_INVALID"
  /** A policy has no `@id`, where one is required. */
  | "POLICY_ID_MISSING"
  /** Two policies share one `@id`; `details.other_file` and `other_line` name the first. */
  | "POLICY_ID_DUPLICATE"
  /** `@hold`, `@approvals` or `@advice` stands where it has no meaning, or has an unknown value. */
  | "POLICY_ANNOTATION"
  /** A text, a policy, its nesting or the number of policies is over the bound; `details.limit`. */
  | "POLICY_TOO_LARGE"
  /** The schema does not parse, or there are several. */
  | "POLICY_SCHEMA"
  /** A template where only static policies make sense, or a link that does not fit its template. */
  | "POLICY_TEMPLATE"
  /** A policy uses something the compiler does not know: the set is refused instead of guessed at. */
  | "POLICY_UNSUPPORTED"
  /** A policy folder or file cannot be read. */
  | "POLICY_UNREADABLE"
  /** The request is malformed or does not fit the schema: no decision. */
  | "POLICY_REQUEST"
  /** The entities are malformed, cyclic, contradictory or do not fit the schema. */
  | "POLICY_ENTITIES"
  /** A line of a batch is not of the batch form. */
  | "POLICY_BATCH"
  /** The official engine died on an input; a new one is made for the next call. */
  | "POLICY_ENGINE";
