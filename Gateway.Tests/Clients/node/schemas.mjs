// Holds values against JSON Schema 2020-12.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const schemas = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));

/** Throws unless `value` fits `schema`, and unless the schema is one that not everything fits. */
export function check(name, schema, value) {
  const fits = schemas.compile(schema);
  if (!fits(value)) throw new Error(`${name}: ${schemas.errorsText(fits.errors)}`);
  if (fits({ nonsense: 1 })) throw new Error(`${name}: the schema takes anything`);
}
