// Waits until the list of tools changes; the SDK lists it anew by itself.
import { behave, once, tell } from './behave.mjs';
import { sdk } from './sdks.mjs';

let hear;
const heard = once((resolve, reject) => { hear = (error, tools) => (error ? reject(error) : resolve(tools)); });

await behave(
  async (client, seen) => {
    seen.before = (await client.listTools()).tools.map(tool => tool.name);
    await sdk.listening;
    tell('listed');
    seen.tools = await heard;
  },
  { listChanged: { tools: { onChanged: (error, tools) => hear(error, tools), debounceMs: 0 } } });
