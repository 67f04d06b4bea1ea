/** Secrets of real forms, put together from parts so that this file itself holds none. `core` must never come out. */
export interface PlantedSecret {
  readonly issuer: string;
  readonly text: string;
  readonly core: string;
}

/** Texts of a given length from an alphabet, different for every seed and the same in every run. */
export function randomText(alphabet: string, length: number, seed: number): string {
  let state = (seed * 2_654_435_761 + 97) >>> 0;
  let text = "";
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length] ?? "";
  }
  return text;
}

const DIGITS = "0123456789";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
export const HEX = `${DIGITS}abcdef`;
export const BASE62 = DIGITS + LOWER + UPPER;
export const BASE64 = `${BASE62}+/`;
export const URL64 = `${BASE62}-_`;
export const BASE36 = DIGITS + LOWER;
export const BASE32 = `${UPPER}234567`;

/** `{n}` stands for n characters of the alphabet that the letter before the number names. */
function filled(form: string, seed: number): string {
  return form.replaceAll(/\{([a-zA-Z])(\d+)\}/g, (_, letter: string, length: string, at: number) =>
    randomText(ALPHABETS[letter] ?? BASE62, Number(length), seed + at),
  );
}

const ALPHABETS: Readonly<Record<string, string>> = {
  a: BASE62,
  b: BASE64,
  d: DIGITS,
  h: HEX,
  l: LOWER + DIGITS,
  u: UPPER + DIGITS,
  s: BASE32,
  w: URL64,
};

const FORMS: readonly (readonly [issuer: string, form: string])[] = [
  ["AWS access key id", "AKI{}A{s16}"],
  ["AWS temporary key id", "ASI{}A{s16}"],
  ["AWS secret access key", "{b40}"],
  ["GitHub classic", "gh{}p_{a36}"],
  ["GitHub OAuth", "gh{}o_{a36}"],
  ["GitHub user to server", "gh{}u_{a36}"],
  ["GitHub server to server", "gh{}s_{a36}"],
  ["GitHub refresh", "gh{}r_{a76}"],
  ["GitHub fine-grained", "github{}_pat_{a22}_{a59}"],
  ["GitLab personal", "glp{}at-{w20}"],
  ["GitLab runner", "glr{}t-{w20}"],
  ["GitLab routable", "glp{}at-{w27}.01.{l9}"],
  ["Slack bot", "xox{}b-{d12}-{d12}-{a24}"],
  ["Slack user", "xox{}p-{d12}-{d12}-{d12}-{h32}"],
  ["Slack app", "xap{}p-1-A{u10}-{d13}-{h64}"],
  ["Slack webhook", "https://hooks.slack.{}com/services/T{u10}/B{u10}/{a24}"],
  ["Stripe live", "sk_{}live_{a24}"],
  ["Stripe restricted", "rk_{}live_{a99}"],
  ["Stripe webhook", "whs{}ec_{a32}"],
  ["Google API", "AIz{}a{w35}"],
  ["Google OAuth access", "ya{}29.{w60}"],
  ["Google OAuth client", "GOC{}SPX-{w28}"],
  ["npm", "npm{}_{a36}"],
  ["PyPI", "pypi{}-AgEIcHlwaS5vcmc{w70}"],
  ["JWT", "ey{}JhbGciOiJIUzI1NiJ9.eyJ{w40}.{w43}"],
  ["age", "AGE-SECRET{}-KEY-1{s58}"],
  ["Azure storage key", "{b86}=="],
  ["Azure AD client secret", "{a3}8{}Q~{w34}"],
  ["Azure SAS", "sv=2024-01-01&si{}g={a43}%3D"],
  ["Twilio SID", "S{}K{h32}"],
  ["Twilio token", "{h32}"],
  ["SendGrid", "S{}G.{w22}.{w43}"],
  ["Mailgun", "ke{}y-{h32}"],
  ["Mailchimp", "{h32}-us{}12"],
  ["OpenAI", "s{}k-{a48}"],
  ["OpenAI project", "s{}k-proj-{w100}"],
  ["Anthropic", "s{}k-ant-api03-{w93}AA"],
  ["Hugging Face", "h{}f_{a34}"],
  ["Discord bot", "MT{a24}.{w6}.{w38}"],
  ["Discord webhook", "https://discord.{}com/api/webhooks/{d18}/{w68}"],
  ["Telegram bot", "{d10}:A{}A{w33}"],
  ["Writ token", "writ_{}agent_{w43}"],
  ["Shopify", "shp{}at_{h32}"],
  ["Square", "sq0{}atp-{w22}"],
  ["DigitalOcean", "dop_{}v1_{h64}"],
  ["Docker Hub", "dckr_{}pat_{w27}"],
  ["Vault", "hv{}s.{w95}"],
  ["Terraform", "{a14}.atlas{}v1.{w60}"],
  ["Doppler", "dp.{}pt.{a43}"],
  ["Databricks", "da{}pi{h32}"],
  ["Linear", "lin_{}api_{a40}"],
  ["Notion", "nt{}n_{a46}"],
  ["Figma", "fig{}d_{w40}"],
  ["Grafana", "gl{}sa_{a32}_{h8}"],
  ["New Relic", "NR{}AK-{u27}"],
  ["Sentry", "sntr{}ys_{b60}"],
  ["Postman", "PMA{}K-{h24}-{h34}"],
  ["Atlassian", "ATAT{}T3{w180}"],
  ["RubyGems", "ruby{}gems_{h48}"],
  ["Groq", "gs{}k_{a52}"],
  ["Replicate", "r8{}_{a37}"],
  ["Supabase", "sb{}p_{h40}"],
  ["PlanetScale", "pscale_{}tkn_{w43}"],
  ["Tailscale", "tskey-{}auth-{a16}-{a32}"],
  ["Heroku", "HRKU-{}AA{w58}"],
  ["WireGuard", "{b43}="],
  ["bcrypt", "$2{}b$12${a53}"],
];

