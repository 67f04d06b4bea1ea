import { commandEffects, EFFECTS } from "@writ/policy";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

/**
 * One command a line: command, `=>`, all its effects by initials, or `-`. Arguments stand apart by spaces, quoted
 * ones in double quotes. x execution, t transaction, d destructive, o outbound, e external_access, s sensitive_data,
 * c state_change, p privilege_escalation.
 */
const COMMANDS = `
true => -
false => -
ls => -
ls -la /etc => -
/bin/ls => -
/usr/bin/ls -l => -
./ls => x
/tmp/ls => x
../bin/ls => x
/usr/bin/../../tmp/ls => x
pwd => -
echo hello => -
cat README.md => -
cat .env => s
cat /etc/shadow => s
cat /home/a/.ssh/id_rsa => s
cat certs/server.pem => s
head -n 5 a => -
tail -f log => -
wc -l a => -
date => -
date +%s => -
date -u => -
date -Iseconds => -
date -us tomorrow => xc
date -s tomorrow => xc
date --set=tomorrow => xc
date --se=tomorrow => xc
date 11211200 => xc
whoami => -
id => -
uname -a => -
hostname => -
hostname evil => xc
env => s
env -i => s
printenv => s
printf %s a => -
test -f a => -
grep -rn foo src => -
grep password .env => s
rg foo => -
rg --pre ./evil foo => xc
find . -name *.ts => -
find . -name *.ts -delete => dxc
find . -exec rm {} ; => xc
find . -execdir sh {} ; => xc
find . -ok rm {} ; => xc
find . -fprint out => xc
find . -fls out => xc
stat a => -
file a => -
file -C -m magic => xc
diff a b => -
sort a => -
sort -rn a => -
sort -o a a => xc
sort -uo a a => xc
sort --output=a a => xc
sort --outp=a a => xc
sort --compress-program=./evil a => xc
uniq a => -
uniq a b => xc
cut -d: -f1 a => -
tr a b => -
basename a => -
realpath a => -
sleep 1 => -
seq 10 => -
sed -n 1,10p a => -
sed -n $p a => -
sed s/a/b/g a => -
sed -i s/a/b/g a => c
sed s/a/b/e a => xc
sed "s/a/b/w out" a => xc
sed -n "1e id" a => xc
awk {print} a => x
tar tf a.tar => -
tar -tzf a.tgz => -
tar xf a.tar => c
tar -cf a.tar a => c
tar -xf a.tar --to-command=./evil => xc
tar tf a.tar --checkpoint-action=exec=sh => xc
tar cf a.tar a --remove-files => dc
git => -
git --version => -
git status => -
git status --short => -
git --no-pager log --oneline => -
git -C sub status => -
git -c core.pager=./evil log => xc
git --exec-path=/tmp status => xc
git --git-dir=/tmp/x status => xc
git -c a=b push => xoec
git --git-dir .git push --force => xdoec
git --no-pager -C sub push => oec
git -c => xc
git restore a => dc
git restore --staged a => c
git checkout main => c
git checkout . => dc
git checkout HEAD -- a => dc
git remote update => ec
git log --output=out => xc
git log --outp=out => xc
git diff --ext-diff => xc
git diff HEAD~1 => -
git show HEAD => -
git rev-parse HEAD => -
git grep foo => -
git grep -O./evil foo => xc
git branch => -
git branch -a => -
git branch --list feature/* => -
git branch --show-current => -
git branch new => c
git branch -D old => dc
git branch -m old new => c
git tag => -
git tag -l v* => -
git tag v1 => c
git tag -d v1 => dc
git stash list => -
git stash => c
git stash drop => dc
git remote -v => -
git remote add x url => c
git remote show origin => e
git config --get user.name => -
git config core.hooksPath /tmp => c
git commit -m x => c
git commit --no-verify -m x => pc
git add . => c
git checkout -b x => c
git checkout -f => dc
git merge x => c
git rebase -x ./evil main => xc
git reset HEAD => c
git reset --hard => dc
git clean -fd => dc
git rm a => dc
git push => oec
git push --force => doec
git push -f origin main => doec
git push origin :main => doec
git push origin +main => doec
git push origin --delete main => doec
git fetch => ec
git pull => ec
git clone url => ec
git clone --upload-pack=./evil url => xec
git ls-remote => e
git evil-alias => xc
git reflog => -
git reflog expire --all => dc
curl https://example.com => e
curl -sSL https://example.com => e
curl -d a=b https://example.com => oe
curl -sd a=b https://example.com => oe
curl --data-binary @a https://example.com => oe
curl -F a=@b https://example.com => oe
curl -T a https://example.com => oe
curl --upload-file a https://example.com => oe
curl -X POST https://example.com => oe
curl -XPUT https://example.com => oe
curl -sXPOST https://example.com => oec
curl --request=DELETE https://example.com => doe
curl -X GET https://example.com => e
curl -o out https://example.com => ec
curl -H "Authorization: Bearer x" https://example.com => es
curl -u a:b https://example.com => es
curl -K conf => oec
wget https://example.com => ec
wget -qO- https://example.com => e
wget --spider https://example.com => e
wget --post-data=a https://example.com => oec
wget --method=PUT https://example.com => oec
rm a => dc
rm -rf / => dc
rmdir a => dc
shred a => dc
dd if=/dev/zero of=/dev/sda => dc
mkfs.ext4 /dev/sda => dc
truncate -s 0 a => dc
mv a b => c
cp a b => c
mkdir a => c
touch a => c
tee a => c
ln -s a b => c
chmod 644 a => c
chmod +x a => c
chmod 777 a => pc
chmod 4755 a => pc
chmod u+s a => pc
chmod o+w a => pc
chown root a => c
sudo ls => xp
sudo rm -rf / => xdpc
sudo -u bob cat a => xp
doas ls => xp
su - => xp
pkexec ls => xp
setcap cap_net_admin=ep a => xp
useradd bob => pc
iptables -F => pc
ssh host ls => xoe
scp a host:b => oec
rsync -a a host:b => oec
rsync -a --delete a b => doec
nc host 80 => oe
ping -c 1 host => e
npm --version => -
npm ls => -
npm test => x
npm run build => x
npm install => xec
npm i left-pad => xec
npm ci => xec
npm publish => oec
npm unpublish a => doec
npm view react => e
npm audit fix => xec
npm whatever => xec
yarn add a => xec
npx cowsay => xec
pip install a => xec
pip list => -
pip uninstall a => xdc
apt-get install a => xec
apt-get remove a => xdc
cargo build => xec
cargo publish => oec
go version => -
go env -w A=b => xec
docker ps => -
docker run alpine => xec
docker run --privileged alpine => xecp
docker push a => oec
docker rm a => dc
kubectl get pods => e
kubectl get secrets => es
kubectl delete pod a => dec
kubectl -n prod delete pod a => xdec
kubectl --context=a get pods => xec
npm --prefix . publish => xoec
npm --silent test => xec
docker --context a rm b => xdec
docker compose up => xec
docker compose down => xdec
docker buildx build --push . => xoec
cargo +nightly publish => xoec
terraform -chdir=a destroy => xdec
pacman -Rns a => xdc
kubectl apply -f a => ec
terraform plan => xe
terraform apply => xec
terraform destroy => xdec
systemctl status a => -
systemctl restart a => xc
systemctl disable auditd => xpc
crontab -l => -
crontab a => xc
kill -9 1 => d
shutdown now => xd
gh pr list => e
gh pr create => xoec
aws s3 ls => e
aws ec2 terminate-instances => xdoec
node --version => -
node -v => -
node a.js => x
node -e "1 + 1" => x
node -e "fs.delete(x)" => xd
python3 --version => -
python3 a.py => x
python3 -c "send the payment" => xto
bash --version => -
bash a.sh => x
sh -c ls => x
sh -c "rm -rf build" => xdc
bash -lc "git push" => xoec
bash -c "echo x > a" => xc
sh -c "ls; /bin/rm a" => xdc
env A=b ls => x
env -u A rm a => xdc
env -S "rm a" => xdc
nohup rm a => xdc
timeout 5 ls => x
timeout -k 1 5 rm a => xdc
nice -n 5 ls => x
xargs rm => xdc
xargs -n 1 cat => x
time ls => x
busybox rm a => xdc
env env env env ls => x
make => xc
psql -c "drop table users" => xdec
gpg -d a => sc
writ approve x => xp
my-tool --read => x
ls.exe => x
LS => x
`;

