import type { Effect } from "./governance-vocabulary.ts";

/**
 * One row of the lexicon. Verbs are written as `inflect` reads them.
 * `verbs` count in every form. `nounlike` verbs are nouns as well (`the update`, `recent posts`): their bare form
 * does not count after a determiner, their -s form only before an object or where a clause begins. `weak` verbs are
 * everyday words (`change`, `set`): they count where their place shows a verb. `words` count exactly as they stand.
 */
export interface LexiconRow {
  readonly effects: readonly Effect[];
  readonly verbs?: string;
  readonly nounlike?: string;
  readonly weak?: string;
  readonly words?: string;
}

export const LEXICON: readonly LexiconRow[] = [
  {
    effects: ["transaction"],
    verbs:
      "transfer+ pay:paid repay:repaid prepay:prepaid overpay:overpaid withdraw:withdrew:withdrawn deposit remit+ trade swap+ wire purchase buy:bought sell:sold reimburse donate liquidate disburse stake unstake airdrop+ refund lend:lent borrow cashout bid+:bid",
    words:
      "payment payments repayment repayments prepayment payout payouts payroll remittance remittances withdrawal withdrawals reimbursement reimbursements disbursement disbursements donation donations liquidation transact transacts transacted transacting transferral transferal",
    weak: "invest spend:spent charge bill redeem settle mint loan",
  },
  {
    effects: ["execution"],
    verbs:
      "execute deploy invoke spawn restart reboot relaunch perform initiate compile exec bootstrap+ halt autorun+:autoran",
    nounlike: "run+:ran launch trigger rollout",
    weak: "build:built start stop+ boot fire ship+ activate operate resume",
    words: "deployment deployments redeployment execution executions invocation invocations eval npx",
  },
  {
    effects: ["destructive"],
    verbs:
      "delete remove destroy wipe purge truncate erase overwrite:overwrote:overwritten terminate obliterate eradicate annihilate expunge demolish shred+ unlink decommission deprovision nuke zap+ raze",
    weak: "discard flush kill trash scrap+ empty clear clobber",
    words:
      "deletion deletions removal removals destruction erasure erasures termination obliteration eradication annihilation truncation rm rmdir mkfs killall pkill rimraf del flushall flushdb",
  },
  {
    effects: ["outbound"],
    verbs:
      "upload publish transmit+ exfiltrate leak tweet broadcast:broadcast:broadcasted disclose submit+ dispatch send:sent syndicate retweet crosspost fax disseminate",
    nounlike: "post push export",
    weak: "share forward distribute deliver announce release notify email mail message relay text expose circulate",
    words:
      "cc bcc transmission transmissions exfiltration disclosure disclosures publication publications scp rsync sftp",
  },
  {
    effects: ["external_access"],
    verbs: "fetch download browse scrape crawl connect curl wget reconnect",
    words:
      "external externally api apis url urls uri http https ftp webhook webhooks internet online website websites endpoint endpoints connection connections webpage webpages hyperlink ssh telnet websocket websockets chatgpt googling google",
  },
  {
    effects: ["sensitive_data"],
    words:
      "password passwords passwd passphrase passphrases passcode passcodes secret secrets credential credentials token tokens private confidential key keys apikey apikeys keychain keystore keyring mnemonic jwt oauth otp totp pii ssn cvv iban kubeconfig dotenv htpasswd biometric biometrics sensitive",
  },
  {
    effects: ["speculation"],
    verbs: "assume guess speculate conjecture surmise",
    words:
      "probably perhaps maybe likely unlikely presumably possibly supposedly conceivably hypothetically allegedly apparently reportedly guesswork hunch speculation speculations speculative speculatively conjectural seemingly guesstimate unverified unconfirmed",
  },
  {
    effects: ["state_change"],
    verbs:
      "write:wrote:written modify create insert append rename rebase configure reconfigure upgrade downgrade enable disable assign reassign alter adjust replace restore revert reset+:reset synchronise synchronize migrate cancel cancel+ approve reserve provision activate deactivate increment decrement refactor implement stash mkdir chmod chown persist populate initialise initialize scaffold rotate renew amend tweak mutate upsert resize allocate reallocate unarchive undo:undid:undone uninstall revoke unpublish paste vote relocate rearrange reorganise reorganize customise customize instantiate transcode encrypt decrypt symlink reschedule unsubscribe deregister autofix",
    nounlike: "edit update patch",
    weak: "change set+:set add move copy save store commit+ merge sync import mark toggle schedule close reject book sign mount format apply archive lock unlock extend fix build:built tag+ label attach link touch bump put+:put seed suspend pause scale correct increase decrease raise lower order draw:drew register record split+:split convert delegate clone fork subscribe prepend switch",
    words:
      "modification modifications creation insertion insertions migration migrations alteration alterations rollback rollbacks reconfiguration cancellation mv cp",
  },
  { effects: ["execution", "state_change"], verbs: "install reinstall", words: "installation" },
  {
    effects: ["privilege_escalation"],
    verbs: "bypass circumvent impersonate exploit hack whitelist allowlist jailbreak:jailbroke:jailbroken",
    words:
      "sudo doas pkexec setuid setcap sudoers runas circumvention impersonation nopasswd rootkit malware ransomware backdoor keylogger",
  },
];

