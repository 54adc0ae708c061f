// Adapter for: contractfuzz check --command 'node adapter.mjs' --persistent
import { createInterface } from "node:readline";
import { read, RejectedError } from "./reader.mjs"; // your reader, and the error by which it rejects

console.log = console.info = console.debug = console.error; // standard output is for answers

async function answer(line) {
  const { id, body, base64 } = JSON.parse(line);
  const bytes = base64 === undefined ? Buffer.from(body) : Buffer.from(base64, "base64");
  try {
    return { id, verdict: "accepted", result: await read(bytes) };
  } catch (error) {
    if (error instanceof RejectedError) return { id, verdict: "rejected", error: error.message };
    return { id, verdict: "crashed", error: String(error?.stack ?? error) };
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
});
