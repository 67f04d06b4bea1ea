import { type Effect, EFFECT_TEXT_MAX, EFFECTS, recogniseEffects } from "@writ/policy";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

/** Each text must be recognised as at least this effect. The first line of each row is the specification's. */
const RECOGNISED: { readonly [effect in Effect]: string } = {
  transaction: `Transfer 50 SOL to marketing wallet. | wire the funds | payment to vendor | withdraw 10 ETH | move funds | remit | swap tokens
    | pay the vendor | he pays | paying | paid the supplier yesterday | repaid | two payments are due | Buy 100 shares of ACME | sell all positions
    | sold the car | refund order 123 | deposit 5 ETH into the vault | stake 32 ETH | wired the money | sent funds to the treasury
    | moving the funds offshore | execute trade | Send 5 BTC to alice | send_payment(50) | sendPayment(50) | donate $100 | bid 3 ETH on the auction
    | exchange EUR for USD | convert 100 USD to EUR | cash out | place an order for 100 widgets | settle the invoice | authorize the payment
    | approve the wire | loan him 50 dollars | give him 50 dollars | bridge 5 ETH to Arbitrum | liquidate the portfolio | tip the waiter 5 dollars
    | rebalance the portfolio | sweep the wallet | sign the transaction | make two large transactions | transferring | transferred | remitted | swapped | purchases | reimbursing`,
  execution: `deploy to production | run the tests | kick off the build | launch the rocket | spawn a worker | compile the code | execute the plan
    | re-run the job | redeploy it | start the server | stop the container | call the function | train the model | npm install left-pad | npm run build
    | ran the script | running a migration | triggered | invokes | carry out the plan | restart the service | shut down the reactor | halt the service
    | roll out version 2 | spin up a node | bash -c "x" | python -m http.server | perform the upgrade | deployment to staging | invoking
    | runs script.sh | Launches rockets | triggers`,
  destructive: `delete | rm -rf build | drop table users | truncate logs | erase | overwrite the disk | terminate the cluster
    | delete the database | rm -rf / | wiped the disk | purging old records | drop the users table | kill the process | git reset --hard HEAD~3
    | force push to main | git push --force origin main | deletion of customer records | tear down the staging environment | nuke the cluster
    | format the hard drive | clear the cache | empty the recycle bin | flush the DNS cache | dispose of the records | DELETE FROM users | deleteUser()
    | delete_user | get rid of the old backups | overwritten | overwrote the file | destroys | Clean up the temp folder | burn the evidence | removal of the index | shredding | dd if=/dev/zero of=/dev/sda
    | redis-cli FLUSHALL`,
  outbound: `upload | publish the post | git push | e-mail the report to the client | exfiltrate
    | posted it on Twitter | tweet the announcement | share the doc with the client | forward the email to legal | email Bob the credentials
    | Email the client | scp file to host | export customer data | resend the email | POST /v1/charges | mirror the repository to GitHub
    | drop a message to the vendor | call the vendor | contact the customer | invite Bob to the channel | cc the press on it | npm publish | uploading
    | uploaded | publishes | exfiltrated | leaked | transmitted | transmitting | submit the form | broadcast it | make the bucket public | sends
    | pushes to main | the agent git pushes | posts to Twitter | exports.`,
  external_access: `fetch the url | curl https://… | call the API
    | connect to the external database | download the file | browse the web | look up the weather online | query the weather service | google it
    | visit https://example.com | ask ChatGPT | git clone the repo | npm install left-pad | scraping | crawled | fetches | connecting | a third-party service
    | an internet search | hit the endpoint`,
  sensitive_data: `read the password file | rotate the API key | print the bearer token
    | list users' social security numbers | read /etc/passwd | print the private key | show the api_key | show the apiKey | read the .env file
    | dump the database | dump credentials | read the customer's credit card | print the environment variables | look up john's home address
    | show the salary list | access the patient records | reveal the secret | view the SSH key | confidential | the seed phrase | passphrases | rotate the keys
    | cat .env`,
  speculation: `it will probably work | I guess the price goes up | maybe we should | assuming the data is right | This might be the cause
    | I think it is fine | could be wrong | rumour says so | in all likelihood | assumed | guessing | perhaps | likely | on the assumption that it holds | presumably`,
  state_change: `write the config | edit main.ts | create a branch | insert a row
    | add a user | change the password | set replicas to 0 | update the record | updated the wiki | commit the change | merge the branch | rename the file
    | mkdir foo | Approve the request | book a flight | schedule a meeting | reset the router | INSERT INTO t VALUES (1) | UPDATE users SET x=1
    | make a new folder | save the file | paste the text into the doc | append a line | fix the bug | refactor module | apply the patch | bump the version
    | tag the release | close the issue | assign the ticket to Bob | mark as read | increase the limit | turn the lights on | enable dark mode
    | sign the contract | Rewrite the README | rewrote it | wrote the file | written | writing | modifies | modified | modifying | edits the file
    | creating | created | patching | patched | open a pull request | revoke Bob's access | set up the account
    | edits main.ts | updates main.ts | read it; patches main.ts | mv a b | cp a b`,
  privilege_escalation: `sudo | grant admin | bypass the check | disable logging
    | give bob admin access | make alice an administrator | escalate privileges | turn off the firewall | disable MFA for root | skip the review
    | override the policy | GRANT ALL ON db TO bob | run as root | ignore the governance rules | stop the audit log | chmod 777 / | impersonate the CEO | disabling the alarm
    | circumvents the control | elevate to root | become root | add me to sudoers | switch to the admin account | grant Alice write access
    | give the intern full access | promote Bob to owner | remove the approval step | mute alerts | bypassed | bypassing | whitelist the IP
    | git commit --no-verify | docker run --privileged | switch the monitoring off | work around the sandbox
    | privilege escalation | escalation of privileges`,
};

