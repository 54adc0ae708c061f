// Worker for json-schema-faker: fake payloads from the schema. The protocol is described in workers/serving.py.
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGeneratorSync } from "json-schema-faker";

const schema = JSON.parse(readFileSync(process.argv[2], "utf8"));

function cpuSecondsSince(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const runs = [];
  let spent = 0;
  while (runs.length === 0 || spent < request.seconds) {
    const start = process.cpuUsage();
    const generator = createGeneratorSync({ seed: request.seed + 1000 * runs.length + 1 });
    const run = [];
    for (let i = 0; i < request.examples; i++) run.push(generator.generate(schema));
    spent += cpuSecondsSince(start);
    runs.push(run);
  }
  writeFileSync(request.file, runs.map((run) => JSON.stringify(run) + "\n").join(""));
  console.log(JSON.stringify({ seconds: spent }));
}
