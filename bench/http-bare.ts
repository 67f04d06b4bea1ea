import { createServer } from "node:http";
import { writeSync } from "node:fs";

/** Reads and parses a request, answers about as many bytes as a decision has. */
const answer = JSON.stringify({ bare: true, text: "r".repeat(1500) });
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    JSON.parse(Buffer.concat(parts).toString("utf8"));
    response.writeHead(200, { "content-type": "application/json", "content-length": answer.length });
    response.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  writeSync(1, String(typeof address === "object" ? (address?.port ?? 0) : 0));
});
