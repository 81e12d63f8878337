import fastify from 'fastify';

/** A tool that the model calls, with what it gives it. */
export interface ToolCall {
	tool: string;
	input: Record<string, unknown>;
}

/** What the model does at a turn: calls a tool, or several at once, or answers. */
export type Turn = ToolCall | ToolCall[] | { say: string };

/** A tool as the agent offers it to the model. */
export interface OfferedTool {
	function: { name: string; description: string; parameters: { properties: Record<string, unknown> } };
}

interface Message {
	role: string;
	content: unknown;
}

/**
 * Stands in for a language model, behind the API that n8n's chat model node speaks: its turns are scripted, and it
 * keeps what the agent sends it. It does not test what a real model would choose.
 */
export class ScriptedModel {
	/** The tools of the last request. */
	tools: OfferedTool[] = [];
	/** What the tools have answered, in their order. */
	answers: unknown[] = [];
	readonly #app = fastify();
	#script: (answers: unknown[]) => Turn = () => ({ say: 'Done' });
	#url = '';

	static async open(): Promise<ScriptedModel> {
		const model = new ScriptedModel();
		model.#url = `${await model.#app.listen({ host: '127.0.0.1', port: 0 })}/v1`;
		return model;
	}

	private constructor() {
		this.#app.post('/v1/chat/completions', ({ body }) => {
			const { messages, tools = [] } = body as { messages: Message[]; tools?: OfferedTool[] };
			this.tools = tools;
			this.answers = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
			return completion(this.#script(this.answers), this.answers.length);
		});
	}

	/** The base URL for the credential. */
	get url(): string {
		return this.#url;
	}

	/** Sets what the model does, by what the tools have answered so far. */
	follow(script: (answers: unknown[]) => Turn): void {
		this.#script = script;
	}

	async close(): Promise<void> {
		await this.#app.close();
	}
}

function completion(turn: Turn, number: number) {
	const message =
		'say' in turn
			? { role: 'assistant', content: turn.say }
			: {
					role: 'assistant',
					content: null,
					tool_calls: [turn].flat().map(({ tool, input }, index) => ({
						id: `call_${number}_${index}`,
						type: 'function',
						function: { name: tool, arguments: JSON.stringify(input) },
					})),
				};
	return {
		id: 'completion',
		object: 'chat.completion',
		created: 0,
		model: 'scripted',
		choices: [{ index: 0, message, finish_reason: 'say' in turn ? 'stop' : 'tool_calls' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}
