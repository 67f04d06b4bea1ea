/**
 * Why a run does not start. They are found before anything runs: `preflight` answers them as values, `run` seals
 * them into a `not_started` receipt as a refusal of kind `sandbox` whose detail begins with the code.
 */
export type RunnerErrorCode =
  /** An execution that cannot even be answered with a receipt: its ids or instants are malformed. Thrown. */
  | "RUNNER_EXECUTION_INVALID"
  /** Contract, ticket and intent do not belong together, or are out of date. The detail names the blockers. */
  | "RUNNER_NOT_AUTHORISED"
  /** The lease is for another run, was taken over by somebody else, or has expired. */
  | "RUNNER_LEASE_STALE"
  /** The contract describes no process. */
  | "RUNNER_NOT_A_PROCESS"
  /** No sandbox could be started on this machine. */
  | "RUNNER_NO_SANDBOX"
  /** What is given as standard input is not what the contract names. */
  | "RUNNER_STDIN_MISMATCH"
  /** A value of an allow-listed environment variable cannot be handed on. */
  | "RUNNER_ENVIRONMENT_INVALID"
  /** The program does not exist, is no file, or may not be executed. */
  | "RUNNER_PROGRAM_MISSING"
  /** The working directory does not exist or is no directory. */
  | "RUNNER_DIRECTORY_MISSING"
  /** A path of the scope does not exist, or its spelling passes through a symbolic link. */
  | "RUNNER_SCOPE_MISSING"
  /** The scope or the working directory would uncover what stays hidden from every process. */
  | "RUNNER_SCOPE_UNSAFE"
  /** Another run that is under way writes the same folders. */
  | "RUNNER_SCOPE_BUSY"
  /** This process may not open the files that a sandbox needs. */
  | "RUNNER_DESCRIPTORS_SHORT"
  /** The sandbox was started but could not be set up, so the program never ran. */
  | "RUNNER_SETUP_FAILED";
