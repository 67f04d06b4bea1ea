import { longRuns } from "./long-run.ts";
import { namedSpans } from "./named-values.ts";
import { privateKeySpans } from "./private-key.ts";
import { randomSpans } from "./random-text.ts";
import { decodedReadings, joinedReading } from "./readings.ts";
import { inOriginal, type Reading } from "./reading.ts";
import { SECRET_MARK } from "./secret-mark.ts";
import { mergeSpans, replaceSpans, type Span } from "./span.ts";
import { tokenSpans } from "./token-forms.ts";
import { urlPasswordSpans } from "./url-password.ts";

/**
 * The text with every secret replaced, wherever it stands (spec kernel.md §9, §27 no. 17): tokens of known form, private
 * keys, passwords in addresses, values whose names are secret, and runs that look random. It reads the text as it is, as
 * JSON and percent-encoding decode it, and as quotes join it. Linear in the text.
 */
export function redactSecretText(text: string): string {
  const spans = secretSpans(text);
  return spans.length === 0 ? text : replaceSpans(text, spans, SECRET_MARK);
}

/** Where the secrets are, first to last, none touching another. */
export function secretSpans(text: string): readonly Span[] {
  if (PLAIN.test(text)) return [];
  const unread = longRuns(text);
  return unread.length === 0 ? readSpans(text) : mergeSpans([...unread, ...readSpans(blanked(text, unread))]);
}

/** The same text, as long, with spaces where nothing is read. */
function blanked(text: string, spans: readonly Span[]): string {
  let rest = text;
  for (const { start, end } of spans) rest = rest.slice(0, start) + " ".repeat(end - start) + rest.slice(end);
  return rest;
}

function readSpans(text: string): readonly Span[] {
  const joined = joinedReading(text);
  return mergeSpans([
    ...decodedReadings(text).flatMap((reading) => spansOf(reading, DETECTORS)),
    ...(joined === undefined ? [] : spansOf(joined, FORMS_ONLY)),
  ]);
}

/** A short word: every detector needs more, or something that is no letter. */
const PLAIN = /^[A-Za-z0-9_]{0,15}$/;

type Detector = (text: string) => readonly Span[];

const FORMS_ONLY: readonly Detector[] = [tokenSpans, randomSpans];
const DETECTORS: readonly Detector[] = [...FORMS_ONLY, privateKeySpans, urlPasswordSpans, namedSpans];

function spansOf(reading: Reading, detectors: readonly Detector[]): readonly Span[] {
  return inOriginal(
    reading,
    detectors.flatMap((detect) => detect(reading.text)),
  );
}