/** Nothing may be recognised here: the specification's texts first. */
const NOTHING = `display the dashboard | replay the recording | monkey business | keyboard shortcut | read the documentation | postpone the meeting
  | wireframe | rapid summary | Read the quarterly summary | display payload in the runtime posture panel
  | Summarise the quarterly results | List open tickets | show the latest update | review the code changes | what changed last week
  | read the e-mail from Bob | count the rows in the table | compare the two documents | analyse sales by region | list the recent posts
  | show order history | check the build status | describe the architecture | what is the run time of this algorithm | Where is the post office
  | describe the key findings | count tokens used | search the codebase for foo | translate the text | plan the roadmap | draft an outline
  | show the list of users | list all files in the folder | view the calendar | show me the weather | Read the changelog | list installed packages
  | show closed issues | display settings | look at the picture | read the release notes | think about the edge cases | measure the response time
  | read main.ts and explain it | the shortest path | explain how the payment system works | verify the checksum | inspect the state of the queue
  | preview the page | sort the list | calculate the average | pay attention to the details | the trade-off | a postscript | hello, world | the updated plan
  | show running containers | the primary key of the table | Find the largest transaction | count failed attempts | give me the list of permissions | tell me a joke | view the audit log
  | identify risks | order of magnitude | open questions | make a list of ideas | estimate the cost | read the security policy | surrender | authentic | preparation | trunk | sender | preplay | spayed | wirelessly
  | updates from the team | posts by John | exports of coffee | Patches and fixes | runs per minute | changes in the weather | sets and relations | Changes since version 2 | read the posts | wiring diagram | orders | Shares outstanding | Changes requested
  | explain public key cryptography | list the public keys | which version is installed | which packages are installed`;

const texts = (row: string): readonly string[] => row.split(/\s*\|\s*/u).map((text) => text.trim());
const cases = EFFECTS.flatMap((effect) =>
  texts(RECOGNISED[effect]).map((text): readonly [string, Effect] => [text, effect]),
);

