// One process for each case: contractfuzz check --command 'node read.mjs'
import { readFileSync } from "node:fs";
import { read, RejectedError } from "./reader.mjs";

process.on("uncaughtException", (error) => {
  console.error(error?.stack ?? error);
  process.exit(error instanceof RejectedError ? 1 : 70); // Node itself would exit with 1 after every error
});

console.log(JSON.stringify(read(readFileSync(0))));
