// Holds values against one schema file by a library of JSON Schema 2020-12: argument 1 is the schema, argument 2 a file with [{definition, value}].
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';

const schema = JSON.parse(await readFile(process.argv[2], 'utf8'));
const ajv = new Ajv2020({ strict: false });
if (!ajv.validateSchema(schema)) throw new Error(`The schema is none: ${ajv.errorsText()}`);
ajv.addSchema(schema);
const fits = JSON.parse(await readFile(process.argv[3], 'utf8')).map(({ definition, value }) => ajv.getSchema(`${schema.$id}#/$defs/${definition}`)(value));
process.stdout.write(JSON.stringify({ fits }) + '\n');
