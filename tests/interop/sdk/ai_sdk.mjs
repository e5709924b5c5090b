// Vercel's AI SDK: its own client for compatible servers, OpenAI's (responses) and Anthropic's.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [url, prefix] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${prefix}/`));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { generateText, Output, stepCountIs, isStepCount, streamText, tool } = await load("ai");
const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");
const { createOpenAI } = await load("@ai-sdk/openai");
const { createAnthropic } = await load("@ai-sdk/anthropic");
const { z } = await load("zod");

const apiKey = "none";
const atMost = stepCountIs ?? isStepCount;
const own = createOpenAICompatible({ name: "likeness", baseURL: `${url}/v1`, apiKey })("scripted");
const schemas = createOpenAICompatible({
  name: "likeness", baseURL: `${url}/v1`, apiKey, supportsStructuredOutputs: true,
})("scripted");
const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey })("scripted");
const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey })("scripted");
const CALL = 'How is it? [[call weather {"city": "Graz"}]]';
const PERSON = '[[say {"name": "Ada", "age": 36}]]';
const person = z.object({ name: z.string(), age: z.number().int() });
const weather = tool({
  description: "Tell the weather",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `rain in ${city}`,
});

function expect(found, wanted) {
  const text = typeof found === "string" ? found : JSON.stringify(found);
  if (!text.includes(wanted)) throw new Error(`${wanted} is not in ${text}`);
}

async function stream(model) {
  let text = "";
  for await (const piece of streamText({ model, prompt: "[[say Grüße!]]" }).textStream) text += piece;
  expect(text, "Grüße!");
}

async function tools(model) {
  const got = await generateText({ model, prompt: CALL, tools: { weather }, stopWhen: atMost(3) });
  expect(got.text, "rain in Graz");
}

async function structured(model) {
  const got = await generateText({ model, prompt: PERSON, output: Output.object({ schema: person }) });
  expect(got.output, "36");
}

const checks = {
  stream: () => stream(own),
  thinking: async () => expect((await generateText({ model: own, prompt: "[[think Hm.]]" })).reasoningText, "Hm."),
  tools: () => tools(own),
  structured: () => structured(schemas),
  long_prompt: async () => {
    const got = await generateText({ model: own, prompt: "word ".repeat(12_000) });
    expect(got.text, "I read 60000 characters");
  },
  responses_stream: () => stream(openai),
  responses_tools: () => tools(openai),
  responses_structured: () => structured(openai),
  anthropic_stream: () => stream(anthropic),
  anthropic_tools: () => tools(anthropic),
};
const results = {};
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    results[name] = "ok";
  } catch (error) {
    console.error(error);
    results[name] = String(error).slice(0, 300);
  }
}
const { readFileSync } = await import("node:fs");
const { version } = JSON.parse(readFileSync(`${prefix}/node_modules/ai/package.json`, "utf-8"));
console.log(JSON.stringify({ version, results }));
