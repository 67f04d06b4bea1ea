/** Word classes that phrases of `effects-phrases.ts` name in capitals; a class may name another. */
export const PHRASE_CLASSES: { readonly [name: string]: string } = {
  CURRENCY:
    "money|cash|coins|dollar|dollars|euro|euros|usd|eur|gbp|chf|jpy|btc|eth|sol|usdc|usdt|dai|bitcoin|ether|ethereum|solana|lamports|satoshi|satoshis|wei|gwei|xrp|doge|bnb|matic|avax|bucks|cents|pounds|yen|francs",
  MONEY:
    "CURRENCY|fund|funds|coin|crypto|token|tokens|nft|nfts|asset|assets|capital|salary|salaries|wages|invoice|invoices|balance|treasury|deposit",
  CONTROL:
    "logging|logs|log|audit|audits|auditing|monitoring|monitor|alerts|alerting|alarm|alarms|security|firewall|mfa|2fa|authentication|authorization|authorisation|verification|validation|check|checks|guard|guards|guardrail|guardrails|protection|protections|safety|safeguard|safeguards|sandbox|sandboxing|selinux|apparmor|antivirus|policy|policies|governance|approval|approvals|review|reviews|restriction|restrictions|permission|permissions|rules|encryption|tls|ssl|csrf|cors|telemetry|oversight|control|controls|gate|gates|hooks|hook|signing|detection|defender|compliance",
  POWER:
    "admin|admins|administrator|administrators|root|superuser|owner|owners|ownership|sudoers|maintainer|access|role|roles|permission|permissions|privilege|privileges|rights|authority|clearance|scope|scopes",
  RANK: "admin|administrator|root|superuser|owner|maintainer|sudoer|sysadmin",
  STORE:
    "table|tables|database|databases|db|schema|schemas|index|indexes|indices|column|columns|collection|collections|view|views|user|users|volume|volumes|partition|constraint|trigger|function|bucket|buckets|keyspace|topic|queue|namespace|cluster|stash|records|rows|branch|data|everything",
  DISK: "disk|disks|drive|drives|partition|partitions|volume|volumes|device|usb|filesystem|hard|c|sda",
  PERSON:
    "client|clients|customer|customers|team|everyone|all|vendor|vendors|partner|partners|press|list|subscribers|him|her|them|me|us|boss|manager|board|users|user",
};
