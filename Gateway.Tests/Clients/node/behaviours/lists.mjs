// Lists everything, gets one prompt and reads one resource.
import { behave } from './behave.mjs';

await behave(async (client, seen) => {
  seen.tools = (await client.listTools()).tools;
  seen.prompts = (await client.listPrompts()).prompts.map(prompt => prompt.name);
  seen.resources = (await client.listResources()).resources.map(resource => resource.uri);
  seen.templates = (await client.listResourceTemplates()).resourceTemplates.map(template => template.uriTemplate);
  seen.prompt = (await client.getPrompt({ name: 'test_simple_prompt' })).messages[0].content.text;
  seen.resource = (await client.readResource({ uri: 'test://static-text' })).contents[0].text;
});