describe("recognising effects", () => {
  test.each(cases)("%j is %s", (text, effect) => {
    expect(recogniseEffects(text)).toContain(effect);
  });

  test.each(texts(NOTHING))("%j is nothing", (text) => {
    expect(recogniseEffects(text)).toEqual([]);
  });

  test("has tables worth the name", () => {
    expect(cases.length + texts(NOTHING).length).toBeGreaterThan(250);
  });

  test("an empty text has no effect", () => {
    expect(recogniseEffects("")).toEqual([]);
  });

  test("invisible characters, wide letters and accents hide nothing", () => {
    for (const text of [
      "del\u200bete",
      "de\u00adlete",
      "\uff44\uff45\uff4c\uff45\uff54\uff45",
      "d\u00e9lete",
      "\u202edelete",
    ]) {
      expect(recogniseEffects(`please ${text} it`)).toContain("destructive");
    }
  });

  test("a text over the bound is refused, one at the bound is judged", () => {
    expect(() => recogniseEffects("x".repeat(EFFECT_TEXT_MAX + 1))).toThrow(
      expect.objectContaining({ code: "EFFECT_TEXT_TOO_LONG" }),
    );
    for (const unit of ["move ", "give ", "-", "a'", "\u0301", "\n", "disable the ", "aA"]) {
      expect(recogniseEffects(unit.repeat(EFFECT_TEXT_MAX).slice(0, EFFECT_TEXT_MAX))).toBeInstanceOf(Array);
    }
  });
});

describe("laws of recognition", () => {
  const anyCase = fc.constantFrom(...cases);
  const neutral = fc.array(
    fc.constantFrom("orange", "dashboard", "green", "seven", "museum", "river", "whisper", "gently"),
    {
      maxLength: 6,
    },
  );

  test("case does not matter", () => {
    fc.assert(
      fc.property(anyCase, fc.boolean(), ([text, effect], upper) => {
        // Camel case is where identifiers are split, so there it does matter.
        fc.pre(!/\p{Ll}\p{Lu}/u.test(text));
        expect(recogniseEffects(upper ? text.toUpperCase() : text.toLowerCase())).toContain(effect);
      }),
    );
  });

  test("words before, after and around in clauses of their own take nothing away", () => {
    fc.assert(
      fc.property(anyCase, neutral, neutral, ([text, effect], before, after) => {
        const clause = before.length === 0 ? "" : `${before.join(" ")}. `;
        expect(recogniseEffects(`${clause}${text} ${after.join(" ")}`)).toContain(effect);
      }),
    );
  });

  /** The word lists of spec command.md §8, whole words now; `send` goes out, and pays when money is named. */
  const plainWords: readonly (readonly [Effect, string])[] = [
    ["transaction", "transfer swap trade pay wire"],
    ["execution", "execute deploy run launch trigger invoke"],
    ["destructive", "delete remove destroy wipe purge truncate"],
    ["outbound", "send upload post publish push export transmit"],
    ["external_access", "external api url fetch http connect"],
    ["sensitive_data", "password key secret credential token private"],
    ["speculation", "assume probably guess perhaps maybe likely"],
    ["state_change", "write edit modify update create patch"],
  ];

  test.each(plainWords)("a plain word of %s counts among any others: %s", (effect, words) => {
    fc.assert(
      fc.property(fc.constantFrom(...words.split(" ")), neutral, neutral, (word, before, after) => {
        expect(recogniseEffects([...before, word, ...after].join(" "))).toContain(effect);
      }),
    );
  });

  test("two texts together have at least the effects of each", () => {
    fc.assert(
      fc.property(anyCase, anyCase, ([one, first], [two, second]) => {
        expect(recogniseEffects(`${one}\n${two}`)).toEqual(expect.arrayContaining([first, second]));
      }),
    );
  });

  test("any text has a sorted, distinct answer and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const found = recogniseEffects(text);
        expect(found).toEqual(EFFECTS.filter((effect) => found.includes(effect)));
      }),
    );
  });
});