export const TOKENS: readonly PlantedSecret[] = FORMS.map(([issuer, form], index) => {
  const text = filled(form, index + 1).replaceAll("{}", "");
  return { issuer, text, core: text };
});

/** Private keys in armour of every kind. */
export const PRIVATE_KEYS: readonly PlantedSecret[] = [
  ...["", "RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED "].map((kind) =>
    armoured(`-----BEGIN ${kind}`, `-----END ${kind}`),
  ),
  armoured("-----BEGIN PGP ", "-----END PGP ", " BLOCK-----"),
  armoured("---- BEGIN SSH2 ENCRYPTED ", "---- END SSH2 ENCRYPTED ", " ----"),
];

function armoured(begin: string, end: string, close = "-----"): PlantedSecret {
  const lines = [1, 2, 3].map((seed) => randomText(BASE64, 64, seed));
  const kind = "PRIVATE";
  return {
    issuer: `${begin.trim()} key`,
    text: [`${begin}${kind} KEY${close}`, ...lines, "aB3=", `${end}${kind} KEY${close}`].join("\n"),
    core: lines[1] ?? "",
  };
}

/** Passwords that only their place tells: `%s` is the password. */
export const PLACES: readonly string[] = [
  "postgres://app:%s@db.test:5432/app",
  "postgresql+psycopg://app:%s@db.test/app?sslmode=require",
  "mysql://root:%s@10.0.0.5:3306",
  "mongodb+srv://user:%s@cluster0.test/?retryWrites=true",
  "redis://:%s@cache.test:6379/0",
  "amqps://guest:%s@mq.test/vhost",
  "https://user:%s@git.test/repo.git",
  "app:%s@tcp(127.0.0.1:3306)/db",
  "Server=db.test;Database=x;User Id=sa;Password=%s;Encrypt=true",
  "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=%s;EndpointSuffix=core",
  "Authorization: Bearer %s",
  "authorization: Basic %s",
  "Authorization: Token token=%s",
  "Proxy-Authorization: Digest %s",
  "Cookie: a=1; sessionid=%s; b=2",
  "Set-Cookie: sid=%s; HttpOnly; Path=/",
  "X-Api-Key: %s",
  "X-Auth-Token: %s",
  "PRIVATE-TOKEN: %s",
  "curl -H 'X-Vault-Token: %s' https://vault.test",
  'curl -u admin:%s "https://a.test"',
  "curl --user admin:%s https://a.test",
  "curl -b session=%s https://a.test",
  "login --password %s --verbose",
  "login --password=%s",
  "login --client-secret '%s'",
  "sshpass -p %s ssh host",
  "mysql -uroot -p%s",
  "export DB_PASSWORD=%s",
  "PGPASSWORD=%s psql",
  'password = "%s"',
  "password: %s",
  "password => '%s',",
  "dbPassword := `%s`",
  '{"password":"%s"}',
  "{'password': '%s'}",
  '{\\"api_key\\":\\"%s\\"}',
  '{\\\\\\"client_secret\\\\\\": \\\\\\"%s\\\\\\"}',
  "<password>%s</password>",
  "<add key='x' /><clientSecret type='a'>%s</clientSecret>",
  "https://api.test/v1?access_token=%s&page=2",
  "https://api.test/v1?a=1&api_key=%s#top",
  "https%3A%2F%2Fapi.test%2F%3Ftoken%3D%s%26x%3D1",
  "//registry.test/:_authToken=%s",
  "machine api.test login me password %s",
  "ALTER USER app WITH PASSWORD '%s'",
  "CREATE USER app IDENTIFIED BY '%s'",
  "the password is %s",
  "password[]=%s",
  "aws_secret_access_key = %s",
  "AWS_SESSION_TOKEN=%s",
  "aws configure set aws_secret_access_key %s",
  "aws configure set default.aws_secret_access_key '%s'",
  "ENV DB_PASSWORD %s",
  "requirepass %s",
  "curl -uadmin:%s https://a.test",
  "curl --user=admin:%s https://a.test",
  "smbclient -U admin%%s //host/share",
  "docker login -u me -p %s registry.test",
  "redis-cli -h cache.test -a %s ping",
  "ldapsearch -x -D cn=admin -w %s",
  "mysqldump --opt -h db -uroot -p%s db",
  "7z a -p%s x.7z file",
  "db.test:5432:app:me:%s",
  'user.setPassword("%s")',
  "Connection con = connect(url, password('%s'))",
  '$p = ConvertTo-SecureString "%s" -AsPlainText -Force',
  "  password: %s\n  user: x",
  "- token: %s and more",
  "secret = some %s words",
  "password: |\n  line one\n  %s\nuser: x",
  "machine a.test\n  login me\n  password %s",
  "set PASSWORD %s",
  "echo %s | docker login --password-stdin",
  "<key>password</key><string>%s</string>",
  'variable "db_password" {\n  default = "%s"\n}',
  'Content-Disposition: form-data; name="password"\r\n\r\n%s\r\n--x',
  "password:\n  %s\n",
  'my password is "%s"',
  "htpasswd -b file me %s",
  '{"parameters":[{"ParameterKey":"DBPassword","ParameterValue":"%s"}]}',
  '{"type":"password","value":"%s"}',
  '{"passwordConfirmation":"%s"}',
  '{"SecretString":"%s"}',
];
