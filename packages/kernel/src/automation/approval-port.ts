/**
 * Whether an approval that is named by reference was verified and is of exactly the request with this digest. A host
 * answers from its own records; without the port no reference counts (spec kernel.md §27 no. 22 and 23).
 */
export type ApprovalPort = (reference: string, requestDigest: string) => boolean;
