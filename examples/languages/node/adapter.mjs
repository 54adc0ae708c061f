// Adapter for: contractfuzz check --command 'node adapter.mjs' --persistent
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

const parts = []; // of the present line: some lines are longer than a chunk
for await (const chunk of process.stdin) {
  let start = 0;
  for (let end; (end = chunk.indexOf("\n", start)) >= 0; start = end + 1) {
    const line = Buffer.concat([...parts.splice(0), chunk.subarray(start, end)]);
    process.stdout.write(`${JSON.stringify(await answer(line.toString("latin1")))}\n`);
  }
  parts.push(chunk.subarray(start));
}
