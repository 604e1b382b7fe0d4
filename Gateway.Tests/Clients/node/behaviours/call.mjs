// Calls a tool.
import { behave, call } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(async (client, seen) => {
  seen.result = await sdk.callTool(client, call);
});
