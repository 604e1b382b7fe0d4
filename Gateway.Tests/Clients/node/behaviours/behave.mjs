// The frame of every behaviour: connect, do the one thing, tell what came.
import { describe, options, report } from '../person.mjs';
import { sdk } from './sdks.mjs';

export const call = { name: options.tool, arguments: JSON.parse(options.args) };

/** Tells the test how far the script has come, in a line of its own. */
export const tell = (step, more) => process.stdout.write(JSON.stringify({ step, ...more }) + '\n');

/** Waits for the first call of the function that it gives to `start`. */
export const once = start => new Promise(start);

/**
 * @param {(client: any, seen: object, transport: any) => Promise<void>} act
 * @param {object} settings of the client
 * @param {(client: any, seen: object) => void} prepare sets handlers before the client connects
 */
export async function behave(act, settings = {}, prepare = () => {}) {
  const seen = { errors: [] };
  try {
    const client = sdk.createClient(settings);
    client.onerror = error => seen.errors.push(describe(error));
    prepare(client, seen);
    const transport = sdk.createTransport();
    await client.connect(transport);
    seen.protocolVersion = sdk.protocolVersion(client, transport);
    await act(client, seen, transport);
    await client.close();
  } catch (error) {
    seen.error = describe(error);
  }
  report(seen);
}
