const words = (text: string): readonly string[] => text.split(" ");

/** Flags by which a tool would read a configuration, write files or go through a proxy; lower case (spec kernel.md §11.4). */
export const RESTRICTED_FLAGS: Readonly<Record<string, readonly string[]>> = {
  curl: words("-k --config -o --output --remote-name --remote-name-all --upload-file -t --data-binary @"),
  httpx: words("-config -o -oa -sr -srd -rr -store-response -json-export -include-response"),
  ffuf: words("-config -o -od -of -request -request-proto -replay-proxy"),
  nuclei: words("-config -o -je -jle -sresp -srd -proxy -proxy-socks-url"),
  katana: words("-config -o -output -store-response -store-response-dir -proxy"),
  nikto: words("-config -output -format -save -useproxy"),
  whatweb: words("--log-json --log-json-verbose --log-brief --log-verbose --log-xml --log-sql --proxy"),
  gau: words("--config --o --proxy"),
  hakrawler: words("-proxy"),
  dnsx: words("-l -list -w -wordlist -o -output -proxy"),
  subfinder: words("-dl -list -o -od -output -output-dir -config -pc -provider-config -rl -rlist -proxy"),
};