/** Tight compounds in which the first word of the pair means something harmless. */
export const HARMLESS_PAIRS: readonly (readonly [first: string, second: string])[] = [
  ["post", "office|offices|mortem|mortems|script|card|code|codes|graduate|war|modern|processing|hoc|its|doc"],
  ["run", "time|times|book|books|id|ids|rate|history|length|way|off|down|up"],
  [
    "running",
    "process|processes|container|containers|service|services|total|totals|instance|instances|pods|shoe|shoes|water|average",
  ],
  ["trade", "off|offs|mark|marks|history|show|shows|fair|union|unions|secret"],
  ["trading", "volume|hours|history|partner|partners"],
  ["transfer", "learning|rate|rates|speed|protocol|function|history"],
  ["payment", "history|system|systems|method|methods|provider|providers|gateway|terms|status|module"],
  ["payments", "team|history|system|industry|module|dashboard"],
  ["installed", "package|packages|software|version|versions|app|apps|plugin|plugins|dependencies|capacity"],
  ["pay", "attention|pal|heed"],
  ["paying", "attention|heed"],
  ["wiring", "diagram|diagrams"],
  ["wire", "frame|frames|format|protocol|type|mock"],
  ["swap", "space|file|partition|usage|memory"],
  ["edit", "distance|history"],
  ["update", "history|frequency"],
  ["patch", "notes|history"],
  ["launch", "date|dates|history"],
  ["deployment", "history|diagram|diagrams"],
  ["push", "back|up|ups|button"],
  ["export", "control|controls"],
  ["writing", "style|tips|sample|samples"],
  ["execution", "plan|plans|time|times|history"],
  ["change", "log|logs|request|requests|management"],
  ["release", "date|dates"],
  ["order", "status|book|books|of"],
  ["build", "status|log|logs"],
  ["set", "of|theory"],
  ["copy", "of|right"],
  ["record", "of|s"],
  ["start", "date|time|of"],
  ["stop", "loss"],
  ["share", "price|prices|holders|point"],
  ["merge", "conflict|conflicts"],
  ["commit", "message|messages|log"],
  ["book", "review|reviews|store|value"],
  ["text", "file|files|of|editor"],
  ["lock", "file|files"],
  ["fire", "drill|alarm|wall"],
  ["close", "to"],
  ["api", "key|keys|documentation|docs|doc|reference|design|schema|spec|specification|guide|style"],
  ["private", "sector|equity|method|methods|field|fields|class|member|members|property|properties|function|functions"],
  ["token", "count|counts|limit|limits|budget|budgets|usage|window|length|ring|stream"],
  ["tokens", "used|per|remaining"],
  [
    "key",
    "point|points|finding|findings|takeaway|takeaways|result|results|metric|metrics|insight|insights|fact|facts|figure|figures|feature|features|idea|ideas|message|messages|concept|concepts|question|questions|part|parts|role|roles|stakeholder|stakeholders|difference|differences|performance|word|words|board|boards|stroke|strokes|press|frame|frames|value|values|area|areas|step|steps|reason|reasons|factor|factors|date|dates|term|terms|player|players|decision|decisions|risk|risks|theme|themes|topic|topics|assumption|assumptions|aspect|aspects|benefit|benefits|milestone|milestones|objective|objectives|people|note|notes|indicator|indicators|component|components|element|elements|lesson|lessons|principle|principles|section|sections|information|business|customer|customers|changes|events|trends|highlights|driver|drivers|quote|quotes|account|accounts|activities|challenge|challenges",
  ],
];

/** The same for the second word: what stands before makes it harmless. */
export const HARMLESS_BEFORE: readonly (readonly [second: string, first: string])[] = [
  ["run", "long|dry|home|trial|short"],
  [
    "key",
    "public|primary|foreign|sort|partition|arrow|shift|tab|enter|escape|function|composite|cache|dictionary|piano|answer|hash|map|index",
  ],
  ["keys", "public|primary|foreign|sort|partition|arrow|function|composite|cache|dictionary|piano|object|map|index"],
  ["api", "open"],
  ["installed", "is|are"],
  ["token", "syntax|lexer|parser|design|next"],
  ["tokens", "input|output|max|lexer|parser|design|syntax|prompt"],
];
