// Checks what another client saw: argument 1 is a file with [{name, schema, value}].
import { readFile } from 'node:fs/promises';
import { check } from './schemas.mjs';

const seen = JSON.parse(await readFile(process.argv[2], 'utf8'));
for (const { name, schema, value } of seen) check(name, schema, value);
process.stdout.write(JSON.stringify({ checked: seen.map(({ name }) => name) }) + '\n');
