export { adoptLog } from "./adopt.ts";
export type { Adoption, AdoptOptions } from "./adopt.ts";
export type { AdoptionCase } from "./adoption-case.ts";
export type { LedgerReport } from "./inspect.ts";
export type { ClearTextFinding, ClearTextLint, ClearTextShape } from "./clear-text.ts";
export type { HeadSigner, HeadSignerSource } from "./head-signer.ts";
export type { ErasureOrder, ErasurePlan, FieldAddress } from "./erase.ts";
export { exportBundle } from "./export-bundle.ts";
export type { BundleOptions, BundleSelection } from "./export-bundle.ts";
export { exportProof } from "./export-proof.ts";
export type { LedgerStatus, OpenLedger, Refused } from "./log-ledger.ts";
export { LEDGER_APPLICATION_ID, openLedgerFile } from "./open-ledger-file.ts";
export type { OpenLedgerFileOptions } from "./open-ledger-file.ts";
export { openLedger } from "./open-ledger.ts";
export type { OpenLedgerOptions } from "./open-ledger.ts";
export { postgresGrants } from "./postgres-grants.ts";
export type { PrivateVault } from "./private-vault.ts";
export type { RetentionOptions, RetentionRules } from "./retention.ts";
export { LEDGER_MIGRATIONS } from "./schema.ts";
export { sealedVault } from "./sealed-vault.ts";
export type { SubjectKeys } from "./sealed-vault.ts";
export { openSubjectKeys } from "./subject-keys.ts";
export { parseEntry } from "./entry.ts";
export { isKind } from "./entry-rules.ts";
export { ENTRY_KINDS } from "./port.ts";
export type {
  Appended,
  AppendOptions,
  AppendResult,
  Entry,
  EntryKind,
  EntryRef,
  Head,
  Ledger,
  LedgerErrorCode,
  NewEntry,
  PrivateContent,
  StoredEntry,
  Who,
} from "./port.ts";
export { formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
export type { Checkpoint, ParsedCheckpoint } from "./checkpoint.ts";
export { formatNote, NOTE_BYTES_MAX, NOTE_LINES_MAX, parseNote } from "./note.ts";
export type { Note, NoteLine } from "./note.ts";
export { noteSigningKey, openNote, signNote } from "./note-signature.ts";
export type { NoteOpening, NoteSigningKey, VerifiedLine } from "./note-signature.ts";
export { SIGNER_ERROR_CODES } from "./signer-error.ts";
export type { SignerErrorCode } from "./signer-error.ts";
export { replacePrivateFile } from "./key-file-safety.ts";
export { openFileSigner, readSignerState } from "./signer-file.ts";
export type { FileSignerOptions } from "./signer-file.ts";
export { volatileMemory } from "./signer-memory.ts";
export type { SignerMemory } from "./signer-memory.ts";
export { addSuccessorKey, parseKeyAdded, parseKeyRetired, retireKey } from "./signer-rotation.ts";
export type { KeyAdded, KeyRetired } from "./signer-rotation.ts";
export { createSigner } from "./signer.ts";
export type { LocalSigner, SignerParts } from "./signer.ts";
export { isSafePublicKey } from "./vkey-safety.ts";
export { formatVkey, isKeyName, parseVkey, verifierKey } from "./vkey.ts";
export type { NoteKeyType, VerifierKey } from "./vkey.ts";
export { connectSigner } from "./signer-process-client.ts";
export type { ConnectOptions, RemoteSigner } from "./signer-process-client.ts";
export { serveSigner } from "./signer-process.ts";
export type { SignerServer } from "./signer-process.ts";
export { dssePreAuthentication, sealEnvelope } from "./signer-dsse.ts";
export type { DsseEnvelope } from "./signer-dsse.ts";