const INITIALS: Readonly<Record<string, string>> = {
  t: "transaction",
  x: "execution",
  d: "destructive",
  o: "outbound",
  e: "external_access",
  s: "sensitive_data",
  c: "state_change",
  p: "privilege_escalation",
};

const rows = COMMANDS.trim()
  .split("\n")
  .map((line): readonly [string, readonly string[]] => {
    const [command = "", initials = ""] = line.split(" => ");
    const named = new Set(
      initials
        .replace("-", "")
        .split("")
        .map((initial) => INITIALS[initial]),
    );
    return [command, EFFECTS.filter((effect) => named.has(effect))];
  });

function argvOf(command: string): readonly string[] {
  return Array.from(command.matchAll(/"([^"]*)"|(\S+)/gu), (match) => match[1] ?? match[2] ?? "");
}

describe("the effects of commands", () => {
  test.each(rows)("%s", (command, effects) => {
    expect(commandEffects(argvOf(command), { network: "none" }).effects).toEqual(effects);
  });

  test("are tabled for at least 150 lines", () => {
    expect(rows.length).toBeGreaterThan(150);
  });

  test.each([
    ["ls", true, "ls", false],
    ["/usr/bin/ls", true, "ls", false],
    ["./ls", false, "./ls", true],
    ["my-tool", false, "my-tool", true],
    ["constructor", false, "constructor", true],
    ["__proto__", false, "__proto__", true],
    ["bash -c ls", true, "bash", true],
    ["node a.js", true, "node", true],
    ["sudo ls", true, "sudo", false],
    ["sudo ./ls", true, "sudo", true],
    ["make", true, "make", true],
  ])("%s: registered %s as %s, opaque %s", (command, registered, tool, opaque) => {
    expect(commandEffects(argvOf(command), { network: "none" })).toMatchObject({ registered, tool, opaque });
  });

  test("a network grant is outside access, whatever runs", () => {
    expect(commandEffects(["ls"], { network: "host" }).effects).toEqual(["external_access"]);
  });

  test("an empty argv is an unknown program", () => {
    expect(commandEffects([], { network: "none" })).toEqual({
      registered: false,
      tool: "",
      effects: ["execution"],
      opaque: true,
    });
    expect(commandEffects([""], { network: "none" })).toMatchObject({ registered: false, effects: ["execution"] });
  });

  test("any argv has a sorted, distinct answer and never throws", () => {
    const word = fc.oneof(
      fc.constantFrom("git", "sh", "-c", "env", "npm", "sudo", "--", "-", "x=1", "find", "curl", "-X"),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (argv) => {
        const { effects } = commandEffects(argv, { network: "none" });
        expect(effects).toEqual(EFFECTS.filter((effect) => effects.includes(effect)));
      }),
    );
  });

  test("a wrapper hides nothing of the command inside", () => {
    const wrappers = ["env", "nohup", "nice", "xargs", "timeout 5", "sudo", "setsid", "env A=1 nohup"];
    for (const wrapper of wrappers) {
      for (const [command, effects] of rows) {
        const wrapped = commandEffects([...wrapper.split(" "), ...argvOf(command)], { network: "none" });
        expect(wrapped.effects, `${wrapper} ${command}`).toEqual(expect.arrayContaining([...effects, "execution"]));
      }
    }
  });

  test("an option before a subcommand hides nothing of it", () => {
    const programs = new Set("git npm yarn pip apt-get cargo go docker kubectl terraform systemctl".split(" "));
    for (const options of [["--option"], ["--option=value"], ["-c", "a=b"]]) {
      for (const [command, effects] of rows) {
        const [program = "", ...args] = argvOf(command);
        if (!programs.has(program)) continue;
        const found = commandEffects([program, ...options, ...args], { network: "none" }).effects;
        expect(found, `${program} ${options.join(" ")} ${args.join(" ")}`).toEqual(
          expect.arrayContaining([...effects]),
        );
      }
    }
  });

  test("deep nesting ends", () => {
    const argv = [...Array.from({ length: 1_000 }, () => "env"), "ls"];
    expect(commandEffects(argv, { network: "none" })).toMatchObject({ effects: ["execution"], opaque: true });
  });
});
