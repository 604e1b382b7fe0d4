// Asks for logs of a level, and calls a tool that logs.
import { options } from '../person.mjs';
import { behave, call } from './behave.mjs';
import { sdk } from './sdks.mjs';

await behave(
  async (client, seen) => {
    seen.result = await sdk.callToolWithLogs(client, call, options.level);
  },
  {},
  (client, seen) => {
    seen.logs = [];
    sdk.onNotification(client, 'notifications/message', ({ params }) => seen.logs.push(params.data));
  });
