// Cancels a call once it reports progress, and makes another.
import { describe } from '../person.mjs';
import { behave, call } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(async (client, seen) => {
  const leaving = new AbortController();
  try {
    await sdk.callTool(client, call, { signal: leaving.signal, onprogress: () => leaving.abort('The person has changed their mind.') });
  } catch (error) {
    seen.cancelled = describe(error);
  }
  seen.result = await sdk.callTool(client, { name: 'test_simple_text', arguments: {} });
});
