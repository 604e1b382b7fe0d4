// Calls a tool and keeps its progress.
import { behave, call } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(async (client, seen) => {
  seen.progress = [];
  seen.result = await sdk.callTool(client, call, { onprogress: ({ progress }) => seen.progress.push(progress) });
});
