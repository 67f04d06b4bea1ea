/** What a named value is, when its name alone says that it is secret (spec kernel.md §27 no. 17). */
export type SecretRole = "password" | "token" | "key" | "secret" | "authorization" | "cookie" | "connection";

/** Of a longer name the end is read, which decides. */
const NAME_LENGTH_MAX = 256;

/**
 * The role that a key, header, flag, variable or query parameter gives its value, or undefined. The last words decide:
 * `db_password` is one, `password_policy` is none. Case, `-`, `_`, `.` and camel case are all the same.
 */
export function secretRole(name: string): SecretRole | undefined {
  const words = wordsOf(name.slice(-NAME_LENGTH_MAX));
  for (;;) {
    const role = roleOfWords(words);
    if (role !== undefined || !SAYING_NOTHING.has(words.pop() ?? "")) return role;
  }
}

function roleOfWords(words: readonly string[]): SecretRole | undefined {
  const last = words.at(-1) ?? "";
  return ROLES_OF_PAIRS.get(`${words.at(-2) ?? ""} ${last}`) ?? ROLES_OF_WORDS.get(last) ?? roleOfEnding(last);
}

/** Whether a number may be the secret that a name speaks of: a PIN is, a count of tokens or of tests that pass is not. */
export function numberIsSecret(name: string): boolean {
  return !/(?:tokens|pass|seed|auths?)$/i.test(name);
}

function wordsOf(name: string): string[] {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  // `password2`, `token_1`: a number names which one, not what.
  const numbered = words.map((word) => word.replace(/\d+$/, "")).filter((word) => word !== "");
  return numbered.length > 0 && /^\p{L}/u.test(numbered[0] ?? "") ? numbered : words;
}

/** Last words that only repeat that there is a value: `secret_string`, `passwordConfirmation`. */
const SAYING_NOTHING: ReadonlySet<string> = new Set(
  "value,val,string,text,plain,plaintext,raw,confirmation,confirm,new,old,current,header,base64,b64,encoded,env,input".split(
    ",",
  ),
);

function roleOfEnding(word: string): SecretRole | undefined {
  return ENDINGS.find(([ending]) => word.endsWith(ending))?.[1];
}

const words = (text: string, role: SecretRole): readonly (readonly [string, SecretRole])[] =>
  text.split(",").map((word) => [word.trim(), role] as const);

const ROLES_OF_WORDS: ReadonlyMap<string, SecretRole> = new Map([
  ...words("pw,pwd,passcode,pin,otp,totp,mnemonic", "password"),
  ...words("tokens,jwt,bearer,pat,apitoken,sas", "token"),
  ...words("pass,private,apikeys,apisecret,psk,keydata,seed", "key"),
  ...words("secrets,creds,cred,credentials", "secret"),
  ...words("auth,auths,oauth,authentication", "authorization"),
  ...words("cookies,sid,sessid,sessionid,phpsessid,jsessionid,csrf,xsrf", "cookie"),
  ...words("dsn,webhook", "connection"),
]);

const ROLES_OF_PAIRS: ReadonlyMap<string, SecretRole> = new Map([
  ...words("password ref,password hash,pass phrase,pass word,pass wd,pass code,recovery code,backup code", "password"),
  ...words("recovery codes,backup codes,verification code,pin code,otp code,auth code,seed phrase", "password"),
  ...words("api key,access key,secret key,private key,signing key,encryption key,master key,account key", "key"),
  ...words("auth key,session key,shared key,subscription key,license key,storage key,service key,admin key", "key"),
  ...words("deploy key,ssh key,host key,hmac key,client key,function key,app key,application key", "key"),
  ...words("integration key,publishable key,security key,root key,server key,api keys,key data,key material", "key"),
  ...words("private pem,private jwk,key pem,ssh private,consumer key,decryption key,wrapping key,unseal key", "key"),
  ...words("session id,session cookie,connect sid", "cookie"),
  ...words("connection string,connection url,connection uri,database url,db url,webhook url,hook url", "connection"),
  ...words(
    "redis url,mongo url,mongodb uri,mongo uri,postgres url,amqp url,sentry dsn,jdbc url,broker url",
    "connection",
  ),
  ...words("database uri,db uri,redis uri,webhook uri", "connection"),
  ...words("amz signature,goog signature,x sig", "token"),
]);

/** Names that are written as one word: `dbpassword`, `authtoken`, `PGPASSWORD`. */
const ENDINGS: readonly (readonly [string, SecretRole])[] = [
  ...words("password,passwd,passphrase,passwort,kennwort", "password"),
  ...words("apikey,accesskey,secretkey,privatekey,signingkey,accountkey,authkey,masterkey,encryptionkey", "key"),
  ...words("token", "token"),
  ...words("secret,credential,credentials", "secret"),
  ...words("authorization", "authorization"),
  ...words("cookie", "cookie"),
  ...words("sshpass", "password"),
];
